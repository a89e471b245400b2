"""Which campaigns are on. The definitions are the program's; nothing is kept here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pwa import clock
from pwa.campaigns import audience
from pwa.campaigns.basket import Person
from pwa.program import service as program
from pwa.program.schema import Campaign

SOON = timedelta(days=7)  # as early as the push that announces it


def running(at: datetime) -> list[Campaign]:
    """The campaigns that are on at `at`, the one that ends first in front."""
    found = [one for one in _near(clock.program_day(at)) if one.starts_at <= at < one.ends_at]
    return sorted(found, key=lambda one: one.ends_at)


def seen_by(found: Iterable[Campaign], tier_code: str, person: Person, on: date) -> list[Campaign]:
    """Those of `found` that are for this member."""
    return [one for one in found if audience.is_for(one, tier_code, person, on)]


def soon(at: datetime) -> list[Campaign]:
    """The campaigns that begin within a week, the next one in front."""
    near = [one for one in _near(clock.program_day(at)) if at < one.starts_at <= at + SOON]
    return sorted(near, key=lambda one: one.starts_at)


@program.by_day
def _near(on: date) -> list[Campaign]:
    """Those that some instant of day `on` could find running or soon."""
    start, end = clock.day_start(on), clock.day_end(on)
    dated = program.campaigns(start)
    return [one for one in dated if one.starts_at <= end + SOON and one.ends_at >= start]
