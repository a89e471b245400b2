"""What a program would cost, played by made-up members with the very rules of this package.

Randomness comes in as `rng` (a `random.Random` will do): the same one gives the same report.
Money is in whole points and rupiah; means are rounded up, so that no cost looks smaller.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple, Protocol

from games import daily, mission, streak
from games.mission import FIXED, POOL, Event, Mission, Progress
from games.prize import FREEZE, SPIN, Prize
from games.program import MISSIONS, STREAK, GamePlan, Program
from games.purse import Cost, Figures, Purse, figures, summed
from games.window import key_of

MADE = {"check_in", "purchase", "game_played", "quiz_done"}  # by every visit, below
MAX_CHAINED_SPINS = 20  # "spin again" again and again


class Rng(Protocol):
    def random(self) -> float: ...
    def randrange(self, start: int, stop: int) -> int: ...


class Report(NamedTuple):
    by_game: Mapping[str, Figures]  # a day's cost, over all days and runs
    by_day: Sequence[Figures]  # all games together, over the runs
    whole: Figures  # all games and days together, over the runs
    run_outs: Mapping[str, Sequence[int]]  # "game.prize": days (from 0) it was out, over all runs
    streak_shares: Mapping[int, int]  # days of streak held at the end: members in 10,000
    unpaid: Mapping[str, int]  # plays whose prize fell to a consolation, by game


class _Member:
    """One made-up member. Mutable, since there are many and they live for many days."""

    __slots__ = ("name", "progress", "skill", "state", "tickets", "visit")

    def __init__(self, name: str, visit: int, skill: int) -> None:
        self.name, self.visit, self.skill = name, visit, skill
        self.state = streak.State()
        self.tickets = 0
        self.progress: dict[str, tuple[str, Progress]] = {}


class _Day(NamedTuple):
    """What is the same for every member on one day."""

    on: date
    came: streak.Facts
    stayed: streak.Facts
    seed_hex: str
    windows: Mapping[str, str | None]  # by mission code


class _Shop(NamedTuple):
    program: Program
    rng: Rng
    purses: Mapping[str, Purse]
    feeds: Mapping[str, Sequence[Mission]]  # missions by kind of event
    fixed: Sequence[str]
    pool: Sequence[str]
    by_code: Mapping[str, Mission]
    others: Sequence[str]  # kinds of events that no part of a visit makes


def simulate(
    program: Program, members: int, days: int, rng: Rng, first_on: date, runs: int = 1
) -> Report:
    """Play `days` program days from `first_on` with so many members, `runs` times over."""
    played = [_run(program, members, days, rng, first_on) for _ in range(runs)]
    return _report(program, played)


def _run(
    program: Program, members: int, days: int, rng: Rng, first_on: date
) -> tuple[_Shop, list[_Member]]:
    shop = _shop(program, rng)
    crowd = [_member(program, rng, number) for number in range(members)]
    for n in range(days):
        day = _day(shop, first_on + timedelta(days=n))
        for purse in shop.purses.values():
            purse.open()
        for member in crowd:
            _live(shop, member, day)
        for purse in shop.purses.values():
            purse.close()
    return shop, crowd


def _shop(program: Program, rng: Rng) -> _Shop:
    feeds: dict[str, list[Mission]] = {}
    for each in program.missions:
        feeds.setdefault(mission.TRIGGERS[each.trigger].kind, []).append(each)
    purses = {name: Purse(source) for name, source in program.sources.items()}
    fixed = [m.code for m in program.missions if m.in_set == FIXED]
    pool = [m.code for m in program.missions if m.in_set == POOL]
    others = sorted(set(feeds) - MADE)
    by_code = {m.code: m for m in program.missions}
    return _Shop(program, rng, purses, feeds, fixed, pool, by_code, others)


def _member(program: Program, rng: Rng, number: int) -> _Member:
    habits = program.members
    return _Member(f"m{number}", _between(rng, habits.visit), _between(rng, habits.skill))


def _day(shop: _Shop, on: date) -> _Day:
    closed = (streak.Pause(on, on, on, streak.SHOP),) if on in shop.program.closed else ()
    seed_hex = "".join(f"{shop.rng.randrange(0, 16):x}" for _ in range(64))
    return _Day(
        on,
        streak.Facts(frozenset({on}), closed),
        streak.Facts(frozenset(), closed),
        seed_hex,
        {m.code: key_of(m.window, on) for m in shop.program.missions},
    )


def _live(shop: _Shop, member: _Member, day: _Day) -> None:
    """One member's day: stay away, or check in, play, and perhaps buy."""
    comes = shop.rng.randrange(0, 100) < member.visit
    facts = day.came if comes else day.stayed
    closed = streak.close(member.state, day.on, facts, shop.program.streak_rules)
    member.state = closed.state
    if closed.milestone in shop.program.streak_prizes:
        _award(shop, member, STREAK, shop.program.streak_prizes[closed.milestone or 0])
    if comes:
        _visit(shop, member, day)


def _visit(shop: _Shop, member: _Member, day: _Day) -> None:
    chosen = _set_of(shop, member, day)
    feed = partial(_feed, shop, member, day, chosen)
    feed(Event("check_in", day.on))
    for name, plan in shop.program.games.items():
        if plan.is_on(day.on) and shop.rng.randrange(0, 100) < plan.share:
            _play(shop, member, day, name, plan, chosen)
    if shop.rng.randrange(0, 100) < shop.program.members.buy:
        feed(_purchase(shop, day))
    for kind in shop.others:
        if shop.rng.randrange(0, 100) < shop.program.members.other:
            feed(Event(kind, day.on, _purchase(shop, day).data))
    if shop.program.bonus and daily.is_complete(chosen, _done_today(member, day, chosen)):
        _award(shop, member, MISSIONS, shop.program.bonus)


def _play(
    shop: _Shop, member: _Member, day: _Day, name: str, plan: GamePlan, chosen: Sequence[str]
) -> None:
    for number in range(plan.plays_day + MAX_CHAINED_SPINS):
        if number >= plan.plays_day and not _uses_ticket(member, plan.game.NAME):
            return
        outcome = plan.game.play(plan.config, *_choices(shop, member, plan))
        _award(shop, member, name, outcome.raw)
        _feed(shop, member, day, chosen, Event("game_played", day.on, {"game": plan.game.NAME}))
        if plan.game.NAME == "quiz":
            _feed(shop, member, day, chosen, Event("quiz_done", day.on, outcome.shown))


def _uses_ticket(member: _Member, game: str) -> bool:
    if game != "wheel" or not member.tickets:
        return False
    member.tickets -= 1
    return True


def _choices(shop: _Shop, member: _Member, plan: GamePlan) -> tuple[int, Sequence[object]]:
    roll = shop.rng.randrange(0, plan.game.total(plan.config))
    answers_like = getattr(plan.game, "answers_like", None)
    if answers_like is None:
        return roll, ()
    rights = [shop.rng.randrange(0, 100) < member.skill for _ in range(plan.config.asked)]
    return roll, answers_like(plan.config, rights)


def _purchase(shop: _Shop, day: _Day) -> Event:
    habits = shop.program.members
    spent = _between(shop.rng, habits.spend_rupiah)
    category = habits.categories[shop.rng.randrange(0, len(habits.categories))]
    eco = shop.rng.randrange(0, 100) < habits.eco
    line = {"category": category, "eco": eco, "amount_rupiah": spent}
    told = {"amount_rupiah": spent, "eco": eco, "categories": [category], "lines": [line]}
    return Event("purchase", day.on, told)


def _feed(shop: _Shop, member: _Member, day: _Day, chosen: Sequence[str], event: Event) -> None:
    for each in shop.feeds.get(event.kind, ()):
        window = day.windows[each.code]
        if window is None or (each.in_set and each.code not in chosen):
            continue
        if each.after is not None and not _is_finished(member, each.after):
            continue
        held, before = member.progress.get(each.code, ("", Progress()))
        before = before if held == window else Progress()
        after = mission.step(each, before, event)
        member.progress[each.code] = (window, after)
        if after.done_on and not before.done_on:
            _award(shop, member, MISSIONS, each.prize)


def _award(shop: _Shop, member: _Member, source: str, raw: Prize) -> None:
    given = shop.purses[source].give(raw, shop.program.point_rupiah)
    if given.kind == SPIN:
        member.tickets += 1
    if given.kind == FREEZE and not streak.refuse_freeze(member.state, shop.program.streak_rules):
        member.state = member.state._replace(freezes=member.state.freezes + 1)


def _set_of(shop: _Shop, member: _Member, day: _Day) -> tuple[str, ...]:
    if not shop.fixed and not shop.pool:
        return ()
    return daily.daily_set(
        day.seed_hex, member.name, day.on, shop.fixed, shop.pool, shop.program.draw
    )


def _done_today(member: _Member, day: _Day, chosen: Iterable[str]) -> set[str]:
    kept = {code: member.progress.get(code) for code in chosen}
    return {c for c, held in kept.items() if held and held[1].done_on == day.on}


def _is_finished(member: _Member, code: str) -> bool:
    held = member.progress.get(code)
    return held is not None and held[1].done_on is not None


def _between(rng: Rng, bounds: tuple[int, int]) -> int:
    return rng.randrange(bounds[0], bounds[1] + 1)


# The report


def _report(program: Program, played: Sequence[tuple[_Shop, list[_Member]]]) -> Report:
    shops = [shop for shop, _ in played]
    totals = [_daily_totals(shop) for shop in shops]
    return Report(
        by_game={n: figures([c for s in shops for c in s.purses[n].days]) for n in program.sources},
        by_day=[figures(day) for day in zip(*totals, strict=True)],
        whole=figures([summed(run) for run in totals]),
        run_outs=_run_outs(shops),
        streak_shares=_shares(program, [m for _, crowd in played for m in crowd]),
        unpaid={n: sum(s.purses[n].unpaid for s in shops) for n in program.sources},
    )


def _daily_totals(shop: _Shop) -> list[Cost]:
    return [
        summed(costs) for costs in zip(*(purse.days for purse in shop.purses.values()), strict=True)
    ]


def _run_outs(shops: Sequence[_Shop]) -> dict[str, list[int]]:
    outs: dict[str, list[int]] = {}
    for shop in shops:
        for name, purse in shop.purses.items():
            for code, day in sorted(purse.out_on):
                outs.setdefault(f"{name}.{code}", []).append(day)
    return outs


def _shares(program: Program, members: Sequence[_Member]) -> dict[int, int]:
    steps = (0, 1, *program.streak_rules.milestones)
    return {
        days: 10_000 * sum(m.state.length_days >= days for m in members) // len(members)
        for days in steps
    }
