"""Periods, needs and landings: pure, and over every day of years."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from pwa.program.tiering import Tier, Tiering, check_tiers
from pwa.tiers import rules
from pwa.tiers.rules import Counted, Period

DAY = timedelta(days=1)
JOINED = date(2024, 2, 29)
KINDS = [
    Tiering(period=period, months=months)
    for period, months in (
        ("calendar", 12), ("calendar", 6), ("calendar", 1), ("rolling", 12), ("rolling", 3),
        ("membership", 12), ("membership", 5),
    )
]  # fmt: skip
DAYS = [JOINED + n * DAY for n in range(3 * 366)]


def tier(code: str, points: int = 0, rupiah: int = 0, orders: int = 0) -> Tier:
    return Tier(
        code=code, name=code, art="tier1", needs_points=points, needs_rupiah=rupiah,
        needs_orders=orders,
    )  # fmt: skip


SHOPEE = (tier("classic"), tier("gold", 0, 6_000, 15), tier("platinum", 0, 30_000, 30))


def named(rule: Tiering) -> str:
    return f"{rule.period}-{rule.months}"


@pytest.mark.parametrize("rule", KINDS, ids=named)
def test_every_day_counts_in_its_own_period(rule: Tiering) -> None:
    for on in DAYS:
        found = rules.period(rule, JOINED, on)
        assert found.has(on), on
        assert rules.period(rule, JOINED, found.end).end == found.end


@pytest.mark.parametrize("rule", [r for r in KINDS if r.period != "rolling"], ids=named)
def test_periods_follow_each_other_without_a_gap(rule: Tiering) -> None:
    for on in DAYS:
        found = rules.period(rule, JOINED, on)
        after = rules.period(rule, JOINED, found.end + DAY)
        assert after.start == found.end + DAY == rules.following(rule, JOINED, found.end).start
        assert rules.kept_until(rule, JOINED, on) == after.end


@pytest.mark.parametrize("rule", KINDS, ids=named)
def test_a_tier_is_kept_for_more_than_one_period_and_at_most_two(rule: Tiering) -> None:
    for on in DAYS:
        kept = rules.kept_until(rule, JOINED, on)
        assert rules.add_months(on, rule.months) - DAY <= kept
        assert kept <= rules.add_months(on, 2 * rule.months) + 31 * DAY


@pytest.mark.parametrize(
    ("rule", "on", "start", "end", "kept"),
    [
        (Tiering(), "2026-11-22", "2026-01-01", "2026-12-31", "2027-12-31"),
        # Shopee's half-years
        (Tiering(months=6), "2026-11-22", "2026-07-01", "2026-12-31", "2027-06-30"),
        (Tiering(months=6), "2026-06-30", "2026-01-01", "2026-06-30", "2026-12-31"),
        (Tiering(period="rolling"), "2026-11-22", "2025-12-01", "2026-11-30", "2027-11-30"),
        (Tiering(period="rolling", months=3), "2027-01-31", "2026-11-01", "2027-01-31",
         "2027-04-30"),
        # joined on 29 February: years end on the 27th, and on the 28th before a leap year's
        (Tiering(period="membership"), "2026-02-27", "2025-02-28", "2026-02-27", "2027-02-27"),
        (Tiering(period="membership"), "2026-02-28", "2026-02-28", "2027-02-27", "2028-02-28"),
        (Tiering(period="membership"), "2028-02-29", "2028-02-29", "2029-02-27", "2030-02-27"),
    ],
)  # fmt: skip
def test_worked_periods(rule: Tiering, on: str, start: str, end: str, kept: str) -> None:
    day = date.fromisoformat(on)
    found = rules.period(rule, JOINED, day)
    assert [found.start.isoformat(), found.end.isoformat()] == [start, end]
    assert rules.kept_until(rule, JOINED, day).isoformat() == kept


@pytest.mark.parametrize("rule", KINDS, ids=named)
def test_the_periods_that_count_a_purchase_are_those_that_have_its_day(rule: Tiering) -> None:
    on = date(2026, 3, 31)
    for later in range(0, 500, 7):
        today = on + later * DAY
        found = list(rules.periods_with(rule, JOINED, on, today))
        days = [on + n * DAY for n in range(later + 1)]
        wanted = dict.fromkeys(rules.period(rule, JOINED, day) for day in days)
        assert found == [each for each in wanted if each.has(on)], today


def test_all_needs_above_zero_must_be_met_together() -> None:
    for rupiah, orders in product((0, 5_999, 6_000, 30_000), (0, 14, 15, 29, 30)):
        codes = [t.code for t in rules.reached(SHOPEE, Counted(0, rupiah, orders))]
        gold = rupiah >= 6_000 and orders >= 15
        platinum = rupiah >= 30_000 and orders >= 30
        assert codes == ["gold"] * gold + ["platinum"] * platinum


def test_what_is_missing_is_what_would_reach_it() -> None:
    for rupiah, orders in product(range(0, 40_000, 999), range(35)):
        counted = Counted(7, rupiah, orders)
        short = rules.missing(SHOPEE[2], counted)
        assert min(short) >= 0
        after = rules.total([counted, short])
        assert SHOPEE[2] in rules.reached(SHOPEE, after)
        assert (SHOPEE[2] in rules.reached(SHOPEE, counted)) == (not any(short))


def test_nothing_counted_is_a_total_too() -> None:
    assert rules.total([]) == Counted(0, 0, 0)
    assert rules.total([(1, 2, 3), Counted(4, 5, 6)]) == Counted(5, 7, 9)


def test_one_lands_a_tier_lower_for_a_period_each() -> None:
    tiers = (tier("a"), tier("b", 1), tier("c", 2), tier("d", 3))
    soft = Tiering(landing="one_down")
    found = list(rules.landings(soft, JOINED, tiers, 3, date(2027, 12, 31)))
    assert found == [
        (tiers[2], Period(date(2028, 1, 1), date(2028, 12, 31))),
        (tiers[1], Period(date(2029, 1, 1), date(2029, 12, 31))),
    ]
    assert list(rules.landings(soft, JOINED, tiers, 1, date(2027, 12, 31))) == []
    assert list(rules.landings(Tiering(), JOINED, tiers, 3, date(2027, 12, 31))) == []
    rolling = Tiering(period="rolling", months=6, landing="one_down")
    (stay,) = rules.landings(rolling, JOINED, tiers, 2, date(2027, 5, 31))
    assert stay.period == Period(date(2027, 6, 1), date(2027, 11, 30))


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        ((tier("a", 1),), "must need nothing"),
        ((tier("a"), tier("b")), "b must need more than a"),
        ((tier("a"), tier("b", 5, 0, 3), tier("c", 9, 0, 2)), "c must need more than b"),
    ],
)
def test_tiers_that_do_not_climb_are_refused(tiers: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_tiers(tiers)


def test_a_calendar_period_divides_the_year() -> None:
    with pytest.raises(ValueError, match="divide the year"):
        Tiering(months=5)
