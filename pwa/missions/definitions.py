"""The program's missions as the pure rules want them, and which version of each counts.

A mission that is changed while it runs applies from its next window (issue THE GAMES, 1): the
versions come from the program's history, and a member's row keeps the one it began with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from games import mission as rules
from games.mission import Audience, Person
from games.prize import Prize
from games.window import Window, key_of, span_of
from pwa.program import service as program
from pwa.program.schema import Mission

MEASURES = {"times": rules.COUNT, "rupiah": rules.SUM, "sum": rules.SUM, "days": rules.DAYS}
# The program file's trigger, where the rules have another word for it.
TRIGGERS = {"outlet_visited": "visit"}
BY_LINE = "purchase_category"


@program.by_day
def in_force(on: date) -> Mapping[str, Mission]:
    """Every mission of the program, by code, in the version that counts on day `on`."""
    return _chosen(program.history(), on)


@program.by_day
def open_windows(on: date) -> Mapping[str, str]:
    """The keys of the windows that day `on` falls in, by mission; those outside are left out."""
    keys = {code: window_key(mission, on) for code, mission in in_force(on).items()}
    return {code: key for code, key in keys.items() if key is not None}


def _chosen(history: Sequence[program.Applied], on: date) -> Mapping[str, Mission]:
    return {m.code: _version(history, m.code, on) for m in history[-1].program.missions}


def _version(history: Sequence[program.Applied], code: str, on: date) -> Mission:
    found: list[tuple[Mission, date]] = []
    for applied in history:
        said = applied.program.mission(code)
        if said is not None and (not found or found[-1][0] != said):
            found.append((said, applied.on))
    ruled = [rule(said, since) for said, since in found]
    return found[ruled.index(rules.in_force(ruled, on))][0]


def rule(mission: Mission, changed_on: date = date.min) -> rules.Mission:
    """A mission of the program file as the rules read it."""
    return rules.Mission(
        code=mission.code,
        trigger=_trigger(mission),
        prize=Prize(mission.code, mission.prize.kind, mission.prize.points),
        wanted=mission.wanted,
        measure=MEASURES[mission.count],
        where=_where(mission),
        window=window(mission),
        audience=Audience(mission.tiers, mission.joined_within_days),
        after=mission.after,
        in_set=mission.in_set,
        changed_on=changed_on,
    )


def window(mission: Mission) -> Window:
    return Window(mission.window, mission.starts_on, mission.ends_on)


def window_key(mission: Mission, on: date) -> str | None:
    """The window of the mission that day `on` falls in; None outside its dates."""
    return key_of(window(mission), on)


def last_day(mission: Mission, on: date) -> date | None:
    """The last day of the window that `on` falls in; None when it has no end."""
    span = span_of(window(mission), on)
    return None if span is None or span[1] == date.max else span[1]


def invites(mission: Mission, person: Person, on: date) -> bool:
    return rules.invites(Audience(mission.tiers, mission.joined_within_days), person, on)


def snapshot(mission: Mission) -> dict[str, Any]:
    return mission.model_dump(mode="json", exclude_defaults=True)


def thaw(definition: dict[str, Any]) -> Mission:
    """A mission as a progress row kept it."""
    return _thawed(json.dumps(definition))


@lru_cache(maxsize=512)
def _thawed(written: str) -> Mission:
    return Mission.model_validate_json(written)


def _trigger(mission: Mission) -> str:
    """The rules' trigger; rupiah of one kind of goods are counted line by line."""
    return BY_LINE if _counts_lines(mission) else TRIGGERS.get(mission.trigger, mission.trigger)


def _counts_lines(mission: Mission) -> bool:
    is_rupiah = mission.trigger == "purchase" and MEASURES[mission.count] == rules.SUM
    return is_rupiah and bool(mission.category or mission.eco)


def _where(mission: Mission) -> dict[str, Any]:
    # A purchase is told with all of its categories, and with eco where any of it is.
    asked: dict[str, Any] = dict(mission.where)
    if mission.category:
        asked["category" if _counts_lines(mission) else "categories"] = mission.category
    if mission.eco:
        asked["eco"] = True
    if mission.minimum_rupiah:
        asked["amount_rupiah"] = {"at_least": mission.minimum_rupiah}
    return asked
