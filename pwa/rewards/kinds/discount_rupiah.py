"""An amount off a purchase. The till takes it off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.rewards.kinds import KindSettings


class Settings(KindSettings):
    amount_rupiah: Annotated[int, Field(ge=1, le=1_000_000_000)]


def worth(settings: Settings, amount_rupiah: int) -> int:
    """Never more than the purchase itself."""
    return min(settings.amount_rupiah, amount_rupiah)
