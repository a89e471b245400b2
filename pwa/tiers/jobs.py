"""What the worker does for tiers: the streak freezes of the month."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from pwa.clock import program_day
from pwa.db import db
from pwa.missions import service as missions
from pwa.program import service as program
from pwa.tiers import perks, service
from pwa.tiers.models import PerkTaken, TierGrant

FREEZES = "freezes"


def give_freezes(at: datetime, limit: int) -> int:
    """Give each member of a tier with streak freezes those of this month, as far as they fit."""
    codes = [tier.code for tier in program.current().tiers if tier.streak_freezes]
    if not codes:
        return 0
    today = program_day(at)
    month = perks.period_key("month", today)
    had = select(PerkTaken.id).where(
        PerkTaken.member_id == TierGrant.member_id,
        PerkTaken.perk == FREEZES,
        PerkTaken.period == month,
    )
    waiting = (
        select(TierGrant.member_id)
        .where(TierGrant.tier_code.in_(codes), TierGrant.from_on <= today)
        .where(TierGrant.until_on >= today, ~had.exists())
        .distinct()
        .order_by(TierGrant.member_id)
    )
    found = db.session.scalars(waiting.limit(limit)).all()
    for member_id in found:
        _give(member_id, month, at)
    return len(found)


def _give(member_id: int, month: str, at: datetime) -> None:
    for n in range(service.tier_of(member_id).streak_freezes):
        missions.give_freeze(member_id, f"tier:{month}:{n + 1}")
    row = PerkTaken(
        member_id=member_id, perk=FREEZES, period=month, n=1, key=f"{FREEZES}:{month}",
        on=program_day(at), at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()


JOBS = {"give streak freezes": give_freezes}
