"""A program file's games as the simulator plays them: the very rules, made-up members."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import games
from games.mission import Mission
from games.prize import LAST_RESORT, Budget, Prize
from games.program import MISSIONS, STREAK, Behaviour, GamePlan, Source
from games.program import Program as Plan
from games.question import PREFERENCE
from games.simulate import Report, simulate
from games.streak import Rules
from games.wheel import Wheel as RulesWheel
from pwa.missions import service as missions
from pwa.play import chance, quiz_rules, wheels
from pwa.program.playing import Closed
from pwa.program.schema import Mission as SaidMission
from pwa.program.schema import Program, Quiz, Wheel

Planned = tuple[str, GamePlan, Source]
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
    played: dict[str, GamePlan] = {}
    sources: dict[str, Source] = {}
    for name, one, source in (*_wheels(program), *_quizzes(program), *_others(program)):
        played[name], sources[name] = one, source
    ruled = tuple(_by_line(_valued(missions.rule(m), m, program)) for m in program.missions)
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
        closed=frozenset(on for closed in program.streak.closed for on in _days(closed)),
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


def _wheels(program: Program) -> Iterator[Planned]:
    """Every wheel, on the days on which it is the one in use."""
    for wheel in program.wheels:
        slices = tuple(wheels.rule(s) for s in wheel.slices)
        fallen = next((s for s in slices if s.code == wheel.consolation), LAST_RESORT)
        rule = RulesWheel(slices, wheel.consolation)
        in_use = partial(_is_in_use, program.wheels, wheel)
        one = GamePlan(games.discover()["wheel"], rule, 100, wheel.free_daily, in_use)
        yield f"wheel {wheel.code}", one, Source(slices, wheels.budget(wheel), fallen)


def _is_in_use(all_of_them: Sequence[Wheel], wheel: Wheel, on: date) -> bool:
    return next((w.code for w in all_of_them if w.is_open(on)), "") == wheel.code


def _quizzes(program: Program) -> Iterator[Planned]:
    """Every quiz, on the days on which it is its turn."""
    for quiz in program.quizzes:
        rule = quiz_rules.rule(quiz)
        scored = tuple(q for q in rule.questions if q.kind != PREFERENCE)
        rule = rule._replace(questions=scored, asked=min(rule.asked, len(scored)))
        is_turn = partial(_is_turn, program, quiz)
        one = GamePlan(games.discover()["quiz"], rule, 100, quiz.attempts_day, is_turn)
        steps = tuple(_with_value(step.prize, program) for step in rule.steps)
        if scored:
            yield f"quiz {quiz.code}", one, Source(steps, Budget())


def _is_turn(program: Program, quiz: Quiz, on: date) -> bool:
    found = quiz_rules.turn_of(program.quizzes, on)
    return found is not None and found.code == quiz.code


def _others(program: Program) -> Iterator[Planned]:
    for name, said in program.games.items():
        game = games.discover()[name]
        config = game.load(said.config)
        prizes = game.prizes(config)
        code = getattr(config, "consolation", "")
        fallen = next((p for p in prizes if p.code == code), LAST_RESORT)
        one = GamePlan(game, config, 100, said.free_daily)
        yield name, one, Source(prizes, chance.budget(said), fallen)


def _valued(rule: Mission, mission: SaidMission, program: Program) -> Mission:
    prize = rule.prize._replace(reward=mission.prize.reward or "")
    return rule._replace(prize=_with_value(prize, program))


def _with_value(prize: Prize, program: Program) -> Prize:
    """A voucher costs what its reward costs."""
    reward = program.reward(prize.reward) if prize.reward else None
    return prize._replace(value_rupiah=reward.value_rupiah) if reward else prize


def _days(closed: Closed) -> Iterator[date]:
    for n in range((closed.last_on - closed.first_on).days + 1):
        yield closed.first_on + timedelta(days=n)


def _categories(program: Program) -> tuple[str, ...]:
    return tuple(sorted({product.category for product in program.products})) or ("kopi",)
