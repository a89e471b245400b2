"""An amount off a purchase, from a minimum on. The till takes it off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.rewards.kinds import KindSettings, Use
from pwa.rewards.spending import check_minimum


class Settings(KindSettings):
    amount_rupiah: Annotated[int, Field(ge=1, le=1_000_000_000)]
    minimum_rupiah: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0


def worth(settings: Settings, amount_rupiah: int) -> int:
    """Never more than the purchase itself."""
    if amount_rupiah < settings.minimum_rupiah:
        return 0
    return min(settings.amount_rupiah, amount_rupiah)


def fulfil(use: Use) -> None:
    check_minimum(use.amount_rupiah, use.settings.minimum_rupiah)
