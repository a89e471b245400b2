"""What counts towards tiers, and the grants it brings. Callers commit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, update

from pwa import counters, outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.members import service as members
from pwa.program import service as program
from pwa.program.schema import Tier
from pwa.tiers import rules
from pwa.tiers.models import TierGrant, TierProgress
from pwa.tiers.rules import Counted, Period

REACHED, LANDING = "reached", "landing"
COLUMNS = (TierProgress.points, TierProgress.rupiah, TierProgress.orders)


def count(member_id: int, points: int, rupiah: int, on: date | None = None) -> None:
    """Count a purchase towards the member's tier; an upgrade holds at once and is told.

    `points` are qualifying points, `rupiah` the base they came from. The caller makes sure
    that each purchase is counted once.
    """
    on = on or program_day()
    _add(member_id, Counted(points, rupiah, 1), on)
    _rise(member_id, on)


def uncount(member_id: int, points: int, rupiah: int, whole_order: bool, on: date) -> None:
    """Take back what a purchase of the program day `on` counted, when goods came back.

    A tier that was reached with it and is no longer covered ends today, so that buying,
    rising and returning brings nothing.
    """
    less = Counted(points, rupiah, int(whole_order))
    lowered = update(TierProgress).where(TierProgress.member_id == member_id, TierProgress.on == on)
    values = {c.name: _at_least_0(c, n) for c, n in zip(_columns(), less, strict=True)}
    db.session.execute(lowered.values(values))
    found = program.current()
    joined_on = joined_day(member_id)
    for each in rules.periods_with(found.tiering, joined_on, on, program_day()):
        kept = rules.reached(found.tiers, counted_in(member_id, each))
        _end(member_id, each, [tier for tier in found.tiers[1:] if tier not in kept])


def adopt(kept_id: int, closed_id: int) -> None:
    """Count for one account what was counted for another."""
    days = select(TierProgress).where(TierProgress.member_id == closed_id)
    for row in db.session.scalars(days.order_by(TierProgress.on)).all():
        _add(kept_id, Counted(row.points, row.rupiah, row.orders), row.on)
    _rise(kept_id, program_day())


def counted_in(member_id: int, period: Period) -> Counted:
    """What was counted in a period."""
    sums = select(*(func.coalesce(func.sum(column), 0) for column in COLUMNS)).where(
        TierProgress.member_id == member_id, TierProgress.on.between(*period)
    )
    return Counted(*map(int, db.session.execute(sums).one()))


def joined_day(member_id: int) -> date:
    """Where membership years begin. Asks nothing where they don't matter."""
    if program.current().tiering.period != "membership":
        return date.min
    return members.get(member_id).joined_on


def _add(member_id: int, more: Counted, on: date) -> None:
    assert min(more) >= 0, more
    row = counters.insert(TierProgress).values(member_id=member_id, on_day=on, **more._asdict())
    grown = {c.name: c + n for c, n in zip(_columns(), more, strict=True)}
    db.session.execute(
        row.on_conflict_do_update(index_elements=["member_id", "on_day"], set_=grown)
    )


def _columns() -> list[Any]:
    table = TierProgress.__table__.c
    return [table.points, table.rupiah, table.orders]


def _at_least_0(column: Any, less: int) -> ColumnElement[int]:
    return case((column >= less, column - less), else_=0)


def _rise(member_id: int, on: date) -> None:
    """Grant what is reached by now in the period of `on`, and the soft landings after it."""
    found = program.current()
    joined_on = joined_day(member_id)
    period = rules.period(found.tiering, joined_on, on)
    reached = rules.reached(found.tiers, counted_in(member_id, period))
    if not reached:
        return
    until_on = rules.kept_until(found.tiering, joined_on, on)
    key = period.start.isoformat()
    held = _held(member_id, on, key)
    for tier in reached:
        is_held = any(row.tier_code == tier.code and row.until_on >= on for row in held)
        _grant(member_id, tier, key, Period(on, until_on), REACHED, held)
        if not is_held:
            told = f"{member_id}:{tier.code}:{key}"
            outbox.tell("tier.reached", told, member_id, tier=tier.code, until=until_on.isoformat())
    place = found.tiers.index(reached[-1])
    for lower, stay in rules.landings(found.tiering, joined_on, found.tiers, place, until_on):
        _grant(member_id, lower, f"{key}:{reached[-1].code}", stay, LANDING, held)


def _held(member_id: int, on: date, key: str) -> list[TierGrant]:
    """The grants that matter for a rise: those that are on, and those of the same period."""
    mine = select(TierGrant).where(
        TierGrant.member_id == member_id,
        or_(
            TierGrant.source == key,
            TierGrant.source.startswith(f"{key}:", autoescape=True),
            (TierGrant.from_on <= on) & (TierGrant.until_on >= on),
        ),
    )
    return list(db.session.scalars(mine))


def _grant(
    member_id: int, tier: Tier, source: str, stay: Period, reason: str, held: list[TierGrant]
) -> None:
    known = (row for row in held if (row.tier_code, row.source) == (tier.code, source))
    row = next(known, None)
    if row is None:
        fresh = TierGrant(
            member_id=member_id, tier_code=tier.code, source=source, from_on=stay.start,
            until_on=stay.end, reason=reason, at=now(),
        )  # fmt: skip
        row, _ = claim(fresh, member_id=member_id, tier_code=tier.code, source=source)
    if row.until_on < stay.end:
        row.until_on = stay.end  # reached again after goods had come back


def _end(member_id: int, period: Period, lost: list[Tier]) -> None:
    """End what was reached in a period and is not covered any more, with its landings."""
    key = period.start.isoformat()
    codes = [tier.code for tier in lost]
    ended = update(TierGrant).where(
        TierGrant.member_id == member_id,
        or_(
            (TierGrant.source == key) & TierGrant.tier_code.in_(codes),
            TierGrant.source.in_([f"{key}:{code}" for code in codes]),
        ),
    )
    db.session.execute(ended.values(until_on=program_day() - timedelta(days=1)))
