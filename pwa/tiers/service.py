"""Who stands where, and what counts towards the next tier. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import g, has_request_context, request
from sqlalchemy import ColumnElement, and_, bindparam, case, literal, select, update

from pwa import counters, outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.program import service as program
from pwa.program.schema import Tier
from pwa.tiers.models import TierGrant, TierProgress


class Standing(NamedTuple):
    """A member's place among the tiers, as of today."""

    tier: Tier
    points: int  # qualifying points in this period
    next: Tier | None  # None: she is at the top
    missing_points: int  # to `next`
    missing_rupiah: int  # a purchase of this size reaches `next`
    kept_until: date | None  # the last day of the tier she holds; None for the first tier
    period_ends_on: date  # the last day on which points count for this period
    keep_points: int  # more points wanted in this period to hold her tier a year longer


class Held(NamedTuple):
    """What the tables say of a member on a day."""

    points: int  # qualifying, in the day's period
    grants: Sequence[Any]  # rows of tier_code and until_on


_ONE_ROW = select(literal(1).label("one")).subquery()  # points come without a grant, too
_HELD = (
    select(
        select(TierProgress.points)
        .where(
            TierProgress.member_id == bindparam("member_id"),
            TierProgress.period_on == bindparam("period_on"),
        )
        .scalar_subquery()
        .label("points"),
        TierGrant.tier_code,
        TierGrant.until_on,
    )
    .select_from(_ONE_ROW)
    .outerjoin(
        TierGrant,
        and_(
            TierGrant.member_id == bindparam("member_id"),
            TierGrant.from_on <= bindparam("on"),
            TierGrant.until_on >= bindparam("on"),
        ),
    )
)


def standing(member_id: int, on: date | None = None) -> Standing:
    """Where a member stands on a program day (default today). One statement."""
    on = on or program_day()
    held = _held(member_id, on)
    return _standing(held.points, held.grants, on)


def tier_of(member_id: int) -> Tier:
    """The tier a member holds today. One statement."""
    return _highest(_held(member_id, program_day()).grants)[0]


def count(member_id: int, points: int, rupiah: int, on: date | None = None) -> None:
    """Count a purchase towards the member's tier; an upgrade holds at once and is told.

    `points` are qualifying points, `rupiah` the base they came from. The caller makes sure
    that each purchase is counted once.
    """
    assert min(points, rupiah) >= 0, (points, rupiah)
    on = on or program_day()
    total = _add(member_id, period_start(on), points, rupiah)
    reached = [tier for tier in program.current().tiers[1:] if total >= tier.needs_points]
    for tier in reached:
        _grant(member_id, tier, on)


def uncount(member_id: int, points: int, rupiah: int, whole_order: bool, on: date) -> None:
    """Take back what a purchase of the program day `on` counted, when goods came back.

    A tier that was reached in that period and is no longer covered ends today, so that
    buying, rising and returning brings nothing.
    """
    period = period_start(on)
    lowered = (
        update(TierProgress)
        .where(TierProgress.member_id == member_id, TierProgress.period_on == period)
        .values(
            points=_at_least_0(TierProgress.points, points),
            rupiah=_at_least_0(TierProgress.rupiah, rupiah),
            orders=_at_least_0(TierProgress.orders, int(whole_order)),
        )
    )
    total = db.session.execute(lowered.returning(TierProgress.points)).scalar_one_or_none() or 0
    lost = [tier.code for tier in program.current().tiers[1:] if total < tier.needs_points]
    ended = update(TierGrant).where(
        TierGrant.member_id == member_id,
        TierGrant.source == period.isoformat(),
        TierGrant.tier_code.in_(lost),
    )
    db.session.execute(ended.values(until_on=program_day() - timedelta(days=1)))


def period_start(on: date) -> date:
    """The first day of the calendar year."""
    return on.replace(month=1, day=1)


def period_end(on: date) -> date:
    """The last day of the calendar year."""
    return on.replace(month=12, day=31)


def kept_until(on: date) -> date:
    """A tier reached on `on` is kept to the end of the next year (product.md, rule 8)."""
    return date(on.year + 1, 12, 31)


def _standing(points: int, held: Sequence[Any], on: date) -> Standing:
    tier, until_on = _highest(held)
    above = [t for t in program.current().tiers if t.needs_points > tier.needs_points]
    following = above[0] if above else None
    missing = max(0, following.needs_points - points) if following else 0
    return Standing(
        tier=tier,
        points=points,
        next=following,
        missing_points=missing,
        missing_rupiah=missing * program.current().earning.rupiah_per_point,
        kept_until=until_on,
        period_ends_on=period_end(on),
        keep_points=max(0, tier.needs_points - points),
    )


def _held(member_id: int, on: date) -> Held:
    """What a member holds on a day. A page that only reads asks for it once."""
    if not (has_request_context() and request.method == "GET"):
        return _read_held(member_id, on)
    kept: dict[tuple[int, date], Held] = g.setdefault("tiers_held", {})
    if (member_id, on) not in kept:
        kept[member_id, on] = _read_held(member_id, on)
    return kept[member_id, on]


def _read_held(member_id: int, on: date) -> Held:
    asked = {"member_id": member_id, "on": on, "period_on": period_start(on)}
    rows = db.session.execute(_HELD, asked).all()
    return Held(rows[0].points or 0, [row for row in rows if row.tier_code is not None])


def _highest(held: Sequence[Any]) -> tuple[Tier, date | None]:
    """The highest tier among the grants, and the day it ends; the first tier never does."""
    tiers = program.current().tiers
    for tier in reversed(tiers[1:]):
        if ends := [grant.until_on for grant in held if grant.tier_code == tier.code]:
            return tier, max(ends)
    return tiers[0], None


def _add(member_id: int, period_on: date, points: int, rupiah: int) -> int:
    """Add to the counters in one statement; the points after it."""
    statement = counters.insert(TierProgress).values(
        member_id=member_id, period_on=period_on, points=points, rupiah=rupiah, orders=1
    )
    statement = statement.on_conflict_do_update(
        index_elements=["member_id", "period_on"],
        set_={
            "points": TierProgress.points + points,
            "rupiah": TierProgress.rupiah + rupiah,
            "orders": TierProgress.orders + 1,
        },
    )
    total: int = db.session.execute(statement.returning(TierProgress.points)).scalar_one()
    return total


def _at_least_0(column: Any, less: int) -> ColumnElement[int]:
    return case((column >= less, column - less), else_=0)


def _grant(member_id: int, tier: Tier, on: date) -> None:
    source = period_start(on).isoformat()
    row = TierGrant(
        member_id=member_id, tier_code=tier.code, source=source, from_on=on,
        until_on=kept_until(on), reason="reached", at=now(),
    )  # fmt: skip
    until_on = row.until_on
    held, is_new = claim(row, member_id=member_id, tier_code=tier.code, source=source)
    if not is_new and held.until_on < until_on:
        held.until_on = until_on  # reached again after goods had come back
    if is_new:
        key = f"{member_id}:{tier.code}:{source}"
        outbox.tell("tier.reached", key, member_id, tier=tier.code, until=row.until_on.isoformat())
