from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from pwa.db import db
from pwa.outbox import Event
from pwa.shop import stock


def document(**pieces: int) -> dict[str, Any]:
    return {"products": [{"sku": "KOPI", "stock": pieces}]}


def told() -> list[dict[str, Any]]:
    events = select(Event).where(Event.kind == "stock.changed").order_by(Event.id)
    return [event.data for event in db.session.scalars(events)]


def test_a_first_file_fills_the_shelves_and_tells_nobody(empty_app: Flask) -> None:
    stock.follow_file({}, document(tebet=3, kemang=0))
    assert stock.pieces_of("KOPI") == {"tebet": 3, "kemang": 0}
    assert told() == []


def test_a_figure_that_stayed_does_not_undo_a_days_sales(empty_app: Flask) -> None:
    stock.follow_file({}, document(tebet=3, kemang=5))
    assert stock.take("KOPI", "tebet", 2)
    stock.follow_file(document(tebet=3, kemang=5), document(tebet=3, kemang=9))
    assert stock.pieces_of("KOPI") == {"tebet": 1, "kemang": 9}


def test_a_changed_figure_sets_the_shelf(empty_app: Flask) -> None:
    stock.follow_file({}, document(tebet=3))
    stock.take("KOPI", "tebet")
    stock.follow_file(document(tebet=3), document(tebet=4))
    assert stock.pieces_of("KOPI") == {"tebet": 4}


def test_from_none_to_some_is_told_each_time(empty_app: Flask) -> None:
    stock.follow_file({}, document(tebet=1))
    for _ in range(2):
        assert stock.take("KOPI", "tebet", stock.pieces_of("KOPI")["tebet"])
        stock.set_pieces("KOPI", "tebet", 7)
        stock.set_pieces("KOPI", "tebet", 8)  # from some to more is no news
    back = {"sku": "KOPI", "outlet": "tebet", "pieces": 7}
    assert told() == [back, back]


def test_a_product_that_left_the_file_is_sold_out(empty_app: Flask) -> None:
    stock.follow_file({}, document(tebet=3))
    stock.follow_file(document(tebet=3), {"products": []})
    assert stock.pieces_of("KOPI") == {"tebet": 0}


def test_more_than_there_is_cannot_be_taken(empty_app: Flask) -> None:
    stock.follow_file({}, document(tebet=2))
    assert not stock.take("KOPI", "tebet", 3)
    assert not stock.take("TEH", "tebet", 1)
    assert stock.pieces_of("KOPI") == {"tebet": 2}


def test_applying_the_program_again_leaves_the_shelves(app: Flask) -> None:
    from pwa.program import files
    from tests.conftest import DEMO

    stock.take("CROISSANT", "tebet", 4)
    files.apply_file(DEMO, actor="test")
    assert stock.pieces_of("CROISSANT") == {"tebet": 20, "kemang": 18}
