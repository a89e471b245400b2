"""The small words of the program file: codes, amounts, texts by language."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

LANGUAGES = ("id", "en", "jv", "su")
Language = Literal["id", "en", "jv", "su"]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Sku = Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$", max_length=40)]
Points = Annotated[int, Field(ge=0, le=1_000_000)]
Rupiah = Annotated[int, Field(ge=0, le=1_000_000_000)]
Percent = Annotated[int, Field(ge=0, le=10_000)]
Art = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=24)]
Tone = Literal["sun", "pink", "leaf", "sky", "nila", "brand", "ink", "calm"]


class Part(BaseModel):
    """Unknown keys are refused: a misspelt key would otherwise be silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Text(Part):
    """A text by language; Indonesian is always there and is what the others fall back to."""

    id: Annotated[str, Field(min_length=1, max_length=600)]
    en: str | None = None
    jv: str | None = None
    su: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_string_is_indonesian(cls, given: object) -> object:
        return {"id": given} if isinstance(given, str) else given

    def in_(self, language: str) -> str:
        """The text in `language`, or in Indonesian when there is none."""
        return getattr(self, language, None) or self.id
