"""Buy so many of one product, get so many of another (or of the same) with it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.program.schema import Program
from pwa.rewards.kinds import KindSettings, Use
from pwa.shop import stock


class Settings(KindSettings):
    buy_sku: str
    buy_pieces: Annotated[int, Field(ge=1, le=100)] = 1
    get_sku: str
    get_pieces: Annotated[int, Field(ge=1, le=100)] = 1


def check(settings: Settings, program: Program) -> None:
    for sku in (settings.buy_sku, settings.get_sku):
        if program.product(sku) is None:
            raise ValueError(f"names product {sku!r}, which does not exist")


def fulfil(use: Use) -> None:
    stock.take(use.settings.get_sku, use.outlet_code, use.settings.get_pieces)


def cancel(use: Use) -> None:
    stock.put_back(use.settings.get_sku, use.outlet_code, use.settings.get_pieces)
