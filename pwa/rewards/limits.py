"""How much of a reward there is, for everyone and for one member, as guarded counters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pwa import counters, languages
from pwa.clock import program_day
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
    today = on or program_day()
    start = f"reward:{reward.code}"
    limits = [
        (f"{start}:{today}", reward.stock_day, 1, SoldOutToday, today),
        (start, reward.stock_total, 1, SoldOut, None),
        (f"{start}:rupiah", reward.budget_rupiah, reward.value_rupiah, SoldOut, None),
    ]
    return [Limit(name, most, *rest) for name, most, *rest in limits if most is not None]  # type: ignore[arg-type]


def of_member(reward: Reward, member_id: int, on: date | None = None) -> list[Limit]:
    """What one member may have: for good, and that day's (default today) month, week, day."""
    today = on or program_day()
    monday = today - timedelta(days=today.weekday())
    start, mine = f"reward:{reward.code}", f"m{member_id}"
    limits = [
        (f"{start}:{mine}", reward.per_member, LimitReachedForGood, None),
        (f"{start}:{today:%Y-%m}:{mine}", reward.per_member_month, LimitReachedThisMonth,
         today.replace(day=1) + timedelta(days=31)),
        (f"{start}:w{monday}:{mine}", reward.per_member_week, LimitReachedThisWeek,
         monday + timedelta(days=6)),
        (f"{start}:{today}:{mine}", reward.per_member_day, LimitReached, today),
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
