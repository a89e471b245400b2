"""Forgetting: notices and their deliveries after half a year, keys that nobody uses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from pwa.db import db
from pwa.push.models import Delivery, Departure, Notice, PromoSlot, Reminder

KEPT_FOR = timedelta(days=180)


def prune(instant: datetime, limit: int) -> int:
    """Delete up to `limit` old notices and all that hangs on them."""
    before = instant - KEPT_FOR
    old = select(Notice.id).where(Notice.made_at < before).order_by(Notice.made_at).limit(limit)
    ids = list(db.session.scalars(old))
    if not ids:
        return 0
    for table, column in (
        (Delivery, Delivery.notice_id), (PromoSlot, PromoSlot.notice_id),
        (Departure, Departure.notice_id), (Notice, Notice.id),
    ):  # fmt: skip
        db.session.execute(delete(table).where(column.in_(ids)))
    db.session.execute(delete(Reminder).where(Reminder.served_at < before))
    return len(ids)
