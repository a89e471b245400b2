"""Goods that came back count for no mission; rupiah of one kind of goods are that kind's alone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import outbox
from pwa.campaigns.quote import Good
from pwa.db import db
from pwa.ledger import service as ledger
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
POINTS = 1  # what each of them pays
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
    assert done() == {"tiga": 2, "rupiah": 50_000, "roti": 30_000, "hari": 1}, "part of it stays"
    give_back(first, 30_000, budi)
    assert done() == {"tiga": 1, "rupiah": 20_000, "hari": 1}
    give_back(second, 20_000, budi)
    assert done() == {}


def test_what_is_done_and_paid_stays_where_the_program_keeps_it(sari: Member, budi: Any) -> None:
    use(mission("simpan", "purchase", wanted=100_000, count="rupiah", on_refund="keep"))
    bought = [buy(sari, budi, 40_000, f"k{n}") for n in range(3)]
    for purchase in bought:
        give_back(purchase, 40_000, budi)
    assert done() == {"simpan": 120_000}


def test_a_paid_mission_that_a_refund_undoes_gives_its_points_back_once(
    sari: Member, budi: Any
) -> None:
    use(RUPIAH)  # Rp100.000 in the week for a point
    before = ledger.balance(sari.id).spendable
    first, second = buy(sari, budi, 70_000, "k1"), buy(sari, budi, 50_000, "k2")
    assert ledger.balance(sari.id).spendable == before + 120 + POINTS
    give_back(first, 10_000, budi)  # Rp110.000 are left: still done
    assert ledger.balance(sari.id).spendable == before + 110 + POINTS
    give_back(first, 20_000, budi)  # Rp90.000 are left
    assert ledger.balance(sari.id).spendable == before + 90
    assert done() == {"rupiah": 90_000}
    give_back(first, 40_000, budi)
    assert ledger.balance(sari.id).spendable == before + 50, "taken back once"
    third = buy(sari, budi, 60_000, "k3")
    assert ledger.balance(sari.id).spendable == before + 110 + POINTS, "earned anew"
    give_back(third, 60_000, budi)
    give_back(second, 50_000, budi)
    assert ledger.balance(sari.id).spendable == before, "as if nothing had been bought"
    reasons = [line.reason for line in ledger.statement(sari.id).rows]
    assert reasons.count("mission_returned") == 2


def test_a_later_purchase_takes_the_place_of_one_that_came_back(sari: Member, budi: Any) -> None:
    use(COUNTS)
    bought = [buy(sari, budi, 10_000, f"k{n}") for n in range(4)]
    give_back(bought[0], 10_000, budi)
    assert done() == {"tiga": 3}, "she kept three"
    give_back(bought[1], 10_000, budi)
    assert done() == {"tiga": 2}


def test_spent_points_of_an_undone_mission_are_owed_and_never_negative(
    sari: Member, budi: Any
) -> None:
    use(RUPIAH)
    purchase = buy(sari, budi, 100_000, "k1")
    ledger.burn(sari.id, ledger.balance(sari.id).spendable, key="spend", reason="test")
    give_back(purchase, 100_000, budi)
    balance = ledger.balance(sari.id)
    assert (balance.spendable, balance.debt) == (0, 100 + POINTS)


def test_what_is_left_must_still_reach_a_missions_minimum(sari: Member, budi: Any) -> None:
    use(mission("jajan", "purchase", minimum_rupiah=25_000))
    purchase = buy(sari, budi, 30_000, "k1")
    give_back(purchase, 4_000, budi)
    assert done() == {"jajan": 1}
    give_back(purchase, 2_000, budi)
    assert done() == {}


def test_a_return_without_a_card_is_nobodys(app: Flask, budi: Any) -> None:
    purchase = shop.record(Sale("k1", None, "tebet", 40_000), budi)
    outbox.commit()
    give_back(purchase, 40_000, budi)
    assert done() == {}
