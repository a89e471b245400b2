"""now() and program_day(): the only two ways to know the time.

A program's day can change its zone. The change counts from the next day, and a day that
closed never opens again: the first day in the new zone is longer or shorter instead
(product.md, rule 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

JAKARTA = "Asia/Jakarta"


class ZoneSince(NamedTuple):
    """The program's zone from the start of day `since_on`; None is from the beginning."""

    name: str
    since_on: date | None = None


_frozen: ContextVar[datetime | None] = ContextVar("frozen_now", default=None)
_zones: Callable[[], Sequence[ZoneSince]] = lambda: (ZoneSince(JAKARTA),)  # noqa: E731


def use_zones(provider: Callable[[], Sequence[ZoneSince]]) -> None:
    """Wire in who knows the program's zones, oldest first (the kernel can't ask a feature)."""
    global _zones
    _zones = provider


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Hold now() at `instant`, as `setia tick --now` and tests do."""
    assert instant.tzinfo is not None, "a naive time says nothing"
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def program_zone() -> ZoneInfo:
    """The zone that today's program day is counted in."""
    return _zone_at(now())[0]


def program_day(instant: datetime | None = None) -> date:
    """The program's day that `instant` (default now) belongs to."""
    instant = instant or now()
    zone, since_on = _zone_at(instant)
    day = instant.astimezone(zone).date()
    return max(day, since_on) if since_on else day


def day_start(on: date) -> datetime:
    """The first instant (UTC) of the program day `on`."""
    zones = _zones()
    # The zone in force when the day before ended decides when this one begins.
    names = [z.name for z in zones if z.since_on is None or z.since_on < on]
    return _midnight(on, names[-1] if names else zones[0].name)


def day_end(on: date) -> datetime:
    """The instant (UTC) at which the program day `on` is over."""
    return day_start(on + timedelta(days=1))


def _zone_at(instant: datetime) -> tuple[ZoneInfo, date | None]:
    zones = _zones()
    name, since_on = zones[0].name, None
    for later in zones[1:]:
        assert later.since_on is not None, "only the first zone has no beginning"
        if instant < _midnight(later.since_on, name):
            break
        name, since_on = later.name, later.since_on
    return ZoneInfo(name), since_on


def _midnight(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)
