from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pwa import clock
from pwa.ledger import service as ledger
from pwa.ledger.expiry import Expiry
from tests.ledger.ground import statements
from tests.ledger.test_earning_and_spending import give


def lines(member: int, **asked: object) -> list[tuple[str, int, str, int]]:
    page = ledger.statement(member, **asked)  # type: ignore[arg-type]
    return [(row.reason, row.points, row.state, row.balance) for row in page.rows]


def test_a_statement_is_newest_first_with_a_running_balance(sari: int) -> None:
    give(sari, 100, "e", facts={"title": "Ngopi pagi"}, refers_to="mission:3")
    ledger.burn(sari, 30, key="b", reason="redemption")
    assert lines(sari) == [("redemption", -30, "out", 70), ("mission", 100, "in", 100)]
    oldest = ledger.statement(sari).rows[-1]
    assert (oldest.facts, oldest.refers_to) == ({"title": "Ngopi pagi"}, "mission:3")
    assert (oldest.source, oldest.on) == ("mission", date(2026, 11, 22))


def test_pages_meet_without_a_gap_or_an_overlap(sari: int) -> None:
    for n in range(7):
        give(sari, n + 1, f"e{n}")
    seen, before = [], None
    while True:
        page = ledger.statement(sari, before=before, limit=3)
        seen += [row.points for row in page.rows]
        before = page.next
        if before is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_that_is_just_full_has_no_next(sari: int) -> None:
    for n in range(3):
        give(sari, 1, f"e{n}")
    assert ledger.statement(sari, limit=3).next is None
    assert ledger.statement(sari, limit=2).next is not None
    assert ledger.statement(2).rows == []


def test_waiting_points_show_until_they_mature_and_then_where_they_did(
    sari: int, noon: datetime
) -> None:
    facts = {"amount_rupiah": 50_000}
    give(
        sari, 50, source="purchase", reason="purchase", facts=facts,
        matures_at=noon + timedelta(days=7),
    )  # fmt: skip
    give(sari, 5, "m")
    assert lines(sari) == [("mission", 5, "in", 5), ("purchase", 50, "wait", 0)]
    ledger.mature_due(noon + timedelta(days=7), 10)
    assert lines(sari) == [("purchase", 50, "in", 55), ("mission", 5, "in", 5)]
    assert ledger.statement(sari).rows[0].facts == facts


def test_waiting_points_that_were_refunded_show_as_void(sari: int, noon: datetime) -> None:
    give(sari, 50, "p", source="purchase", matures_at=noon + timedelta(days=7))
    ledger.refund("p", 1, 2, key="r1")
    assert lines(sari) == [("mission", 25, "wait", 0)]
    ledger.refund("p", 1, 2, key="r2")
    assert lines(sari) == [("mission", 50, "void", 0)]


def test_a_statement_can_show_one_side_only(sari: int, noon: datetime) -> None:
    give(sari, 100)
    give(sari, 7, "w", matures_at=noon + timedelta(days=7))
    ledger.burn(sari, 30, key="b", reason="redemption")
    assert [points for _, points, *_ in lines(sari, kind="in")] == [100]
    assert [points for _, points, *_ in lines(sari, kind="out")] == [-30]
    assert [points for _, points, *_ in lines(sari, kind="wait")] == [7]
    with pytest.raises(AssertionError):
        lines(sari, kind="sideways")


def test_a_hold_shows_once_when_it_is_settled(sari: int) -> None:
    give(sari, 100)
    ledger.hold(sari, 30, key="h", reason="redemption")
    ledger.settle("h", key="s")
    assert lines(sari) == [("redemption", -30, "out", 70), ("mission", 100, "in", 100)]


def test_the_outlook_adds_up_by_month(sari: int) -> None:
    for n, days in enumerate((1, 5, 20, 45)):
        give(sari, 10**n, f"e{n}", expires=Expiry.after_days(days))
    give(sari, 5, "never")
    assert ledger.expiry_outlook(sari) == [
        (date(2026, 11, 1), 11),
        (date(2026, 12, 1), 100),
        (date(2027, 1, 1), 1000),
    ]


def test_the_next_expiry_counts_all_that_go_that_day(sari: int, noon: datetime) -> None:
    give(sari, 3, "a", expires=Expiry.after_days(3))
    give(sari, 4, "b", expires=Expiry.after_days(3))
    give(sari, 5, "c", expires=Expiry.after_days(4))
    found = ledger.balance(sari)
    assert (found.expiring_points, found.expiring_on) == (7, date(2026, 11, 25))
    with clock.at(noon + timedelta(days=4)):
        assert ledger.balance(sari).expiring_points == 5


def test_balances_of_several_are_one_statement(members: tuple[int, ...]) -> None:
    for member in members:
        give(member, member, f"e{member}")
    assert {id_: b.spendable for id_, b in ledger.balances([1, 2, 3, 99]).items()} == {
        1: 1,
        2: 2,
        3: 3,
        99: 0,
    }


@pytest.mark.parametrize("read", [ledger.balance, ledger.statement, ledger.expiry_outlook])
def test_each_read_is_one_statement(sari: int, read: object) -> None:
    with statements() as seen:
        read(sari)  # type: ignore[operator]
    assert len(seen) == 1
