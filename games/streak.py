"""Streaks by program day: from facts (dates only) to where a member stands.

A day counts when the member checked in on it. Any other day, once over, is one of:

    paused    announced beforehand, by the member or by the shop: neither counts nor breaks
    kept      repaired with points, or a freeze was spent on it without asking
    missed    none of these: the run is over

A check-in on a paused day counts: a pause protects, it does not forbid.

Everything is a fold over the days, so a fact that arrives late (an offline check-in) is put in
its place and folded again. `close` is the same rule a day at a time, for callers that store
the state. Turning moments into program days, time zones and all, is `pwa.clock`'s affair.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)

DONE = "done"
KEPT = "kept"
PAUSED = "paused"
MISSED = "missed"
IDLE = "idle"  # nothing was running, so nothing was missed

MEMBER = "member"
SHOP = "shop"


class Rules(NamedTuple):
    """What an owner can set."""

    milestones: tuple[int, ...] = (3, 7, 14, 30, 60, 100, 365)  # days of a run
    freezes_max: int = 2  # held at once
    repair_days: int = 1  # how long after a missed day it can be repaired; 0 is never
    repair_points: int = 50
    late_h: int = 24  # how late an offline check-in may arrive
    late_in_30_days: int = 5  # how many may; more looks like a clock that was set back
    pause_max_days: int = 30  # of one pause by a member
    pause_year_days: int = 60  # by a member in 365 days


class Pause(NamedTuple):
    """Days that neither count nor break, as announced on a day: earlier days are not covered."""

    first_on: date
    last_on: date
    announced_on: date
    by: str = MEMBER

    def covers(self, on: date) -> bool:
        """Whether this pause protects `on`, which was not over when it was announced."""
        return max(self.first_on, self.announced_on) <= on <= self.last_on


class State(NamedTuple):
    """Where a member stands after closing a day."""

    length_days: int = 0  # days that counted in the run
    best_days: int = 0  # the longest run so far
    freezes: int = 0  # held
    started_on: date | None = None  # first day of the run
    broke_on: date | None = None  # the missed day that ended the run before
    lost_days: int = 0  # length of the run that ended


class Facts(NamedTuple):
    """All that a streak is made of. The order in which it came to be known does not matter."""

    check_ins: frozenset[date] = frozenset()
    pauses: tuple[Pause, ...] = ()
    grants: tuple[date, ...] = ()  # one for each freeze got; usable from that day on
    repairs: frozenset[date] = frozenset()  # missed days that were paid for
    base: State = State()  # what the days before `base_on` came to, see `folded`
    base_on: date | None = None


class Day(NamedTuple):
    """One closed day: what it was, the state after it, and the milestone reached on it."""

    on: date
    mark: str
    state: State
    milestone: int | None = None


class Reached(NamedTuple):
    """A milestone to award once for each run: `started_on` belongs in the award's key."""

    milestone: int
    on: date
    started_on: date


class Standing(NamedTuple):
    """What the member sees on a day that is not over."""

    state: State  # the day's check-in counted in, but the day not closed
    is_done: bool
    is_paused: bool
    next_milestone: int | None
    repairable_on: date | None  # the missed day that points can still repair


# The fold


def close(state: State, on: date, facts: Facts, rules: Rules) -> Day:
    """Close one day: what it was, and the state after it. Close each day once, in order."""
    state = state._replace(freezes=state.freezes + facts.grants.count(on))
    if on in facts.check_ins:
        return _counted(state, on, rules)
    if is_paused(facts, on):
        return Day(on, PAUSED, state)
    if not state.length_days:
        return Day(on, IDLE, state)
    if on in facts.repairs:
        return Day(on, KEPT, state)
    if state.freezes:
        return Day(on, KEPT, state._replace(freezes=state.freezes - 1))
    return Day(on, MISSED, _broken(state, on))


def history(facts: Facts, rules: Rules, until: date) -> tuple[Day, ...]:
    """Every day from the first fact up to, but not including, `until`."""
    return tuple(_days(facts, rules, until))


def closed(facts: Facts, rules: Rules, until: date) -> State:
    """The state when all days before `until` are closed: the fold of `close`."""
    state = facts.base
    for day in _days(facts, rules, until):
        state = day.state
    return state


def folded(facts: Facts, rules: Rules, until: date) -> Facts:
    """The same facts with all days before `until` closed for good: what a long run is kept as.

    `until` must be so long ago that no late fact can still change the days before it.
    """
    return facts._replace(
        check_ins=frozenset(on for on in facts.check_ins if on >= until),
        grants=tuple(on for on in facts.grants if on >= until),
        repairs=frozenset(on for on in facts.repairs if on >= until),
        base=closed(facts, rules, until),
        base_on=until,
    )


def standing(facts: Facts, rules: Rules, on: date) -> Standing:
    """What the member sees on day `on`: an open day that is not done yet has broken nothing."""
    return standing_after(closed(facts, rules, on), facts, rules, on)


def standing_after(before: State, facts: Facts, rules: Rules, on: date) -> Standing:
    """`standing`, from the state of the days before `on` as the caller stored it."""
    is_done = on in facts.check_ins
    today = before._replace(freezes=before.freezes + facts.grants.count(on))
    if is_done:
        today = close(before, on, facts, rules).state
    upcoming = (m for m in sorted(rules.milestones) if m > today.length_days)
    return Standing(
        today,
        is_done,
        is_paused(facts, on),
        next(upcoming, None),
        before.broke_on if _can_repair(before, on, rules) else None,
    )


def reached(facts: Facts, rules: Rules, on: date) -> tuple[Reached, ...]:
    """Every milestone reached up to and including day `on`, earliest first.

    After a late fact, award those that were not awarded before; take none back.
    """
    return tuple(
        Reached(day.milestone, day.on, day.state.started_on)
        for day in _days(facts, rules, on + DAY)
        if day.milestone is not None and day.state.started_on is not None
    )


def is_paused(facts: Facts, on: date) -> bool:
    """Whether a pause by the member or the shop protects `on`."""
    return any(pause.covers(on) for pause in facts.pauses)


# What may become a fact. Each answers with the code of a refusal, or None.


def refuse_freeze(state: State, rules: Rules) -> str | None:
    """Why no further freeze can be had. The limit holds here, when one is got, and not in the
    fold: a late check-in can give a spent freeze back, and nothing that was paid for is lost.
    """
    return "freezes_full" if state.freezes >= rules.freezes_max else None


def refuse_repair(facts: Facts, rules: Rules, missed_on: date, on: date) -> str | None:
    """Why day `missed_on` can't be repaired on day `on`."""
    if missed_on in facts.repairs:
        return "repaired_already"
    before = closed(facts, rules, on)
    if before.broke_on != missed_on:
        return "nothing_to_repair"
    return None if _can_repair(before, on, rules) else "repair_too_late"


def refuse_pause(facts: Facts, rules: Rules, pause: Pause) -> str | None:
    """Why a member's pause is not accepted: it must be announced, ordered and within measure."""
    if pause.first_on > pause.last_on:
        return "pause_backwards"
    if pause.first_on < pause.announced_on:
        return "pause_in_the_past"
    if pause.by == SHOP:
        return None
    if _length(pause) > rules.pause_max_days:
        return "pause_too_long"
    since = pause.last_on - 365 * DAY
    used = sum(_length(p) for p in facts.pauses if p.by == MEMBER and p.last_on > since)
    return "pause_used_up" if used + _length(pause) > rules.pause_year_days else None


def refuse_late(
    facts: Facts,
    rules: Rules,
    made_at: datetime,
    received_at: datetime,
    made_on: date,
    late_ons: Sequence[date],
) -> str | None:
    """Why a check-in made offline at `made_at` on program day `made_on` can't be put in place.

    `late_ons` are the program days of the late check-ins accepted before. The phone's clock is
    its owner's, so what limits cheating is not the clock but how often it may be believed.
    """
    if made_at > received_at:
        return "late_from_the_future"
    if received_at - made_at > timedelta(hours=rules.late_h):
        return "late_too_late"
    if made_on in facts.check_ins:
        return "checked_in_already"
    recent = [on for on in late_ons if made_on - 30 * DAY < on <= made_on + DAY]
    return "late_too_often" if len(recent) >= rules.late_in_30_days else None


def unneeded_repairs(facts: Facts, rules: Rules, until: date) -> frozenset[date]:
    """Repairs that a late fact made needless: the caller gives their points back."""
    worked = {day.on for day in _days(facts, rules, until) if day.mark == KEPT}
    return frozenset(on for on in facts.repairs if on < until) - worked


def _days(facts: Facts, rules: Rules, until: date) -> Iterator[Day]:
    starts = [*facts.check_ins, *facts.grants]
    on = facts.base_on or min(starts, default=until)
    state = facts.base
    while on < until:
        day = close(state, on, facts, rules)
        yield day
        state, on = day.state, on + DAY


def _counted(state: State, on: date, rules: Rules) -> Day:
    length = state.length_days + 1
    after = state._replace(
        length_days=length,
        best_days=max(state.best_days, length),
        started_on=state.started_on or on,
    )
    return Day(on, DONE, after, length if length in rules.milestones else None)


def _broken(state: State, on: date) -> State:
    return state._replace(length_days=0, started_on=None, broke_on=on, lost_days=state.length_days)


def _can_repair(before: State, on: date, rules: Rules) -> bool:
    return before.broke_on is not None and on - before.broke_on <= rules.repair_days * DAY


def _length(pause: Pause) -> int:
    return (pause.last_on - pause.first_on).days + 1
