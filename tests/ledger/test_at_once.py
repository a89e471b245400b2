"""Real processes on both databases: who wins, who is refused, and that nobody hangs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask

from pwa.db import db
from pwa.ledger import service as ledger
from pwa.ledger.expiry import Expiry
from pwa.ledger.models import TransactionRow
from pwa.ledger.verify import differences
from tests.ledger.crew import at_once
from tests.ledger.ground import join


def give(member: int, points: int, key: str, **more: object) -> None:
    ledger.earn(member, points, key=key, source="purchase", reason="purchase", **more)  # type: ignore[arg-type]


@pytest.fixture
def url(empty_app: Flask) -> str:
    join(*range(1, 9))
    db.session.commit()
    return str(empty_app.config["SQLALCHEMY_DATABASE_URI"])


def run(url: str, task: str, count: int) -> Counter[object]:
    db.session.commit()
    met = Counter(at_once(url, task, count))
    assert list(differences()) == []
    return met


def test_of_fifty_who_burn_the_last_points_only_those_who_can_pay_win(url: str) -> None:
    give(1, 100, "e")
    assert run(url, "burn_30", 50) == {-30: 3, "not_enough_points": 47}
    assert ledger.balance(1).spendable == 10


def test_fifty_taps_with_one_key_are_one_burn(url: str) -> None:
    give(1, 100, "e")
    met = run(url, "burn_30_with_one_key", 50)
    assert list(met.values()) == [50]  # all were told of the same transaction
    assert ledger.balance(1).spendable == 70


def test_fifty_taps_with_one_key_are_one_earn(url: str) -> None:
    assert list(run(url, "earn_30_with_one_key", 50).values()) == [50]
    assert ledger.balance(1).spendable == 30


def test_one_key_for_two_members_serves_the_first_and_refuses_the_other(url: str) -> None:
    met = run(url, "earn_with_one_key_for_two_members", 20)
    assert (len(met), met["key_reused"]) == (2, 10)
    assert ledger.balance(1).spendable + ledger.balance(2).spendable == 30


def test_refunds_at_once_take_no_more_than_was_given(url: str) -> None:
    give(1, 95, "purchase")
    met = run(url, "refund_a_tenth", 20)
    assert met["more_than_given"] == 10
    assert sum(n * times for n, times in met.items() if isinstance(n, int)) == -95


def test_a_hold_is_settled_once_and_a_burn_reversed_once(url: str) -> None:
    give(1, 100, "e")
    ledger.hold(1, 40, key="hold", reason="redemption")
    ledger.burn(1, 50, key="burn", reason="redemption")
    assert run(url, "settle_the_hold", 10) == {-40: 1, "more_than_given": 9}
    assert run(url, "reverse_the_burn", 10) == {50: 1, "already_reversed": 9}


def test_corrections_at_once_stay_within_the_limit(url: str) -> None:
    ledger.set_policy({}, adjustment_limit_points=100)
    assert run(url, "correct_by_60", 10) == {60: 1, "needs_second_person": 9}


def test_transfers_in_both_directions_do_not_deadlock(url: str) -> None:
    give(1, 500, "e1")
    give(2, 500, "e2")
    assert run(url, "transfer_both_ways", 8) == {"done": 8}
    both = ledger.balances([1, 2])
    assert both[1].spendable + both[2].spendable == 1_000


def test_jobs_never_deadlock_with_units_of_work_on_several_members(url: str) -> None:
    old = datetime(2026, 1, 1, 5).astimezone()
    for member in (1, 2):
        for n in range(20):
            give(member, 3, f"{member}:{n}", expires=Expiry("days", 0), matures_at=None)
            give(member, 3, f"w{member}:{n}", matures_at=old + timedelta(days=9_999))
    db.session.commit()
    assert run(url, "spend_while_jobs_run", 9) == {"done": 9}


def test_a_thousand_earns_at_once_are_all_there(url: str) -> None:
    assert run(url, "earn_125_times", 8) == {"done": 8}
    assert sum(b.spendable for b in ledger.balances(range(1, 9)).values()) == 1_000
    assert db.session.query(TransactionRow).count() == 1_000


def test_an_earn_that_has_not_committed_holds_up_no_other_member(url: str) -> None:
    """No hot row: two earns of one source share no lock, so the second doesn't wait."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time, whatever the rows")
    give(1, 10, "first")  # and no commit, while
    assert at_once(url, "earn_without_waiting", 1) == [10]
    db.session.commit()
    assert [b.spendable for b in ledger.balances([1, 2]).values()] == [10, 10]
