"""Calls that come once a program day at an hour, and the days they look at."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from pwa import clock
from pwa.push.kinds import Call, Facts


def call(now: datetime, name: str, hour: int) -> Call:
    """Today's call of `name`, at `hour` program time, until the program day is over."""
    on = clock.program_day(now)
    local = datetime.combine(on, time(hour), clock.program_zone())
    return Call(
        event_key=f"{name}:{on}",
        facts={"on": on.isoformat()},
        audience={},
        starts_at=local,
        expires_at=clock.day_end(on),
    )


def day(facts: Facts, ahead: timedelta = timedelta(0)) -> date:
    """The program day that a call is about."""
    return date.fromisoformat(facts["on"]) + ahead


def span(facts: Facts, ahead: timedelta) -> tuple[datetime, datetime]:
    """The ends (after, until] of things whose last day is `ahead` of the call's."""
    on = day(facts, ahead)
    return clock.day_start(on), clock.day_end(on)
