"""Who holds which tier, for statements over all members (push)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, or_, select

from pwa.clock import program_day
from pwa.db import db
from pwa.program import service as program
from pwa.tiers.models import TierGrant


class Ending(NamedTuple):
    member_id: int
    tier_code: str
    until_on: date


def holding(member_id: Any, tier_code: str) -> Any:
    """A condition on members: at least this tier today. The first tier is everybody's."""
    tiers = [tier.code for tier in program.current().tiers]
    if tier_code not in tiers[1:]:
        return member_id.is_not(None) if tier_code in tiers else member_id.is_(None)
    today = program_day()
    return exists().where(
        TierGrant.member_id == member_id,
        TierGrant.tier_code.in_(tiers[tiers.index(tier_code) :]),
        TierGrant.from_on <= today,
        TierGrant.until_on >= today,
    )


def holding_one_of(member_id: Any, tier_codes: Sequence[str]) -> Any:
    """A condition on members: exactly one of these tiers today."""
    tiers = [tier.code for tier in program.current().tiers]
    exactly = []
    for code in tier_codes:
        above = tiers[tiers.index(code) + 1 :] if code in tiers else []
        more = [~holding(member_id, above[0])] if above else []
        exactly.append(and_(holding(member_id, code), *more))
    return or_(*exactly)


def ending_on(on: date, after_member_id: int, limit: int) -> Sequence[Ending]:
    """Members whose last grant of a tier ends on `on`, by id."""
    last = (
        select(TierGrant.member_id, TierGrant.tier_code, func.max(TierGrant.until_on))
        .where(TierGrant.member_id > after_member_id)
        .group_by(TierGrant.member_id, TierGrant.tier_code)
        .having(func.max(TierGrant.until_on) == on)
        .order_by(TierGrant.member_id)
        .limit(limit)
    )
    return [Ending(*row) for row in db.session.execute(last)]
