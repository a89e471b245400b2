from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from pwa import clock, counters, outbox
from pwa.campaigns.quote import Good
from pwa.errors import KeyReused
from pwa.ledger import service as ledger
from pwa.shop import claims, jobs, refunds, stock
from pwa.shop import service as shop
from pwa.shop.models import Purchase
from pwa.shop.sales import Sale
from pwa.tiers import service as tiers
from tests import people
from tests.tiers.programs import change


@pytest.fixture
def budi(app: Flask) -> Any:
    return people.hire()


@pytest.fixture
def sari(app: Flask) -> Any:
    return people.join()


def buy(member: Any, staff: Any, amount: int = 45_000, key: str = "k1") -> Purchase:
    sale = Sale(key, member.id if member else None, "tebet", amount)
    purchase = shop.record(sale, staff)
    outbox.commit()
    return purchase


def test_a_whole_refund_takes_back_exactly_what_was_given(sari: Any, budi: Any) -> None:
    before = ledger.balance(sari.id).spendable
    purchase = buy(sari, budi, 45_900)
    refund = refunds.refund(purchase, 45_900, budi, "refund-1")
    outbox.commit()
    assert refund.points == 45
    assert ledger.balance(sari.id).spendable == before, "and the mission it did"
    assert tiers.standing(sari.id).points == 0


def test_parts_take_back_in_proportion_and_together_exactly_all(sari: Any, budi: Any) -> None:
    purchase = buy(sari, budi, 10_000)
    taken = [refunds.refund(purchase, part, budi, f"r{part}").points for part in (3_333, 3_334)]
    taken.append(refunds.refund(purchase, 3_333, budi, "rest").points)
    assert taken == [3, 3, 4]
    assert refunds.left_rupiah(purchase) == 0
    assert tiers.standing(sari.id).points == 0


def test_a_replayed_refund_is_the_first_one(sari: Any, budi: Any) -> None:
    purchase = buy(sari, budi)
    first = refunds.refund(purchase, 20_000, budi, "refund-1")
    assert refunds.refund(purchase, 20_000, budi, "refund-1").id == first.id
    assert purchase.refunded_rupiah == 20_000
    with pytest.raises(KeyReused):
        refunds.refund(purchase, 10_000, budi, "refund-1")


def test_more_than_was_bought_never_comes_back(sari: Any, budi: Any) -> None:
    purchase = buy(sari, budi)
    refunds.refund(purchase, 45_000, budi, "refund-1")
    outbox.commit()
    with pytest.raises(refunds.MoreThanBought):
        refunds.refund(purchase, 1, budi, "refund-2")


def test_buying_rising_and_returning_brings_no_tier(sari: Any, budi: Any) -> None:
    purchase = buy(sari, budi, 600_000)
    assert tiers.standing(sari.id).tier.code == "kawan-dekat"
    refunds.refund(purchase, 200_000, budi, "refund-1")
    assert tiers.standing(sari.id).tier.code == "kawan"
    buy(sari, budi, 100_000, "k2")
    assert tiers.standing(sari.id).tier.code == "kawan-dekat"


def test_spent_points_become_a_debt_that_is_told(sari: Any, budi: Any) -> None:
    purchase = buy(sari, budi, 500_000)
    spendable = ledger.balance(sari.id).spendable
    ledger.burn(sari.id, spendable, key="spend", reason="test")
    refunds.refund(purchase, 500_000, budi, "refund-1")
    balance = ledger.balance(sari.id)
    assert (balance.spendable, balance.debt) == (0, 500)


def test_a_cashier_undoes_her_own_for_a_while_and_a_manager_anybodys(
    sari: Any, budi: Any, noon: Any
) -> None:
    ayu, maya = people.hire("ayu"), people.hire("maya", "manager")
    purchase = buy(sari, budi)
    assert isinstance(refunds.why_not(purchase, ayu), refunds.NotYours)
    assert refunds.why_not(purchase, budi) is None
    with clock.at(noon + timedelta(minutes=31)):
        assert isinstance(refunds.why_not(purchase, budi), refunds.TooLate)
        assert refunds.why_not(purchase, maya) is None
    with clock.at(noon + timedelta(days=31)):
        assert isinstance(refunds.why_not(purchase, maya), refunds.TooLate)


@given(st.integers(1, 10**8), st.lists(st.integers(1, 10**7), max_size=6), st.integers(0, 10**5))
def test_shares_of_any_parts_add_up(amount: int, parts: list[int], points: int) -> None:
    purchase = Purchase(amount_rupiah=amount, points=points, refunded_rupiah=0)
    taken = 0
    for part in [min(part, amount) for part in parts] + [amount]:
        part = min(part, refunds.left_rupiah(purchase))
        share = refunds.points_back(purchase, part)
        assert share >= 0
        taken += share
        purchase.refunded_rupiah += part
    assert taken == points


def test_a_receipt_without_a_card_is_claimed_once(sari: Any, budi: Any) -> None:
    tono = people.join("Tono")
    purchase = buy(None, budi)
    before = ledger.balance(sari.id).spendable
    for _ in range(2):
        claims.claim_receipt(purchase.code, sari.id)
        outbox.commit()
    assert ledger.balance(sari.id).spendable == before + 45
    assert tiers.standing(sari.id).points == 45
    with pytest.raises(claims.AlreadyClaimed):
        claims.claim_receipt(purchase.code, tono.id)


def test_a_receipt_is_claimed_within_days_and_few_in_a_day(sari: Any, budi: Any, noon: Any) -> None:
    codes = [buy(None, budi, key=f"k{n}").code for n in range(5)]
    with clock.at(noon + timedelta(days=7, seconds=1)), pytest.raises(claims.ClaimTooLate):
        claims.claim_receipt(codes[0], sari.id)
    for code in codes[:3]:
        claims.claim_receipt(code, sari.id)
    outbox.commit()
    with pytest.raises(claims.TooManyClaims):
        claims.claim_receipt(codes[3], sari.id)
    outbox.rollback()
    assert shop.by_code(codes[3]).member_id is None


def test_what_a_campaign_gave_from_its_budget_comes_back_in_parts(sari: Any, budi: Any) -> None:
    rule = {"code": "hemat", "name": "Hemat", "bonus_points": 7, "budget_points": 10}
    change(earning={"rupiah_per_point": 1000, "rules": [rule]})
    purchase = buy(sari, budi, 30_000)
    assert counters.given(["rule:hemat"])["rule:hemat"] == 7
    for n, left in enumerate((5, 3, 0)):
        refunds.refund(purchase, 10_000, budi, f"refund-{n}")
        outbox.commit()
        assert counters.given(["rule:hemat"])["rule:hemat"] == left
    assert buy(sari, budi, 30_000, key="k2").points == 37


def test_the_goods_of_a_whole_return_lie_on_the_shelf_again(sari: Any, budi: Any) -> None:
    before = stock.pieces_of("CROISSANT")["tebet"]
    goods = (Good(48_000, sku="CROISSANT", quantity=2),)
    purchase = shop.record(Sale("k1", sari.id, "tebet", 48_000, goods=goods), budi)
    assert stock.pieces_of("CROISSANT")["tebet"] == before - 2
    refunds.refund(purchase, 24_000, budi, "refund-1")
    assert stock.pieces_of("CROISSANT")["tebet"] == before - 2, "which of them, nobody said"
    refunds.refund(purchase, 24_000, budi, "refund-2")
    assert stock.pieces_of("CROISSANT")["tebet"] == before


def test_counters_of_days_that_are_over_are_forgotten(app: Flask, noon: Any) -> None:
    today = clock.program_day()
    counters.take("old", 1, None, today - timedelta(days=1))
    counters.take("new", 1, None, today)
    counters.take("for-good", 1)
    assert jobs.forget_counters(clock.now(), 10) == 1
    assert jobs.forget_counters(clock.now(), 10) == 0
    assert counters.given(["old", "new", "for-good"]) == {"old": 0, "new": 1, "for-good": 1}
