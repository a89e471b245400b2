"""A product at a member's price: the till charges this and not the shelf price."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.program.schema import Program
from pwa.rewards.kinds import KindSettings, Use
from pwa.shop import stock


class Settings(KindSettings):
    sku: str
    price_rupiah: Annotated[int, Field(ge=0, le=1_000_000_000)]


def check(settings: Settings, program: Program) -> None:
    product = program.product(settings.sku)
    if product is None:
        raise ValueError(f"names product {settings.sku!r}, which does not exist")
    if settings.price_rupiah >= product.price_rupiah:
        raise ValueError(f"is no better than the shelf price of {settings.sku}")


def charge(settings: Settings) -> int:
    return settings.price_rupiah


def fulfil(use: Use) -> None:
    stock.take(use.settings.sku, use.outlet_code)


def cancel(use: Use) -> None:
    stock.put_back(use.settings.sku, use.outlet_code)
