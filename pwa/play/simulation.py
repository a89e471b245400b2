"""A program file's games as the simulator plays them: the very rules, made-up members."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

import games
from games.mission import Mission
from games.prize import LAST_RESORT, Budget, Prize
from games.program import MISSIONS, STREAK, Behaviour, GamePlan, Source
from games.program import Program as Plan
from games.simulate import Report, simulate
from games.streak import Rules
from games.wheel import Wheel as RulesWheel
from pwa.missions import service as missions
from pwa.play import quiz_rules, wheels
from pwa.program.schema import Program, Wheel

POINT_RUPIAH = 100  # what a point costs the shop, where nobody says otherwise


def run(
    program: Program,
    members: int,
    days: int,
    first_on: date,
    *,
    seed: int = 1,
    runs: int = 1,
    behaviour: Behaviour | None = None,
    point_rupiah: int = POINT_RUPIAH,
) -> Report:
    """What `days` days of this program's games would cost with so many members."""
    planned = plan(program, behaviour or Behaviour(categories=_categories(program)), point_rupiah)
    return simulate(planned, members, days, random.Random(seed), first_on, runs)  # noqa: S311


def plan(program: Program, behaviour: Behaviour, point_rupiah: int = POINT_RUPIAH) -> Plan:
    """The program as the simulator reads it."""
    known, played = games.discover(), {}
    sources: dict[str, Source] = {}
    for wheel in program.wheels[:1]:
        played["wheel"] = GamePlan(known["wheel"], _wheel(wheel), 100, wheel.free_daily)
        sources["wheel"] = _source(wheel)
    for quiz in program.quizzes[:1]:
        rule = quiz_rules.rule(quiz)
        played["quiz"] = GamePlan(known["quiz"], rule, 100, quiz.attempts_day)
        sources["quiz"] = Source(tuple(step.prize for step in rule.steps), Budget())
    ruled = tuple(_by_line(missions.rule(m)) for m in program.missions)
    bonuses = {
        int(n): Prize(f"streak-{n}", "points", p) for n, p in program.streak.milestones.items()
    }
    sources[MISSIONS] = Source(tuple(m.prize for m in ruled), Budget())
    sources[STREAK] = Source(tuple(bonuses.values()), Budget())
    bonus = program.daily.bonus_points
    return Plan(
        games=played,
        missions=ruled,
        draw=program.daily.drawn,
        bonus=Prize("set", "points", bonus) if bonus else None,
        streak_rules=Rules(
            milestones=tuple(sorted(bonuses)), freezes_max=program.streak.freezes_max
        ),
        streak_prizes=bonuses,
        sources=sources,
        closed=frozenset(closed.first_on for closed in program.streak.closed),
        point_rupiah=point_rupiah,
        members=behaviour,
    )


def svg(report: Report) -> str:
    """The cost of each day in points, mean and 95th percentile, as a drawing."""
    width, height = 720.0, 240.0
    most = max([f.p95.points for f in report.by_day] + [1])
    step = width / max(1, len(report.by_day) - 1)

    def line(values: list[int]) -> str:
        points = [(n * step, height - value / most * height) for n, value in enumerate(values)]
        return "".join(f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for (a, b), (c, d) in pairwise(points))

    mean = line([f.mean.points for f in report.by_day])
    high = line([f.p95.points for f in report.by_day])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-60 -20 800 300" role="img">'
        f"<title>Points given by day: mean and 95th percentile</title>"
        f'<g fill="none" stroke-width="2"><path stroke="#c8430f" d="{high}"/>'
        f'<path stroke="#3b3ab0" d="{mean}"/><path stroke="#999" d="M0 240H720"/></g>'
        f'<g font-family="sans-serif" font-size="12"><text x="-54" y="8">{most}</text>'
        f'<text x="-20" y="244">0</text><text x="0" y="262">day 1</text>'
        f'<text x="690" y="262">{len(report.by_day)}</text>'
        f'<text x="300" y="276" fill="#3b3ab0">mean</text>'
        f'<text x="360" y="276" fill="#c8430f">95th percentile</text></g></svg>\n'
    )


def _by_line(mission: Mission) -> Mission:
    """A mission of a category as the simulator's purchases tell it: line by line."""
    where = dict(mission.where)
    if category := where.pop("categories", None):
        return mission._replace(trigger="purchase_category", where={**where, "category": category})
    return mission


def _wheel(wheel: Wheel) -> RulesWheel:
    return RulesWheel(tuple(wheels.rule(s) for s in wheel.slices), wheel.consolation)


def _source(wheel: Wheel) -> Source:
    slices = tuple(wheels.rule(s) for s in wheel.slices)
    fallen = next((s for s in slices if s.code == wheel.consolation), LAST_RESORT)
    return Source(slices, wheels.budget(wheel), fallen)


def _categories(program: Program) -> tuple[str, ...]:
    return tuple(sorted({product.category for product in program.products})) or ("kopi",)
