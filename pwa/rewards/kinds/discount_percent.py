"""A percentage off a purchase, up to a cap. Rounded down: the shop never gives a rupiah more."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.rewards.kinds import KindSettings


class Settings(KindSettings):
    percent: Annotated[int, Field(ge=1, le=100)]
    most_rupiah: Annotated[int, Field(ge=1, le=1_000_000_000)]


def worth(settings: Settings, amount_rupiah: int) -> int:
    return min(amount_rupiah * settings.percent // 100, settings.most_rupiah)
