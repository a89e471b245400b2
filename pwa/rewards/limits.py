"""How much of a reward there is, for everyone and for one member, as guarded counters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pwa import counters, languages
from pwa.clock import program_day
from pwa.program import service as program
from pwa.program.schema import Reward
from pwa.rewards.errors import (
    LimitReached,
    LimitReachedForGood,
    LimitReachedThisMonth,
    LimitReachedThisWeek,
    SoldOut,
    SoldOutToday,
)

KEPT_DAYS = 2  # a counter outlives the time it counts by so long


class Limit(NamedTuple):
    """One counter that a redemption has to pass."""

    counter: str
    most: int
    amount: int
    refusal: type[SoldOut | LimitReached]
    until_on: date | None  # the last day it counts; None: for good


def of_stock(reward: Reward, on: date | None = None) -> list[Limit]:
    """What everyone shares: pieces in total and that day (default today), and the budget."""
    return _of_day(reward, on or program_day()).stock


def of_member(reward: Reward, member_id: int, on: date | None = None) -> list[Limit]:
    """What one member may have: for good, and that day's (default today) month, week, day."""
    mine, limits = f":m{member_id}", _of_day(reward, on or program_day())
    return [one._replace(counter=one.counter + mine) for one in limits.each]


class _Limits(NamedTuple):
    """A reward's limits on one day."""

    reward: Reward
    stock: list[Limit]
    each: list[Limit]  # every member's own; a counter's name goes on with hers


def _of_day(reward: Reward, on: date) -> _Limits:
    known = _of_program(on).get(reward.code)
    # A voucher of an older program brings the reward as it was then.
    return known if known is not None and known.reward is reward else _limits(reward, on)


@program.by_day
def _of_program(on: date) -> dict[str, _Limits]:
    return {reward.code: _limits(reward, on) for reward in program.current().rewards}


def _limits(reward: Reward, on: date) -> _Limits:
    return _Limits(reward, _of_stock(reward, on), _of_each(reward, on))


def _of_stock(reward: Reward, on: date) -> list[Limit]:
    start = f"reward:{reward.code}"
    limits = [
        (f"{start}:{on}", reward.stock_day, 1, SoldOutToday, on),
        (start, reward.stock_total, 1, SoldOut, None),
        (f"{start}:rupiah", reward.budget_rupiah, reward.value_rupiah, SoldOut, None),
    ]
    return [Limit(name, most, *rest) for name, most, *rest in limits if most is not None]  # type: ignore[arg-type]


def _of_each(reward: Reward, on: date) -> list[Limit]:
    monday = on - timedelta(days=on.weekday())
    start = f"reward:{reward.code}"
    limits = [
        (start, reward.per_member, LimitReachedForGood, None),
        (f"{start}:{on:%Y-%m}", reward.per_member_month, LimitReachedThisMonth,
         on.replace(day=1) + timedelta(days=31)),
        (f"{start}:w{monday}", reward.per_member_week, LimitReachedThisWeek,
         monday + timedelta(days=6)),
        (f"{start}:{on}", reward.per_member_day, LimitReached, on),
    ]  # fmt: skip
    return [Limit(name, most, 1, *rest) for name, most, *rest in limits if most is not None]  # type: ignore[arg-type]


def take(reward: Reward, member_id: int | None) -> None:
    """Count one piece against every limit, or refuse by name. None: without a member's own."""
    mine = of_member(reward, member_id) if member_id is not None else []
    for limit in (*mine, *of_stock(reward)):
        kept = limit.until_on + timedelta(days=KEPT_DAYS) if limit.until_on else None
        if not counters.take(limit.counter, limit.amount, limit.most, kept):
            raise limit.refusal(reward=languages.text(reward.name))


def give_back(reward: Reward, member_id: int | None, on: date) -> None:
    """Uncount a piece that was taken on `on`. None: taken without a member's own, a prize."""
    mine = of_member(reward, member_id, on) if member_id is not None else []
    for limit in (*mine, *of_stock(reward, on)):
        counters.give_back(limit.counter, limit.amount)
