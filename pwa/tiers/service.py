"""Who stands where, and what is missing to the next tier. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import g, has_request_context, request
from sqlalchemy import and_, bindparam, exists, func, select

from pwa.clock import program_day
from pwa.driver import Asked
from pwa.program import service as program
from pwa.program.schema import Text, Tier
from pwa.tiers import rules
from pwa.tiers.models import PerkTaken, TierGrant, TierProgress
from pwa.tiers.progress import COLUMNS, count, joined_day, uncount
from pwa.tiers.rules import Counted, Period

__all__ = [
    "Counted", "Standing", "count", "in_rupiah", "standing", "tier_and_double", "tier_of",
    "uncount",
]  # fmt: skip


class Standing(NamedTuple):
    """A member's place among the tiers, as of today."""

    tier: Tier
    counted: Counted  # in this period
    period: Period
    next: Tier | None  # None: she is at the top
    missing: Counted  # to `next`
    kept_until: date | None  # the last day of the tier she holds; None for the first tier
    keep: Counted  # more wanted in this period to hold her tier a period longer

    @property
    def points(self) -> int:
        """Qualifying points in this period."""
        return self.counted.points

    @property
    def missing_rupiah(self) -> int:
        """Purchases of so much reach `next`, as far as it is a matter of money."""
        return in_rupiah(self.missing)


class Held(NamedTuple):
    """What the tables say of a member on a day."""

    counted: Counted
    grants: Sequence[Any]  # rows of tier_code and until_on
    is_double: bool  # she chose this day as one of her double days


DOUBLE_DAY = "double-day"  # what PerkTaken calls it
DOUBLE_NAME = Text(id="Hari poin ganda", en="Double points day", jv="Dina poin ganda",
                   su="Poé poin ganda")  # fmt: skip

_SUMS = (
    select(*(func.coalesce(func.sum(column), 0).label(column.key) for column in COLUMNS))
    .where(
        TierProgress.member_id == bindparam("member_id"),
        TierProgress.on.between(bindparam("start"), bindparam("end")),
    )
    .subquery()
)
_IS_DOUBLE = exists().where(
    PerkTaken.member_id == bindparam("member_id"),
    PerkTaken.perk == DOUBLE_DAY,
    PerkTaken.on == bindparam("on"),
)
_HELD = Asked(
    select(
        *_SUMS.c, _IS_DOUBLE.label("is_double"), TierGrant.tier_code, TierGrant.until_on
    ).select_from(
        _SUMS.outerjoin(
            TierGrant,
            and_(
                TierGrant.member_id == bindparam("member_id"),
                TierGrant.from_on <= bindparam("on"),
                TierGrant.until_on >= bindparam("on"),
            ),
        )
    )
)


def standing(member_id: int, on: date | None = None) -> Standing:
    """Where a member stands on a program day (default today). One statement."""
    on = on or program_day()
    period = _period(member_id, on)
    held = _held(member_id, on, period)
    return _standing(held, period)


def tier_of(member_id: int) -> Tier:
    """The tier a member holds today. One statement."""
    return tier_and_double(member_id)[0]


def tier_and_double(member_id: int) -> tuple[Tier, bool]:
    """The tier a member holds today, and whether today is her double day. One statement."""
    on = program_day()
    held = _held(member_id, on, _period(member_id, on))
    return _highest(held.grants)[0], held.is_double


def in_rupiah(wanted: Counted) -> int:
    """What to spend for the points and rupiah that are wanted; orders are counted apart."""
    return max(wanted.points * program.current().earning.rupiah_per_point, wanted.rupiah)


def _standing(held: Held, period: Period) -> Standing:
    tiers = program.current().tiers
    tier, until_on = _highest(held.grants)
    above = tiers[tiers.index(tier) + 1 :]
    following = above[0] if above else None
    return Standing(
        tier=tier,
        counted=held.counted,
        period=period,
        next=following,
        missing=rules.missing(following, held.counted) if following else Counted(),
        kept_until=until_on,
        keep=rules.missing(tier, held.counted),
    )


def _period(member_id: int, on: date) -> Period:
    return rules.period(program.current().tiering, joined_day(member_id), on)


def _held(member_id: int, on: date, period: Period) -> Held:
    """What a member holds on a day. A page that only reads asks for it once."""
    if not (has_request_context() and request.method == "GET"):
        return _read_held(member_id, on, period)
    kept: dict[tuple[int, date], Held] = g.setdefault("tiers_held", {})
    if (member_id, on) not in kept:
        kept[member_id, on] = _read_held(member_id, on, period)
    return kept[member_id, on]


def _read_held(member_id: int, on: date, period: Period) -> Held:
    rows = _HELD.rows(member_id=member_id, on=on, start=period.start, end=period.end)
    counted = Counted(*(int(number) for number in rows[0][:3]))
    grants = [row for row in rows if row.tier_code is not None]
    return Held(counted, grants, bool(rows[0].is_double))


def _highest(held: Sequence[Any]) -> tuple[Tier, date | None]:
    """The highest tier among the grants, and the day it ends; the first tier never does."""
    tiers = program.current().tiers
    for tier in reversed(tiers[1:]):
        if ends := [grant.until_on for grant in held if grant.tier_code == tier.code]:
            return tier, max(ends)
    return tiers[0], None
