"""A shop's games as plain data, read for the simulator.

    {"games": {"wheel": {"config": {...}, "share": 80, "plays_day": 1, "budget": {...}}},
     "missions": {"list": [...], "draw": 2, "bonus": {...}, "budget": {...}},
     "streak": {"rules": {...}, "prizes": {"7": {...}}, "budget": {...}},
     "closed": ["2026-12-25"], "point_rupiah": 1,
     "members": {"visit": [10, 90], "buy": 25, "spend_rupiah": [15000, 75000], "skill": [30, 90]}}

Chances are whole percents; a pair is the range that members are spread over.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

import games
from games import mission, prize, streak
from games.prize import LAST_RESORT, Budget, Prize

MISSIONS = "missions"
STREAK = "streak"


class Source(NamedTuple):
    """Something that gives prizes under one budget: a game, the missions, the streak."""

    prizes: tuple[Prize, ...]
    budget: Budget
    consolation: Prize = LAST_RESORT


class GamePlan(NamedTuple):
    """One game as members will play it."""

    game: Any  # a module that keeps the contract
    config: Any
    share: int  # percent of visits on which it is played
    plays_day: int
    is_on: Callable[[date], bool] = lambda on: True  # quizzes take turns, draws have dates


class Behaviour(NamedTuple):
    """What members are assumed to do. The owner's guess; all else is rules."""

    visit: tuple[int, int] = (10, 90)  # percent of days
    buy: int = 25  # percent of visits
    spend_rupiah: tuple[int, int] = (15_000, 75_000)
    skill: tuple[int, int] = (30, 90)  # percent of quiz answers right
    categories: tuple[str, ...] = ("kopi",)
    eco: int = 10  # percent of purchases
    other: int = 2  # percent of visits with a friend, a review ...: each kind that missions ask for


class Program(NamedTuple):
    games: Mapping[str, GamePlan]
    missions: tuple[mission.Mission, ...]
    draw: int  # how many of the pool make a daily set
    bonus: Prize | None  # for a whole set done
    streak_rules: streak.Rules
    streak_prizes: Mapping[int, Prize]  # by milestone
    sources: Mapping[str, Source]  # by game name, MISSIONS and STREAK
    closed: frozenset[date]
    point_rupiah: int  # what one point costs the shop
    members: Behaviour


def load(data: Mapping[str, Any]) -> Program:
    """A program from plain data. Raises ValueError, naming what is wrong, if it can't be run."""
    plans = {name: _plan(name, plan) for name, plan in data.get("games", {}).items()}
    told = data.get(MISSIONS, {})
    missions = tuple(mission.load(m) for m in told.get("list", ()))
    bonus = prize.load(told["bonus"]) if told.get("bonus") else None
    run = data.get(STREAK, {})
    milestones = {int(days): prize.load(p) for days, p in run.get("prizes", {}).items()}
    _refuse(mission.problems(missions))
    given = (*(m.prize for m in missions), *((bonus,) if bonus else ()))
    sources = {name: _source(plans[name], data["games"][name]) for name in plans}
    sources[MISSIONS] = Source(given, Budget(**told.get("budget", {})))
    sources[STREAK] = Source(tuple(milestones.values()), Budget(**run.get("budget", {})))
    return Program(
        games=plans,
        missions=missions,
        draw=told.get("draw", 0),
        bonus=bonus,
        streak_rules=_rules(run.get("rules", {})),
        streak_prizes=milestones,
        sources=sources,
        closed=frozenset(date.fromisoformat(on) for on in data.get("closed", ())),
        point_rupiah=data.get("point_rupiah", 1),
        members=Behaviour(**{k: _frozen(v) for k, v in data.get("members", {}).items()}),
    )


def _plan(name: str, data: Mapping[str, Any]) -> GamePlan:
    known = games.discover()
    if name not in known:
        raise ValueError(f"no such game: {name}")
    config = known[name].load(data["config"])
    _refuse(known[name].problems(config))
    return GamePlan(known[name], config, data.get("share", 100), data.get("plays_day", 1))


def _source(plan: GamePlan, data: Mapping[str, Any]) -> Source:
    prizes = plan.game.prizes(plan.config)
    code = getattr(plan.config, "consolation", "")
    consolation = next((p for p in prizes if p.code == code), LAST_RESORT)
    return Source(prizes, Budget(**data.get("budget", {})), consolation)


def _rules(data: Mapping[str, Any]) -> streak.Rules:
    return streak.Rules(**{name: _frozen(value) for name, value in data.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _refuse(problems: tuple[str, ...]) -> None:
    if problems:
        raise ValueError(", ".join(problems))
