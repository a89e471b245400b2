"""Whose points go next, for statements over all members (push)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from pwa.db import db
from pwa.ledger.models import Lot


class Expiring(NamedTuple):
    member_id: int
    points: int


def expiring_on(on: date, after_member_id: int, limit: int) -> Sequence[Expiring]:
    """Members with spendable points whose last day is `on`, by id, and how many those are."""
    rows = db.session.connection().execute(
        select(Lot.member_id, func.sum(Lot.spendable))
        .where(Lot.expires_on == on, Lot.spendable > 0, Lot.member_id > after_member_id)
        .group_by(Lot.member_id)
        .order_by(Lot.member_id)
        .limit(limit)
    )
    return [Expiring(member_id, int(points)) for member_id, points in rows]
