"""One receipt in many hands at the same instant, on both databases."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import counters, outbox
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.ledger.models import TransactionRow
from pwa.ledger.verify import differences
from pwa.shop import claims, refunds
from pwa.shop import service as shop
from pwa.shop.models import Purchase, Refund
from pwa.shop.sales import Sale
from pwa.staff.models import Staff
from tests import people
from tests.racing import race
from tests.tiers.programs import change

TIMES = 50
PAID = 60_000


def bought(member_id: int | None, staff: Any) -> Purchase:
    """A purchase that a limited rule adds 12 points to."""
    rule = {"code": "hemat", "name": "Hemat", "bonus_points": 12, "budget_points": 1000}
    change(earning={"rupiah_per_point": 1000, "rules": [rule]}, missions=[])
    purchase = shop.record(Sale("k1", member_id, "tebet", PAID), staff)
    outbox.commit()
    return purchase


def claim(index: int, facts: dict[str, Any]) -> str:
    try:
        claims.claim_receipt(facts["code"], facts["members"][index % 2])
        outbox.commit()
    except LoyaltyError as refusal:
        outbox.rollback()
        return refusal.code
    return str(index % 2)


def refund(index: int, facts: dict[str, Any]) -> str:
    staff = db.session.get_one(Staff, facts["staff"])
    try:
        refunds.refund(shop.by_code(facts["code"]), facts["amount"], staff, f"refund-{index}")
        outbox.commit()
    except LoyaltyError as refusal:
        outbox.rollback()
        return refusal.code
    return "refunded"


def claim_or_refund(index: int, facts: dict[str, Any]) -> str:
    return refund(index, facts) if index % 3 == 0 else claim(index, facts)


def test_two_members_at_one_receipt_and_one_of_them_has_its_points(app: Flask) -> None:
    code = bought(None, people.hire()).code
    members = [people.join("Sari").id, people.join("Tono").id]
    results = Counter(race(app, claim, TIMES, {"code": code, "members": members}))
    db.session.rollback()
    winner = members.index(shop.by_code(code).member_id or 0)
    assert results == {str(winner): TIMES // 2, "receipt_claimed": TIMES // 2}
    held = [ledger.balance(member).spendable for member in members]
    assert (held[winner], held[1 - winner]) == (50 + 72, 50)


@pytest.mark.parametrize(("amount", "times"), [(PAID, 1), (5_000, 12), (7_000, 8)])
def test_goods_come_back_as_often_as_they_were_bought(app: Flask, amount: int, times: int) -> None:
    sari, budi = people.join().id, people.hire("maya", "manager")
    code = bought(sari, budi).code
    facts = {"code": code, "staff": budi.id, "amount": amount}
    results = Counter(race(app, refund, TIMES, facts))
    db.session.rollback()
    assert results == {"refunded": times, "more_than_bought": TIMES - times}
    back = times * amount
    taken = 72 * back // PAID
    assert shop.by_code(code).refunded_rupiah == back
    assert db.session.scalar(select(func.sum(Refund.points))) == taken
    assert ledger.balance(sari).spendable == 50 + 72 - taken
    assert counters.given(["rule:hemat"]) == {"rule:hemat": 12 - 12 * back // PAID}
    assert list(differences()) == []


def test_a_receipt_that_came_back_whole_is_worth_nothing_to_who_claims_it(app: Flask) -> None:
    members = [people.join("Sari").id, people.join("Tono").id]
    budi = people.hire("maya", "manager")
    code = bought(None, budi).code
    facts = {"code": code, "staff": budi.id, "amount": PAID, "members": members}
    results = Counter(race(app, claim_or_refund, TIMES, facts))
    db.session.rollback()
    assert results["refunded"] == 1
    assert [ledger.balance(member).spendable for member in members] == [50, 50]
    earned = select(func.count(TransactionRow.id)).where(TransactionRow.reason == "purchase")
    assert (db.session.scalar(earned) or 0) <= 1
    assert list(differences()) == []
