"""What a game may still give: games/prize.py decides, guarded counters make it true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from games import prize
from games.prize import Budget, Prize, Remaining, Spent
from pwa import counters
from pwa.db import db

RACES_MOST = 5  # each lost race means that somebody else took the last one


class Settled(NamedTuple):
    given: Prize
    why_out: str | None  # why the raw prize was not given


class _Out(Exception):
    """A counter was full after all: another play came first."""


def settle(
    game: str, on: date, raw: Prize, consolation: Prize, slices: Sequence[Prize], budget: Budget
) -> Settled:
    """The prize to give for `raw`, counted in the caller's transaction.

    games.prize.settle decides from what is left; single-statement counters then make sure
    that what it decided still holds, and it decides anew where it does not.
    """
    for _ in range(RACES_MOST):
        left = remaining(game, on, slices, budget)
        given = prize.settle(raw, left, consolation)
        if _take(game, on, given, budget):
            return Settled(given, prize.why_out(raw, left) if given != raw else None)
    return Settled(prize.LAST_RESORT, "stock")


def remaining(game: str, on: date, slices: Sequence[Prize], budget: Budget) -> Remaining:
    """What is left of each prize and of the budget on day `on`. One statement."""
    names = {name for s in slices for name in _pieces(game, on, s)} | _sums(game, on)
    found = counters.given(sorted(names))
    day, total = _period(on), "total"
    spent = Spent(
        points_day=found[f"{game}:points:{day}"],
        points_total=found[f"{game}:points:{total}"],
        rupiah_day=found[f"{game}:rupiah:{day}"],
        rupiah_total=found[f"{game}:rupiah:{total}"],
        pieces_day={s.code: found[f"{game}:{s.code}:{day}"] for s in slices},
        pieces_total={s.code: found[f"{game}:{s.code}:{total}"] for s in slices},
    )
    return prize.remaining(tuple(slices), budget, spent)


def _take(game: str, on: date, given: Prize, budget: Budget) -> bool:
    """Count the prize against every limit, or against none."""
    if given == prize.LAST_RESORT:
        return True
    wanted = [
        (f"{game}:{given.code}:{_period(on)}", 1, given.stock_day, on),
        (f"{game}:{given.code}:total", 1, given.stock_total, None),
        (f"{game}:points:{_period(on)}", given.points, budget.points_day, on),
        (f"{game}:points:total", given.points, budget.points_total, None),
        (f"{game}:rupiah:{_period(on)}", given.value_rupiah, budget.rupiah_day, on),
        (f"{game}:rupiah:total", given.value_rupiah, budget.rupiah_total, None),
    ]
    try:
        with db.session.begin_nested():
            for name, amount, most, until_on in sorted(wanted, key=lambda row: row[0]):
                if amount and not counters.take(name, amount, most, until_on):
                    raise _Out
    except _Out:
        return False
    return True


def _pieces(game: str, on: date, slice_: Prize) -> set[str]:
    return {f"{game}:{slice_.code}:{_period(on)}", f"{game}:{slice_.code}:total"}


def _sums(game: str, on: date) -> set[str]:
    periods = (_period(on), "total")
    return {f"{game}:{what}:{period}" for what in ("points", "rupiah") for period in periods}


def _period(on: date) -> str:
    return on.isoformat()
