"""A program's day: one function, never closing twice, whatever the zone does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from pwa import clock
from pwa.clock import ZoneSince

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"


@pytest.fixture
def zones() -> Iterator[list[ZoneSince]]:
    before = clock._zones
    found = [ZoneSince(WIB)]
    clock.use_zones(lambda: found)
    yield found
    clock.use_zones(before)


def test_the_day_turns_at_midnight_of_the_programs_zone(zones: list[ZoneSince]) -> None:
    midnight = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    assert clock.program_day(midnight - timedelta(seconds=1)) == date(2026, 11, 21)
    assert clock.program_day(midnight) == date(2026, 11, 22)
    assert clock.day_start(date(2026, 11, 22)) == midnight


@pytest.mark.parametrize(
    ("before", "after"), [(WIB, WIT), (WIT, WIB), (WIB, WITA), (WITA, WIB), (WIB, "Asia/Tokyo")]
)
def test_a_change_of_zone_never_closes_a_day_twice_nor_skips_one(
    zones: list[ZoneSince], before: str, after: str
) -> None:
    zones[:] = [ZoneSince(before), ZoneSince(after, date(2026, 11, 23))]
    minute = timedelta(minutes=1)
    start = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    days = [clock.program_day(start + i * minute) for i in range(6 * 24 * 60)]
    for earlier, later in itertools.pairwise(days):
        assert later - earlier in (timedelta(0), timedelta(days=1))


@pytest.mark.parametrize(("before", "after"), [(WIB, WIT), (WIT, WIB)])
def test_a_day_starts_and_ends_where_program_day_says(
    zones: list[ZoneSince], before: str, after: str
) -> None:
    zones[:] = [ZoneSince(before), ZoneSince(after, date(2026, 11, 23))]
    for n in range(20, 27):
        on = date(2026, 11, n)
        second = timedelta(seconds=1)
        assert clock.program_day(clock.day_start(on)) == on
        assert clock.program_day(clock.day_start(on) - second) == on - timedelta(days=1)
        assert clock.program_day(clock.day_end(on) - second) == on


def test_the_clock_can_be_held_and_lets_go() -> None:
    held = datetime(2027, 1, 1, tzinfo=UTC)
    with clock.at(held):
        assert clock.now() == held
    assert clock.now() != held
