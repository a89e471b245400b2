"""Something is handed over. With a `sku`, a piece leaves the outlet's shelf."""

from __future__ import annotations

from pwa.program.schema import Program
from pwa.rewards.kinds import KindSettings, Use
from pwa.shop import stock


class Settings(KindSettings):
    sku: str | None = None  # the product, when it is one of the program's


def check(settings: Settings, program: Program) -> None:
    if settings.sku and program.product(settings.sku) is None:
        raise ValueError(f"names product {settings.sku!r}, which does not exist")


def fulfil(use: Use) -> None:
    # It has been handed over whatever our figure says, so a short shelf refuses nothing.
    if use.settings.sku:
        stock.take(use.settings.sku, use.outlet_code)


def cancel(use: Use) -> None:
    if use.settings.sku:
        stock.put_back(use.settings.sku, use.outlet_code)
