"""Free or cheaper shipping: up to an amount off the delivery, from a minimum purchase on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.rewards.kinds import KindSettings, Use
from pwa.rewards.spending import check_minimum


class Settings(KindSettings):
    most_rupiah: Annotated[int, Field(ge=1, le=1_000_000_000)]
    minimum_rupiah: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0


def off_shipping(settings: Settings, shipping_rupiah: int) -> int:
    """What comes off a delivery that costs so much."""
    return min(shipping_rupiah, settings.most_rupiah)


def fulfil(use: Use) -> None:
    check_minimum(use.amount_rupiah, use.settings.minimum_rupiah)
