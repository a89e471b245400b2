"""Windows: the stretch of program days in which progress counts, and its key."""

from datetime import date, timedelta
from typing import NamedTuple

ONCE = "once"
DAILY = "daily"
WEEKLY = "weekly"  # ISO 8601: Monday to Sunday
MONTHLY = "monthly"
SEASON = "season"  # from starts_on to ends_on
KINDS = frozenset({ONCE, DAILY, WEEKLY, MONTHLY, SEASON})

DAY = timedelta(days=1)


class Window(NamedTuple):
    """How often a mission starts afresh. Dates, if given, bound any kind of window."""

    kind: str
    starts_on: date | None = None
    ends_on: date | None = None  # the last day

    def is_sound(self) -> bool:
        """Whether the kind is known and the dates are there (for a season) and in order."""
        if self.kind not in KINDS:
            return False
        if self.starts_on is None or self.ends_on is None:
            return self.kind != SEASON
        return self.starts_on <= self.ends_on


def key_of(window: Window, on: date) -> str | None:
    """The key of the window that day `on` falls in, e.g. "2026-W46"; None outside its dates."""
    if not _is_open(window, on):
        return None
    if window.kind == SEASON:
        return f"{window.starts_on}..{window.ends_on}"
    if window.kind == WEEKLY:
        year, week, _ = on.isocalendar()  # the last days of December can be week 1 of next year
        return f"{year}-W{week:02d}"
    return {ONCE: ONCE, DAILY: on.isoformat(), MONTHLY: on.isoformat()[:7]}[window.kind]


def span_of(window: Window, on: date) -> tuple[date, date] | None:
    """First and last day of the window that `on` falls in; None outside its dates.

    A window without an end runs to `date.max`, so that "ends in" can be left out on screen.
    """
    if not _is_open(window, on):
        return None
    first, last = _natural_span(window, on)
    return max(first, window.starts_on or first), min(last, window.ends_on or last)


def _is_open(window: Window, on: date) -> bool:
    return (window.starts_on or on) <= on <= (window.ends_on or on)


def _natural_span(window: Window, on: date) -> tuple[date, date]:
    if window.kind == DAILY:
        return on, on
    if window.kind == WEEKLY:
        monday = on - on.weekday() * DAY
        return monday, monday + 6 * DAY
    if window.kind == MONTHLY:
        return on.replace(day=1), _first_of_next_month(on) - DAY
    return date.min, date.max


def _first_of_next_month(on: date) -> date:
    return (on.replace(day=1) + 32 * DAY).replace(day=1)
