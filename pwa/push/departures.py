"""Who turned us down, and after which notice: what the owner should see of a noisy program."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from pwa.clock import now
from pwa.db import db
from pwa.push.models import Delivery, Departure, Notice

BLAMED_FOR = timedelta(hours=24)


def record(member_id: int, how: str) -> None:
    """Note that the member left a device or a topic, if a push reached her not long ago."""
    newest = db.session.scalar(
        select(Notice.id)
        .join(Delivery, Delivery.notice_id == Notice.id)
        .where(Notice.member_id == member_id, Delivery.sent_at > now() - BLAMED_FOR)
        .order_by(Delivery.sent_at.desc())
        .limit(1)
    )
    if newest is not None:
        db.session.add(Departure(member_id=member_id, notice_id=newest, how=how, at=now()))
