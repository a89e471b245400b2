from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pwa import clock
from pwa.errors import KeyReused
from pwa.ledger import service as ledger
from pwa.ledger.errors import AlreadyReversed, MoreThanGiven, NotReversible, UnknownMovement
from pwa.ledger.expiry import Expiry
from tests.ledger.test_earning_and_spending import give


def buy(member: int, points: int = 100, key: str = "p", **more: object) -> ledger.Transaction:
    return give(member, points, key, source="purchase", reason="purchase", **more)


def test_a_full_refund_takes_back_all_that_was_given(sari: int) -> None:
    buy(sari)
    assert ledger.refund("p", 40_000, 40_000, key="r").points == -100
    assert ledger.balance(sari) == ledger.Balance()


def test_a_partial_refund_takes_its_share_floored(sari: int) -> None:
    buy(sari)
    assert ledger.refund("p", 1, 3, key="r").points == -33
    assert ledger.balance(sari).spendable == 67


def test_several_partial_refunds_together_take_exactly_what_was_given(sari: int) -> None:
    buy(sari)
    taken = [ledger.refund("p", 1, 3, key=f"r{n}").points for n in range(3)]
    assert taken == [-33, -33, -34]
    assert ledger.balance(sari) == ledger.Balance()


@given(st.lists(st.integers(1, 1_000), min_size=1, max_size=9), st.integers(1, 500))
def test_whatever_the_parts_the_floors_add_up(parts: list[int], points: int) -> None:
    """The rule itself: each refund takes the floor of all so far, less what was taken."""
    total, so_far, taken = sum(parts), 0, 0
    for part in parts:
        so_far += part
        due = points * so_far // total - taken
        assert due >= 0
        taken += due
        assert taken <= points * so_far / total
    assert taken == points


def test_never_more_than_was_given(sari: int) -> None:
    buy(sari)
    ledger.refund("p", 60, 100, key="r1")
    with pytest.raises(MoreThanGiven) as refusal:
        ledger.refund("p", 41, 100, key="r2")
    assert refusal.value.facts == {"remaining": 40}
    ledger.refund("p", 40, 100, key="r2")
    with pytest.raises(MoreThanGiven):
        ledger.refund("p", 1, 100, key="r3")
    assert ledger.balance(sari) == ledger.Balance()


def test_a_refund_takes_the_purchases_own_lots_first(sari: int) -> None:
    give(sari, 50, "older", expires=Expiry.after_days(3))
    buy(sari, 100)
    ledger.refund("p", 1, 2, key="r")
    found = ledger.balance(sari)
    assert (found.spendable, found.expiring_points) == (100, 50)


def test_then_other_lots_earliest_expiry_first(sari: int) -> None:
    buy(sari, 100, expires=Expiry.after_days(1))
    ledger.burn(sari, 80, key="b", reason="redemption")
    give(sari, 50, "late", expires=Expiry.after_days(9))
    give(sari, 50, "soon", expires=Expiry.after_days(3))
    ledger.refund("p", 1, 1, key="r")  # 20 of its own, 50 of "soon", 30 of "late"
    found = ledger.balance(sari)
    assert (found.spendable, found.debt, found.expiring_points) == (20, 0, 20)


def test_then_a_debt_that_coming_earnings_pay(sari: int, noon: datetime) -> None:
    buy(sari)
    ledger.burn(sari, 90, key="b", reason="redemption")
    refund = ledger.refund("p", 1, 1, key="r")
    assert (refund.points, refund.balance) == (-100, -90)
    assert (ledger.balance(sari).spendable, ledger.balance(sari).debt) == (0, 90)
    give(sari, 60, "pays some")
    assert (ledger.balance(sari).spendable, ledger.balance(sari).debt) == (0, 30)
    give(sari, 50, "pays the rest", matures_at=noon + timedelta(days=1))
    assert (ledger.balance(sari).pending, ledger.balance(sari).debt) == (50, 30)
    ledger.mature_due(noon + timedelta(days=1), 10)
    assert (ledger.balance(sari).spendable, ledger.balance(sari).debt) == (20, 0)


def test_buying_earning_refunding_and_buying_again_gains_nothing(sari: int) -> None:
    """odoo 257854, erpnext 32951."""
    for n in range(5):
        buy(sari, 100, f"p{n}")
        if n == 0:
            ledger.burn(sari, 100, key="b", reason="redemption")
        else:
            assert ledger.balance(sari).spendable == 0  # it paid the debt
        ledger.refund(f"p{n}", 1, 1, key=f"r{n}")
        assert (ledger.balance(sari).spendable, ledger.balance(sari).debt) == (0, 100)


def test_a_refund_of_pending_points_takes_those_that_wait(sari: int, noon: datetime) -> None:
    give(sari, 10, "other")
    buy(sari, 100, matures_at=noon + timedelta(days=7))
    ledger.refund("p", 30, 100, key="r1")
    assert (ledger.balance(sari).spendable, ledger.balance(sari).pending) == (10, 70)
    ledger.refund("p", 70, 100, key="r2")
    assert (ledger.balance(sari).spendable, ledger.balance(sari).pending) == (10, 0)
    assert ledger.mature_due(noon + timedelta(days=7), 10) == 0


def test_a_purchase_partly_paid_with_a_voucher_refunds_by_what_earned(sari: int) -> None:
    """Rp50,000, of which a voucher paid 20,000: 30,000 earned 30 points.

    A drink of Rp10,000 goes back. The shop takes off the voucher's part of it first, so
    that 6,000 of the 30,000 go back, and the voucher itself is reversed on its own.
    """
    give(sari, 20, "saved")
    ledger.burn(sari, 20, key="voucher", reason="redemption")
    buy(sari, 30)
    assert ledger.refund("p", 6_000, 30_000, key="r1").points == -6
    assert ledger.refund("p", 24_000, 30_000, key="r2").points == -24
    ledger.reverse("voucher", key="v", reason="refund")
    assert ledger.balance(sari).spendable == 20


def test_a_share_below_one_point_takes_nothing_and_still_counts(sari: int) -> None:
    buy(sari, 1)
    assert ledger.refund("p", 50, 100, key="r1").points == 0
    assert ledger.refund("p", 50, 100, key="r1").replayed
    assert ledger.refund("p", 50, 100, key="r2").points == -1


def test_what_has_expired_is_not_taken_back_again(sari: int, noon: datetime) -> None:
    buy(sari, 100, expires=Expiry.after_days(1))
    ledger.burn(sari, 40, key="b", reason="redemption")
    with clock.at(noon + timedelta(days=2)):
        ledger.expire_due()
        assert ledger.refund("p", 1, 1, key="r").points == -40
        assert ledger.balance(sari).debt == 40


def test_a_replayed_refund_takes_nothing_more(sari: int) -> None:
    buy(sari)
    first = ledger.refund("p", 1, 2, key="r")
    assert ledger.refund("p", 1, 2, key="r").id == first.id
    with pytest.raises(KeyReused):
        ledger.refund("p", 1, 3, key="r")
    assert ledger.balance(sari).spendable == 50


def test_an_earn_is_reversed_whole_less_what_was_refunded(sari: int) -> None:
    buy(sari)
    ledger.refund("p", 1, 4, key="r")
    assert ledger.reverse("p", key="x", reason="fraud", actor="ratna").points == -75
    assert ledger.balance(sari) == ledger.Balance()
    with pytest.raises(MoreThanGiven):
        ledger.refund("p", 1, 4, key="r2")


def test_nothing_is_reversed_twice(sari: int) -> None:
    buy(sari)
    ledger.burn(sari, 10, key="b", reason="redemption")
    first = ledger.reverse("b", key="x", reason="cancelled")
    assert ledger.reverse("b", key="x", reason="cancelled").id == first.id
    with pytest.raises(AlreadyReversed):
        ledger.reverse("b", key="y", reason="cancelled")
    assert ledger.balance(sari).spendable == 100


def test_points_given_back_pay_a_debt_first(sari: int) -> None:
    buy(sari)
    ledger.burn(sari, 100, key="b", reason="redemption")
    ledger.refund("p", 3, 10, key="r")
    ledger.reverse("b", key="x", reason="cancelled")
    assert (ledger.balance(sari).spendable, ledger.balance(sari).debt) == (70, 0)


def test_what_is_itself_an_undoing_is_not_reversible(sari: int, tono: int) -> None:
    buy(sari)
    ledger.refund("p", 1, 2, key="r")
    ledger.transfer(sari, tono, 5, key="t")
    for key in ("r", "t", "t:in"):
        with pytest.raises(NotReversible):
            ledger.reverse(key, key="x", reason="cancelled")
    with pytest.raises(NotReversible):
        ledger.refund("t", 1, 2, key="x")


def test_an_unknown_key_is_refused_by_name(sari: int) -> None:
    for act in (
        lambda: ledger.reverse("no", key="x", reason="cancelled"),
        lambda: ledger.refund("no", 1, 2, key="x"),
        lambda: ledger.settle("no", key="x"),
    ):
        with pytest.raises(UnknownMovement):
            act()
