"""Pieces by product and outlet. Callers commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from pwa import outbox
from pwa.db import claim, db
from pwa.shop.models import Stock

Shelf = tuple[str, str]  # sku, outlet code


def follow_file(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Set the stock of each (product, outlet) whose own figure changed between two documents.

    A figure that stayed is left alone, or applying a file again would undo a day's sales.
    """
    old, new = _figures(before), _figures(after)
    for shelf in sorted(old.keys() | new.keys()):
        if old.get(shelf) != new.get(shelf):
            set_pieces(*shelf, new.get(shelf, 0))


def set_pieces(sku: str, outlet_code: str, pieces: int) -> None:
    """Put `pieces` on a shelf; from none to some is told as `stock.changed`."""
    assert pieces >= 0, pieces
    shelf = (Stock.sku == sku, Stock.outlet_code == outlet_code)
    _, is_new = claim(
        Stock(sku=sku, outlet_code=outlet_code, pieces=pieces), sku=sku, outlet_code=outlet_code
    )
    if is_new:
        return  # a new product is not "back"
    if pieces and _changes(
        update(Stock)
        .where(*shelf, Stock.pieces == 0)
        .values(pieces=pieces, restocks=Stock.restocks + 1)
    ):
        _tell_it_is_back(sku, outlet_code)
        return
    db.session.execute(update(Stock).where(*shelf).values(pieces=pieces))


def take(sku: str, outlet_code: str, pieces: int = 1) -> bool:
    """Take pieces off a shelf; False, and nothing taken, when there are fewer."""
    assert pieces > 0, pieces
    return _changes(
        update(Stock)
        .where(Stock.sku == sku, Stock.outlet_code == outlet_code, Stock.pieces >= pieces)
        .values(pieces=Stock.pieces - pieces)
    )


def put_back(sku: str, outlet_code: str, pieces: int = 1) -> None:
    """Undo a take; a product that is not counted there stays uncounted."""
    shelf = (Stock.sku == sku, Stock.outlet_code == outlet_code)
    restocked = update(Stock).where(*shelf, Stock.pieces == 0)
    if _changes(restocked.values(pieces=pieces, restocks=Stock.restocks + 1)):
        _tell_it_is_back(sku, outlet_code)
        return
    db.session.execute(update(Stock).where(*shelf).values(pieces=Stock.pieces + pieces))


def pieces_of(sku: str) -> Mapping[str, int]:
    """How many pieces of a product there are, by outlet code."""
    rows = db.session.execute(select(Stock.outlet_code, Stock.pieces).where(Stock.sku == sku))
    return {row.outlet_code: row.pieces for row in rows}


def _figures(document: dict[str, Any]) -> dict[Shelf, int]:
    return {
        (product["sku"], outlet): pieces
        for product in document.get("products", ())
        for outlet, pieces in product.get("stock", {}).items()
    }


def _changes(statement: Any) -> bool:
    result: Any = db.session.execute(statement)
    return bool(result.rowcount)


def _tell_it_is_back(sku: str, outlet_code: str) -> None:
    row = db.session.execute(
        select(Stock.restocks, Stock.pieces).where(
            Stock.sku == sku, Stock.outlet_code == outlet_code
        )
    ).one()
    key = f"{sku}:{outlet_code}:{row.restocks}"
    outbox.tell("stock.changed", key, sku=sku, outlet=outlet_code, pieces=row.pieces)
