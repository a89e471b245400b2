"""When a period begins and ends, what reaches a tier, and where one lands. Pure.

Days are program days. A tier is kept to the end of the period after the one it was reached in.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from pwa.program.tiering import Tier, Tiering

DAY = timedelta(days=1)


class Counted(NamedTuple):
    """What counts towards tiers; also what a tier needs, and what is missing."""

    points: int = 0
    rupiah: int = 0
    orders: int = 0


class Period(NamedTuple):
    """From a day to a day, both counted."""

    start: date
    end: date

    def has(self, on: date) -> bool:
        return self.start <= on <= self.end


class Landing(NamedTuple):
    """A lower tier that is held for a while after a higher one has ended."""

    tier: Tier
    period: Period


def period(rules: Tiering, joined_on: date, on: date) -> Period:
    """The period whose purchases count on the day `on`.

    calendar: a block of months from January on. rolling: this month and those before it.
    membership: counted from the day she joined, so a year ends on the eve of her anniversary.
    """
    if rules.period == "rolling":
        last = add_months(on.replace(day=1), 1) - DAY
        return Period(add_months(on.replace(day=1), 1 - rules.months), last)
    if rules.period == "membership":
        return _since(joined_on, rules.months, on)
    return _since(date(on.year, 1, 1), rules.months, on)


def following(rules: Tiering, joined_on: date, end: date) -> Period:
    """The whole period that begins on the day after `end`."""
    start = end + DAY
    if rules.period == "rolling":
        return Period(start, add_months(start, rules.months) - DAY)
    return period(rules, joined_on, start)


def kept_until(rules: Tiering, joined_on: date, on: date) -> date:
    """The last day of a tier that was reached on `on`."""
    return following(rules, joined_on, period(rules, joined_on, on).end).end


def periods_with(rules: Tiering, joined_on: date, on: date, today: date) -> Iterator[Period]:
    """The periods begun until `today` that count a purchase of `on`; several only if rolling."""
    found = period(rules, joined_on, on)
    yield found
    while rules.period == "rolling":
        found = period(rules, joined_on, found.end + DAY)
        if not found.has(on) or found.end > add_months(today.replace(day=1), 1) - DAY:
            return
        yield found


def landings(
    rules: Tiering, joined_on: date, tiers: Sequence[Tier], place: int, until_on: date
) -> Iterator[Landing]:
    """What follows the tier at `place` when it ends: one level down for a period, and so on.

    The first tier is everybody's and needs no landing.
    """
    if rules.landing == "balance":
        return
    for lower in range(place - 1, 0, -1):
        stay = following(rules, joined_on, until_on)
        yield Landing(tiers[lower], stay)
        until_on = stay.end


def reached(tiers: Sequence[Tier], counted: Counted) -> list[Tier]:
    """The tiers above the first that `counted` is enough for."""
    return [tier for tier in tiers[1:] if not any(missing(tier, counted))]


def missing(tier: Tier, counted: Counted) -> Counted:
    """What `counted` is short of the tier, each never below 0; all must be met."""
    pairs = zip(tier.needs, counted, strict=True)
    return Counted(*(max(0, need - has) for need, has in pairs))


def total(parts: Iterable[tuple[int, int, int]]) -> Counted:
    """The sum of what was counted."""
    columns = list(zip(*parts, strict=True)) or [(), (), ()]
    return Counted(*map(sum, columns))


def add_months(on: date, months: int) -> date:
    """So many months later; the 31st becomes a shorter month's last day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _since(first: date, months: int, on: date) -> Period:
    """The one of the periods of so many months from `first` on that has `on`."""
    step = ((on.year - first.year) * 12 + on.month - first.month) // months
    if add_months(first, step * months) > on:
        step -= 1
    start, after = (add_months(first, n * months) for n in (step, step + 1))
    return Period(start, after - DAY)
