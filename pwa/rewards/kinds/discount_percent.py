"""A percentage off a purchase, up to a cap. Rounded down: the shop never gives a rupiah more."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.rewards.kinds import KindSettings, Use
from pwa.rewards.spending import check_minimum


class Settings(KindSettings):
    percent: Annotated[int, Field(ge=1, le=100)]
    most_rupiah: Annotated[int, Field(ge=1, le=1_000_000_000)]
    minimum_rupiah: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0


def worth(settings: Settings, amount_rupiah: int) -> int:
    if amount_rupiah < settings.minimum_rupiah:
        return 0
    return min(amount_rupiah * settings.percent // 100, settings.most_rupiah)


def fulfil(use: Use) -> None:
    check_minimum(use.amount_rupiah, use.settings.minimum_rupiah)
