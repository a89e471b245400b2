"""Goods picked at the till: lines of the purchase, with their points before and after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.missions.models import MissionProgress
from pwa.shop import service as shop
from pwa.shop import stock
from pwa.shop.models import Purchase
from tests import people
from tests.missions.test_returns import BREAD
from tests.missions.test_sets import mission, use
from tests.tiers.programs import change
from tests.till.test_offline import tell
from tests.till.test_till import KEY

COFFEE = mission("ngopi", "purchase", wanted=90_000, count="rupiah", category="kopi",
                 window="weekly")  # fmt: skip
PICKED = {"n-CROISSANT": "2", "n-ES-KOPI-SUSU": "1", "c-roti": "5.000"}
TOTAL = 2 * 24_000 + 22_000 + 5_000


@pytest.fixture
def sari(app: Flask, noon: Any) -> Any:
    use(BREAD, COFFEE)
    return people.join()


@pytest.fixture
def till(client: FlaskClient, sari: Any) -> FlaskClient:
    return people.log_in(client, people.hire())


def buy(till: FlaskClient, sari: Any, amount: int = TOTAL, **more: Any) -> Purchase:
    form = {"amount": str(amount), "key": KEY, **PICKED, **more}
    answer = till.post(f"/till/members/{sari.card_code}/purchases", data=form)
    assert answer.status_code == 303, answer.text
    return shop.by_code(answer.location.rsplit("/", 1)[1])


def done() -> dict[str, int]:
    return {row.code: row.done for row in db.session.scalars(select(MissionProgress)) if row.done}


def test_the_page_offers_the_shops_products_and_kinds(till: FlaskClient, sari: Any) -> None:
    page = till.get(f"/till/members/{sari.card_code}").text
    for words in ('name="n-CROISSANT"', 'data-price="24000"', 'name="c-roti"', "Croissant",
                  "ramah lingkungan", "Cari barang"):  # fmt: skip
        assert words in page, words


def test_each_kinds_rupiah_count_for_its_own_mission(till: FlaskClient, sari: Any) -> None:
    before = stock.pieces_of("CROISSANT")["tebet"]
    buy(till, sari)
    assert done() == {"roti": 53_000, "ngopi": 22_000}
    assert stock.pieces_of("CROISSANT")["tebet"] == before - 2


def test_a_discount_lowers_each_line_in_proportion(till: FlaskClient, sari: Any) -> None:
    buy(till, sari, amount=60_000)  # of Rp75.000 listed: four fifths of each
    assert done() == {"roti": 38_400 + 4_000, "ngopi": 17_600}


def test_the_preview_says_what_each_line_earns_and_the_award_is_the_same(
    till: FlaskClient, sari: Any
) -> None:
    asked = "&".join(f"{name}={value}" for name, value in PICKED.items())
    said = till.get(f"/till/members/{sari.card_code}/quotes?amount={TOTAL}&{asked}").text
    for words in ("Sari dapat 75 poin", "2 Croissant", "Rp48.000 +48", "1 Es Kopi Susu",
                  "Rp22.000 +22", "Rp5.000 +5"):  # fmt: skip
        assert words in said, words
    given = shop.quote_of(buy(till, sari))
    assert given.points == 75
    assert sum(good.points for good in given.goods) == 75


def test_what_earns_nothing_says_so(till: FlaskClient, sari: Any) -> None:
    change(earning={"rupiah_per_point": 1000, "excluded_categories": ["roti"]})
    asked = "&".join(f"{name}={value}" for name, value in PICKED.items())
    said = till.get(f"/till/members/{sari.card_code}/quotes?amount={TOTAL}&{asked}").text
    assert "Sari dapat 22 poin" in said
    assert "2 Croissant mentega, tidak dapat poin" in said or "tidak dapat poin" in said


def test_goods_that_make_no_sense_are_left_out(till: FlaskClient, sari: Any) -> None:
    more = {"n-CROISSANT": "-3", "n-ES-KOPI-SUSU": "1000", "n-NOBODYS": "4", "c-roti": "abc"}
    assert buy(till, sari, 45_000, **more).goods == []


def test_an_eco_product_is_eco_without_a_tick(till: FlaskClient, sari: Any) -> None:
    bought = buy(till, sari, TOTAL + 145_000, **{"n-TUMBLER": "1"})
    assert [line["product"] for line in bought.goods if line["eco"]] == ["TUMBLER"]


def test_a_till_without_a_network_tells_its_lines_later(till: FlaskClient, sari: Any) -> None:
    kept = till.get("/till/offline.json").json
    assert 'name="n-CROISSANT"' in kept["shelf"]
    assert 'data-price="24000"' in kept["shelf"]
    made_at = clock.now() - timedelta(minutes=5)
    for _ in range(2):
        told = tell(till, kind="purchase", code=sari.card_code, amount=str(TOTAL), made_at=made_at,
                    **PICKED)  # fmt: skip
        assert told.json["result"] == "done", told.json
    outbox.commit()
    assert done() == {"roti": 53_000, "ngopi": 22_000}
    other = tell(till, kind="purchase", code=sari.card_code, amount=str(TOTAL), made_at=made_at)
    assert other.status_code == 409, "the same key with other lines"
