"""A month of a streak, to be drawn as a calendar."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from games.streak import (
    DAY,
    DONE,
    IDLE,
    KEPT,
    MISSED,
    PAUSED,
    Day,
    Facts,
    Rules,
    history,
    is_paused,
    standing,
)

NOW = "now"  # today, not done yet
NEXT = "next"  # still to come
BONUS = "bonus"  # still to come, and a milestone if no day is missed until then
MARKS = frozenset({DONE, KEPT, PAUSED, MISSED, IDLE, NOW, NEXT, BONUS})


class Cell(NamedTuple):
    """One day of the month."""

    on: date
    mark: str  # one of MARKS
    milestone: int | None = None  # reached on this day, or to be reached


def month(facts: Facts, rules: Rules, first_on: date, today: date) -> tuple[Cell, ...]:
    """The cells of the month that begins on `first_on`, as the member sees them on `today`."""
    return days(facts, rules, first_on, _next_month(first_on), today)


def days(
    facts: Facts, rules: Rules, first_on: date, after_on: date, today: date
) -> tuple[Cell, ...]:
    """The cells of the days from `first_on` to the one before `after_on`."""
    past = {day.on: day for day in history(facts, rules, today)}
    bonuses = _bonuses(facts, rules, today, after_on)
    ons = (first_on + n * DAY for n in range((after_on - first_on).days))
    return tuple(_cell(facts, past, bonuses, today, on) for on in ons)


def _cell(
    facts: Facts, past: Mapping[date, Day], bonuses: Mapping[date, int], today: date, on: date
) -> Cell:
    if on < today:
        day = past.get(on)
        return Cell(on, day.mark, day.milestone) if day else Cell(on, IDLE)
    milestone = bonuses.get(on)
    if on == today:
        is_done = on in facts.check_ins
        return Cell(on, DONE if is_done else PAUSED if is_paused(facts, on) else NOW, milestone)
    if is_paused(facts, on):
        return Cell(on, PAUSED)
    return Cell(on, BONUS if milestone else NEXT, milestone)


def _bonuses(facts: Facts, rules: Rules, today: date, until: date) -> dict[date, int]:
    """Milestones from today on, if the member comes every day that is not paused."""
    now = standing(facts, rules, today)
    length, on, bonuses = now.state.length_days - now.is_done, today, {}
    while on < until:
        if on in facts.check_ins or not is_paused(facts, on):
            length += 1
            if length in rules.milestones:
                bonuses[on] = length
        on += DAY
    return bonuses


def _next_month(first_on: date) -> date:
    assert first_on.day == 1, first_on
    return (first_on + 32 * DAY).replace(day=1)
