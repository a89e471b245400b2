"""Push services as we find them: pauses, the breaker, the owner's switch. Callers commit."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from pwa.clock import now
from pwa.db import claim, db
from pwa.push.models import Origin

log = logging.getLogger(__name__)
ALL = "*"
FOR_EVER = timedelta(days=3650)
LOOK_AGAIN = timedelta(minutes=5)  # how long a paused delivery sleeps before it asks again
BREAK_AT = 3  # refusals in a row, on one push service
BREAK_FOR = timedelta(minutes=10)
BREAK_MOST = timedelta(hours=6)


def paused(instant: datetime) -> Mapping[str, datetime]:
    """Which push services are paused, and when to ask again; "*" is the owner's own pause."""
    rows = db.session.execute(
        select(Origin.origin, Origin.paused_until).where(Origin.paused_until > instant)
    )
    soon = instant + LOOK_AGAIN
    found = {origin: until for origin, until in rows if until is not None}
    return {origin: min(until, soon) if origin == ALL else until for origin, until in found.items()}


def pause(origin: str, until: datetime, reason: str) -> None:
    """Send nothing there before `until`; a longer pause stays."""
    row = _row(origin)
    row.paused_until = max(until, row.paused_until or until)
    row.reason, row.changed_at = reason, now()


def pause_all() -> None:
    """The owner's switch: nothing leaves. Notices still stand in the inboxes."""
    pause(ALL, now() + FOR_EVER, "owner")


def resume_all() -> None:
    row = _row(ALL)
    row.paused_until, row.reason, row.changed_at = None, None, now()


def is_paused() -> bool:
    row = db.session.get(Origin, ALL)
    return row is not None and row.paused_until is not None and row.paused_until > now()


def accepted(origins: Sequence[str]) -> None:
    """These services believe us again."""
    db.session.execute(
        update(Origin)
        .where(Origin.origin.in_(origins), Origin.refusals > 0)
        .values(refusals=0, reason=None)
    )


def refused(origin: str, count: int) -> datetime | None:
    """Count refusals of our key; when the breaker opens, until when, else None.

    One VAPID mistake of ours must not cost the list: many refusals delete nothing.
    """
    row = _row(origin)
    row.refusals += count
    row.changed_at = now()
    if row.refusals < BREAK_AT:
        return None
    doublings = min(row.refusals // BREAK_AT - 1, 5)
    until = now() + min(BREAK_FOR * 2**doublings, BREAK_MOST)
    row.paused_until, row.reason = until, "vapid"
    log.error(
        "%s refuses our key (%d times); nothing is sent there until %s", origin, row.refusals, until
    )
    return until


def known() -> Sequence[Origin]:
    return db.session.scalars(select(Origin).order_by(Origin.origin)).all()


def _row(origin: str) -> Origin:
    stored = db.session.get(Origin, origin)
    if stored is None:
        fresh = Origin(origin=origin, refusals=0, changed_at=now())
        stored, _ = claim(fresh, origin=origin)
    return stored
