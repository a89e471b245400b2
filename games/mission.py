"""Missions: data that says what a member is asked to do, and pure rules that watch them do it.

The caller hands over each outbox event once, as an `Event`; which mission it feeds, by how much
and in which window is decided here.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from types import MappingProxyType
from typing import Any, NamedTuple

from games import prize
from games.prize import Prize
from games.window import Window, key_of, span_of

COUNT = "count"  # events
SUM = "sum"  # of the trigger's unit: rupiah, right answers ...
DAYS = "days"  # different program days
MEASURES = frozenset({COUNT, SUM, DAYS})

FIXED = "fixed"  # in every member's daily set
POOL = "pool"  # may be drawn into it

_NONE: Mapping[str, Any] = MappingProxyType({})


class Trigger(NamedTuple):
    """What feeds a mission: a kind of event, and what of its data counts."""

    kind: str  # of the outbox event
    unit: str = ""  # data field that SUM adds up
    line_fields: frozenset[str] = frozenset()  # conditions on these look at each purchase line
    where: Mapping[str, Any] = _NONE  # always asked, before the mission's own conditions


# Lines of a purchase carry category, eco, product, quantity and amount_rupiah.
_LINE = frozenset({"category", "eco", "product"})

TRIGGERS: Mapping[str, Trigger] = MappingProxyType(
    {
        "check_in": Trigger("check_in"),
        "purchase": Trigger("purchase", "amount_rupiah"),
        "purchase_category": Trigger("purchase", "amount_rupiah", _LINE),
        "purchase_eco": Trigger("purchase", "amount_rupiah", _LINE, {"eco": True}),
        "amount_reached": Trigger("purchase", "amount_rupiah"),
        "quiz_done": Trigger("quiz_done", "right"),
        "quiz_score": Trigger("quiz_done", "score"),
        "game_played": Trigger("game_played"),
        "spin": Trigger("game_played", where={"game": "wheel"}),
        "profile_completed": Trigger("profile_completed"),
        "push_on": Trigger("push_on"),
        "review": Trigger("review", "characters"),
        "survey": Trigger("survey"),
        "friend_joined": Trigger("friend_joined"),
        "friend_bought": Trigger("friend_bought", "amount_rupiah"),
        "visit": Trigger("visit"),
        "voucher_used": Trigger("voucher_used"),
    }
)


class Audience(NamedTuple):
    """Whom a mission invites. Empty means everybody; several conditions must all hold."""

    tiers: tuple[str, ...] = ()
    joined_within_days: int | None = None
    segments: tuple[str, ...] = ()  # any of them


class Person(NamedTuple):
    """What an audience is told apart by."""

    joined_on: date
    tier: str = ""
    segments: frozenset[str] = frozenset()


class Mission(NamedTuple):
    """One version of a mission. Texts and art belong to the caller, under `code`."""

    code: str
    trigger: str  # a key of TRIGGERS
    prize: Prize
    wanted: int = 1  # events, units or days, by `measure`
    measure: str = COUNT
    where: Mapping[str, Any] = _NONE  # conditions on the event's data, see `holds`
    window: Window = Window("daily")
    audience: Audience = Audience()
    after: str | None = None  # code of the mission that unlocks this one
    in_set: str = ""  # FIXED, POOL, or "" for a mission of its own
    changed_on: date = date.min  # the day this version was written


class Event(NamedTuple):
    """Something a member did, as the outbox tells it. `on` is its program day."""

    kind: str
    on: date
    data: Mapping[str, Any] = _NONE


class Progress(NamedTuple):
    """How far a member is in one window of one mission."""

    done: int = 0
    days: frozenset[date] = frozenset()  # for DAYS only
    done_on: date | None = None  # the day it was completed; later events change nothing


def load(data: Mapping[str, Any]) -> Mission:
    """A mission from plain data (JSON): dates as ISO 8601, window and audience as mappings."""
    window = {**data.get("window", {"kind": "daily"})}
    for name in ("starts_on", "ends_on"):
        if window.get(name):
            window[name] = date.fromisoformat(window[name])
    audience: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.get("audience", {}).items()
    }
    parts = {
        "prize": prize.load(data["prize"]),
        "window": Window(**window),
        "audience": Audience(**audience),
        "changed_on": date.fromisoformat(data.get("changed_on", date.min.isoformat())),
    }
    return Mission(**{**data, **parts})


# Matching


def amount(mission: Mission, event: Event) -> int:
    """What `event` adds to `mission`: 0 when it does not match, 1 for COUNT and DAYS."""
    trigger = TRIGGERS[mission.trigger]
    if event.kind != trigger.kind:
        return 0
    asked = {**trigger.where, **mission.where}
    by_line = {name: want for name, want in asked.items() if name in trigger.line_fields}
    if not holds({n: w for n, w in asked.items() if n not in by_line}, event.data):
        return 0
    sources = _lines(event, by_line) if by_line else [event.data]
    if mission.measure == SUM:
        return sum(int(data.get(trigger.unit, 0)) for data in sources)
    return min(1, len(sources))


def holds(conditions: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Whether `data` meets every condition.

    A condition is a value the field must equal (or, if the field is a list, have), or a mapping
    with `at_least`, `at_most` or `any_of`. A field that is not there meets nothing.
    """
    return all(name in data and _meets(data[name], want) for name, want in conditions.items())


def invites(audience: Audience, person: Person, on: date) -> bool:
    """Whether the mission is for this member on day `on`."""
    within = audience.joined_within_days
    return (
        (not audience.tiers or person.tier in audience.tiers)
        and (within is None or (on - person.joined_on).days < within)
        and (not audience.segments or not person.segments.isdisjoint(audience.segments))
    )


def is_unlocked(mission: Mission, finished: Iterable[str]) -> bool:
    """Whether the mission before it in its chain, if any, is among the codes `finished`."""
    return mission.after is None or mission.after in finished


# Progress


def step(mission: Mission, progress: Progress, event: Event) -> Progress:
    """Progress after one more event of the same window."""
    added = amount(mission, event)
    if not added or progress.done_on:
        return progress
    if mission.measure == DAYS:
        days = progress.days | {event.on}
        return _reached(mission, Progress(len(days), days), event.on)
    return _reached(mission, progress._replace(done=max(0, progress.done + added)), event.on)


def tally(mission: Mission, events: Iterable[Event], on: date) -> Progress:
    """Progress in the window of day `on`, from all of a member's events in the order they came."""
    window = key_of(mission.window, on)
    inside = (e for e in events if window and key_of(mission.window, e.on) == window)
    return reduce(lambda progress, event: step(mission, progress, event), inside, Progress())


def in_force(versions: Iterable[Mission], on: date, began_on: date | None = None) -> Mission:
    """The version of one mission that counts on day `on`: changes wait for the next window.

    A version counts from the first window that starts after the day it was written; the first
    version of all counts at once. A window without an end ("once") is each member's own:
    it starts on `began_on`, the day of their first progress, and until then the newest counts.
    """
    ordered = sorted(versions, key=lambda version: version.changed_on)
    eldest, newest = ordered[0], ordered[-1]
    span = span_of(newest.window, on)
    starts_on = span[0] if span and newest.window.kind != "once" else began_on
    if starts_on is None:
        return newest
    return [eldest, *(v for v in ordered[1:] if v.changed_on < starts_on)][-1]


def problems(missions: Iterable[Mission]) -> tuple[str, ...]:
    """What keeps these missions (one version of each) from being switched on, as codes."""
    known = {m.code: m for m in missions}
    return tuple(f"{m.code}.{name}" for m in known.values() for name in _wrong(m, known))


def _wrong(mission: Mission, known: Mapping[str, Mission]) -> list[str]:
    trigger = TRIGGERS.get(mission.trigger)
    wrong = {
        "trigger": trigger is None,
        "measure": mission.measure not in MEASURES,
        "unit": mission.measure == SUM and trigger is not None and not trigger.unit,
        "wanted": mission.wanted < 1,
        "window": not mission.window.is_sound(),
        "set": bool(mission.in_set) and mission.window.kind != "daily",
        "prize": bool(prize.problems(mission.prize)),
        "chain": not _chain_ends(mission, known),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def _chain_ends(mission: Mission, known: Mapping[str, Mission]) -> bool:
    seen = {mission.code}
    while mission.after is not None:
        if mission.after in seen or mission.after not in known:
            return False
        seen.add(mission.after)
        mission = known[mission.after]
    return True


def _lines(event: Event, conditions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [line for line in event.data.get("lines", ()) if holds(conditions, line)]


def _meets(value: Any, want: Any) -> bool:
    if isinstance(want, Mapping):
        return all(_TESTS[name](value, bound) for name, bound in want.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return want in value
    return bool(value == want)


_TESTS: Mapping[str, Any] = {
    "at_least": lambda value, bound: value >= bound,
    "at_most": lambda value, bound: value <= bound,
    "any_of": lambda value, bound: value in bound,
}


def _reached(mission: Mission, progress: Progress, on: date) -> Progress:
    return progress._replace(done_on=on) if progress.done >= mission.wanted else progress
