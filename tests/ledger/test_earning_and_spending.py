from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pwa import clock
from pwa.db import db
from pwa.errors import KeyReused, NotEnoughPoints
from pwa.ledger import service as ledger
from pwa.ledger.errors import NoPointsAccount
from pwa.ledger.models import EntryRow, Lot, TransactionRow


def give(member: int, points: int, key: str = "e", **more: object) -> ledger.Transaction:
    given = {"key": key, "source": "mission", "reason": "mission"} | more
    return ledger.earn(member, points, **given)  # type: ignore[arg-type]


def test_what_is_earned_can_be_spent(sari: int) -> None:
    earned = give(sari, 100)
    burnt = ledger.burn(sari, 30, key="b", reason="redemption")
    assert (earned.points, earned.balance) == (100, 100)
    assert (burnt.points, burnt.balance) == (-30, 70)
    assert ledger.balance(sari).spendable == 70


def test_one_point_too_many_is_refused_with_how_many_are_missing(sari: int) -> None:
    give(sari, 100)
    with pytest.raises(NotEnoughPoints) as refusal:
        ledger.burn(sari, 101, key="b", reason="redemption")
    assert refusal.value.facts == {"missing": 1}
    assert ledger.balance(sari).spendable == 100


def test_a_replay_returns_the_first_and_moves_nothing(sari: int) -> None:
    first = give(sari, 100)
    again = give(sari, 100)
    assert (again.id, again.replayed, first.replayed) == (first.id, True, False)
    assert ledger.balance(sari).spendable == 100
    spent = ledger.burn(sari, 100, key="b", reason="redemption")
    assert ledger.burn(sari, 100, key="b", reason="redemption").id == spent.id


@pytest.mark.parametrize(
    "other",
    [
        {"points": 99},
        {"member": 2},
        {"source": "quiz"},
        {"reason": "quiz"},
        {"refers_to": "quiz:1"},
        {"funding": "partner"},
    ],
)
def test_a_replay_with_other_content_is_refused_by_name(
    sari: int, other: dict[str, object]
) -> None:
    give(sari, 100)
    asked = {"member": sari, "points": 100} | other
    with pytest.raises(KeyReused):
        give(**asked)  # type: ignore[arg-type]
    assert ledger.balance(2).spendable == 0


def test_a_replay_may_come_with_other_words_and_another_actor(sari: int) -> None:
    give(sari, 100, facts={"title": "Ngopi pagi"}, actor="budi")
    assert give(sari, 100, facts={"title": "Morning coffee"}, actor="maya").replayed


def test_a_burn_cannot_reuse_the_key_of_an_earn(sari: int) -> None:
    give(sari, 100, key="k")
    with pytest.raises(KeyReused):
        ledger.burn(sari, 100, key="k", reason="mission")


def test_a_member_without_accounts_is_refused_by_name(members: object) -> None:
    with pytest.raises(NoPointsAccount):
        give(99, 1)
    assert ledger.balance(99) == ledger.Balance()


def test_nothing_and_less_than_nothing_are_bugs(sari: int) -> None:
    for points in (0, -1):
        with pytest.raises(AssertionError):
            give(sari, points)
        with pytest.raises(AssertionError):
            ledger.burn(sari, points, key="b", reason="redemption")


def test_a_transaction_records_who_why_and_both_times(sari: int, noon: datetime) -> None:
    at_the_till = noon - timedelta(hours=3)
    give(
        sari, 100, effective_at=at_the_till, actor="budi", refers_to="purchase:1",
        facts={"amount_rupiah": 25_000}, funding="roastery",
    )  # fmt: skip
    row = db.session.scalars(db.select(TransactionRow)).one()
    assert (row.effective_at, row.recorded_at) == (at_the_till, noon)
    assert (row.actor, row.refers_to, row.funding) == ("budi", "purchase:1", "roastery")
    assert row.facts == {"amount_rupiah": 25_000}
    assert len(row.digest) == 32


def test_each_burn_records_which_lots_it_took_earliest_expiry_first(sari: int) -> None:
    give(sari, 10, "never")
    give(sari, 10, "late", expires=ledger.Expiry.after_days(9))
    give(sari, 10, "soon", expires=ledger.Expiry.after_days(2))
    burnt = ledger.burn(sari, 25, key="b", reason="redemption")
    taken = db.session.execute(
        db.select(TransactionRow.key, EntryRow.points)
        .select_from(EntryRow)
        .join(Lot, Lot.id == EntryRow.lot_id)
        .join(TransactionRow, TransactionRow.id == Lot.transaction_id)
        .where(EntryRow.transaction_id == burnt.id)
        .order_by(EntryRow.id)
    )
    assert [tuple(row) for row in taken] == [("soon", 10), ("late", 10), ("never", 5)]


def test_pending_points_wait_and_then_mature(sari: int, noon: datetime) -> None:
    in_a_week = noon + timedelta(days=7)
    give(sari, 100, source="purchase", matures_at=in_a_week)
    assert (ledger.balance(sari).spendable, ledger.balance(sari).pending) == (0, 100)
    with pytest.raises(NotEnoughPoints):
        ledger.burn(sari, 1, key="b", reason="redemption")
    assert ledger.mature_due(in_a_week - timedelta(seconds=1), 10) == 0
    assert ledger.mature_due(in_a_week, 10) == 1
    assert ledger.mature_due(in_a_week, 10) == 0
    assert (ledger.balance(sari).spendable, ledger.balance(sari).pending) == (100, 0)


def test_a_maturity_in_the_past_is_none(sari: int, noon: datetime) -> None:
    assert give(sari, 5, matures_at=noon).kind == "earn"
    assert ledger.balance(sari).spendable == 5


def test_a_transfer_keeps_the_expiry_and_leaves_the_clearing_account_at_zero(
    sari: int, tono: int
) -> None:
    give(sari, 10, "soon", expires=ledger.Expiry.after_days(2))
    give(sari, 10, "never")
    sent = ledger.transfer(sari, tono, 15, key="t")
    assert sent.points == -15
    assert ledger.transfer(sari, tono, 15, key="t").replayed
    found = ledger.balance(tono)
    assert (found.spendable, found.expiring_points) == (15, 10)
    assert found.expiring_on == date(2026, 11, 24)


def test_a_transfer_of_too_much_moves_nothing(sari: int, tono: int) -> None:
    give(sari, 10)
    with pytest.raises(NotEnoughPoints):
        ledger.transfer(sari, tono, 11, key="t")
    assert ledger.balances([sari, tono])[tono].spendable == 0


def test_the_ledger_goes_by_the_program_day(sari: int) -> None:
    """Points that last through today still work at 23.59 WIB, and at 00.00 they don't."""
    give(sari, 10, expires=ledger.Expiry.after_days(0))
    last = clock.day_end(date(2026, 11, 22))
    with clock.at(last - timedelta(minutes=1)):
        assert ledger.balance(sari).spendable == 10
    with clock.at(last):
        assert ledger.balance(sari).spendable == 0
        with pytest.raises(NotEnoughPoints):
            ledger.burn(sari, 1, key="b", reason="redemption")
