"""Goods that came back count for no mission; rupiah of one kind of goods are that kind's alone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import outbox
from pwa.campaigns.quote import Good
from pwa.db import db
from pwa.members.models import Member
from pwa.missions.models import MissionProgress
from pwa.shop import refunds
from pwa.shop import service as shop
from pwa.shop.models import Purchase
from pwa.shop.sales import Sale
from tests import people
from tests.missions.test_sets import mission, use

COUNTS = mission("tiga", "purchase", wanted=3, window="weekly")
RUPIAH = mission("rupiah", "purchase", wanted=100_000, count="rupiah", window="weekly")
BREAD = mission("roti", "purchase", wanted=90_000, count="rupiah", category="roti", window="weekly")
DAYS = mission("hari", "purchase", wanted=3, count="days", window="weekly")


@pytest.fixture
def budi(sari: Member) -> Any:
    use(COUNTS, RUPIAH, BREAD, DAYS)
    return people.hire()


def buy(member: Member, staff: Any, amount: int, key: str, **more: Any) -> Purchase:
    purchase = shop.record(Sale(key, member.id, "tebet", amount, **more), staff)
    outbox.commit()
    return purchase


def give_back(purchase: Purchase, amount: int, staff: Any) -> None:
    refunds.refund(purchase, amount, staff, f"refund-{purchase.id}-{amount}")
    outbox.commit()


def done() -> dict[str, int]:
    rows = db.session.scalars(select(MissionProgress))
    return {row.code: row.done for row in rows if row.done}


def test_rupiah_of_a_category_are_its_own_lines_only(sari: Member, budi: Any) -> None:
    goods = (Good(18_000, category="roti"), Good(22_000, category="kopi"))
    buy(sari, budi, 40_000, "k1", goods=goods)
    assert done() == {"tiga": 1, "rupiah": 40_000, "roti": 18_000, "hari": 1}
    buy(sari, budi, 10_000, "k2", categories=frozenset({"roti"}))
    assert done()["roti"] == 28_000


def test_a_whole_return_takes_its_progress_back_once(sari: Member, budi: Any) -> None:
    first = buy(sari, budi, 40_000, "k1", categories=frozenset({"roti"}))
    second = buy(sari, budi, 20_000, "k2")
    give_back(first, 10_000, budi)
    assert done() == {"tiga": 2, "rupiah": 60_000, "roti": 40_000, "hari": 1}, "part of it stays"
    give_back(first, 30_000, budi)
    assert done() == {"tiga": 1, "rupiah": 20_000, "hari": 1}
    give_back(second, 20_000, budi)
    assert done() == {}


def test_what_is_done_and_paid_stays(sari: Member, budi: Any) -> None:
    bought = [buy(sari, budi, 40_000, f"k{n}") for n in range(3)]
    for purchase in bought:
        give_back(purchase, 40_000, budi)
    assert done() == {"tiga": 3, "rupiah": 120_000}


def test_a_return_without_a_card_is_nobodys(app: Flask, budi: Any) -> None:
    purchase = shop.record(Sale("k1", None, "tebet", 40_000), budi)
    outbox.commit()
    give_back(purchase, 40_000, budi)
    assert done() == {}
