"""What the program file says of friends whom members bring, and of questions that they answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from pwa.program.parts import Code, Part, Rupiah, Text


class Friends(Part):
    """Invitations. What a friend who joins or buys pays is a mission's prize."""

    most_a_month: Annotated[int, Field(ge=0, le=1000)] = 10  # friends of one member that count
    minimum_rupiah: Rupiah = 0  # of the friend's purchase that counts


class SurveyQuestion(Part):
    code: Code
    text: Text
    options: Annotated[tuple[Text, ...], Field(min_length=2, max_length=6)]


class Survey(Part):
    """A few questions without right answers, asked once of each member."""

    code: Code
    name: Text
    text: Text
    questions: Annotated[tuple[SurveyQuestion, ...], Field(min_length=1, max_length=10)]
    starts_on: date | None = None
    ends_on: date | None = None

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        codes = [question.code for question in self.questions]
        if len(set(codes)) < len(codes):
            raise ValueError(f"survey {self.code}: two questions share a code")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        return self

    def is_open(self, on: date) -> bool:
        """Whether it may be answered on day `on`."""
        return (self.starts_on or on) <= on <= (self.ends_on or on)
