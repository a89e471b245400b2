"""What a game can give, and how much of it the owner still wants to give.

Rule 10 of the product: a prize carries a stock by day and in total, a game carries a budget in
points and in rupiah by day and in total, and what is out falls to a named consolation.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

POINTS = "points"
VOUCHER = "voucher"
PRODUCT = "product"
SPIN = "spin"  # one more ticket
FREEZE = "freeze"  # one streak freeze
NOTHING = "nothing"  # kind words
KINDS = frozenset({POINTS, VOUCHER, PRODUCT, SPIN, FREEZE, NOTHING})

TAX_PERCENT = 25  # final tax on a prize drawn by lot, PP 132/2000

_NONE: Mapping[str, int] = MappingProxyType({})


class Prize(NamedTuple):
    """One prize. Its labels belong to the caller's catalogue of texts, under `code`."""

    code: str
    kind: str = NOTHING
    points: int = 0  # whole points, for kind `points`
    value_rupiah: int = 0  # what one costs the shop
    reward: str = ""  # code in the rewards catalogue, for vouchers and products
    weight: int = 1  # relative chance, in games of chance
    stock_day: int | None = None  # pieces a program day; None is no limit
    stock_total: int | None = None  # pieces in all
    tier: str | None = None  # only on the wheel of this tier's members
    tone: str = "plain"  # which of the theme's colours


# Given when even the consolation is beyond the budget. It costs nothing and never runs out.
LAST_RESORT = Prize("nothing")


class Budget(NamedTuple):
    """What the owner allows. None is no limit."""

    points_day: int | None = None
    points_total: int | None = None
    rupiah_day: int | None = None
    rupiah_total: int | None = None


class Spent(NamedTuple):
    """What has been given so far, counted by the caller inside its transaction."""

    points_day: int = 0
    points_total: int = 0
    rupiah_day: int = 0
    rupiah_total: int = 0
    pieces_day: Mapping[str, int] = _NONE  # by prize code
    pieces_total: Mapping[str, int] = _NONE


class Remaining(NamedTuple):
    """What may still be given now: the smaller of the day's and the total's. None is no limit."""

    points: int | None = None
    rupiah: int | None = None
    pieces: Mapping[str, int] = _NONE  # by prize code; a code not here has no limit


def remaining(prizes: tuple[Prize, ...], budget: Budget, spent: Spent) -> Remaining:
    """What is left of `budget` and of each prize's stock after `spent`."""
    return Remaining(
        points=_least(
            _left(budget.points_day, spent.points_day),
            _left(budget.points_total, spent.points_total),
        ),
        rupiah=_least(
            _left(budget.rupiah_day, spent.rupiah_day),
            _left(budget.rupiah_total, spent.rupiah_total),
        ),
        pieces={
            prize.code: pieces
            for prize in prizes
            if (pieces := _pieces_left(prize, spent)) is not None
        },
    )


def why_out(prize: Prize, left: Remaining) -> str | None:
    """Why `prize` can't be given: "stock", "points" or "rupiah"; None when it can."""
    if left.pieces.get(prize.code, 1) < 1:
        return "stock"
    if left.points is not None and prize.points > left.points:
        return "points"
    if left.rupiah is not None and prize.value_rupiah > left.rupiah:
        return "rupiah"
    return None


def settle(raw: Prize, left: Remaining, consolation: Prize) -> Prize:
    """The prize to give when the game said `raw`: itself, the consolation, or kind words.

    Record both. `why_out(raw, left)` is the reason to record beside them.
    """
    for prize in (raw, consolation):
        if why_out(prize, left) is None:
            return prize
    return LAST_RESORT


def take(left: Remaining, given: Prize) -> Remaining:
    """What remains after giving `given`. It was not out, so nothing falls below zero."""
    assert why_out(given, left) is None, given.code
    pieces = left.pieces
    if given.code in pieces:
        pieces = {**pieces, given.code: pieces[given.code] - 1}
    return Remaining(
        None if left.points is None else left.points - given.points,
        None if left.rupiah is None else left.rupiah - given.value_rupiah,
        pieces,
    )


def tax_rupiah(prize: Prize) -> int:
    """Tax that the organiser withholds in draw mode, in whole rupiah, rounded down."""
    return prize.value_rupiah * TAX_PERCENT // 100


def load(data: Mapping[str, Any]) -> Prize:
    """A prize from plain data. Raises ValueError on a field that prizes do not have."""
    unknown = set(data) - set(Prize._fields)
    if unknown or "code" not in data:
        raise ValueError(f"prize: {', '.join(sorted(unknown)) or 'code is missing'}")
    return Prize(**data)


def problems(prize: Prize) -> tuple[str, ...]:
    """What is wrong with a prize as an owner wrote it, as codes; empty when it can be played."""
    stocks = [n for n in (prize.stock_day, prize.stock_total) if n is not None]
    wrong = {
        "kind": prize.kind not in KINDS,
        "weight": prize.weight < 1,
        "negative": min([prize.points, prize.value_rupiah, *stocks]) < 0,
        "points_missing": prize.kind == POINTS and prize.points < 1,
        "points_unused": prize.kind != POINTS and prize.points != 0,
        "reward_missing": prize.kind in (VOUCHER, PRODUCT) and not prize.reward,
        "nothing_costs": prize.kind == NOTHING and prize.value_rupiah != 0,
    }
    return tuple(f"{prize.code}.{name}" for name, is_wrong in wrong.items() if is_wrong)


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


def _least(*limits: int | None) -> int | None:
    return min((n for n in limits if n is not None), default=None)


def _pieces_left(prize: Prize, spent: Spent) -> int | None:
    return _least(
        _left(prize.stock_day, spent.pieces_day.get(prize.code, 0)),
        _left(prize.stock_total, spent.pieces_total.get(prize.code, 0)),
    )
