"""Tell somebody, later: written in the same transaction as what it tells of.

A feature calls `tell`. Followers (missions, tiers, ...) are wired in create_app and run
after the commit, each event in a transaction of its own, counted once. What a crash left
behind is picked up by the worker. Push planning reads the same rows on its own cursor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from pwa.clock import now
from pwa.db import Base, BigKey, claim, db, only_reads

log = logging.getLogger(__name__)
Follower = Callable[["Event"], None]
_followers: dict[str, list[Follower]] = {}
RETRY_FIRST_S = 5
RETRY_MOST_S = 3600


class Event(Base):
    """Something that happened, kept for those who want to know."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        Index(
            "ix_outbox_event_open",
            "retry_at",
            postgresql_where=text("followed_at IS NULL"),
            sqlite_where=text("followed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # what happened, once: "purchase.recorded:17"
    kind: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    followed_at: Mapped[datetime | None]
    retry_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)


def follow(kind: str, follower: Follower) -> None:
    """Have `follower` called once for each event of `kind` ("*" for all), after its commit."""
    known = _followers.setdefault(kind, [])
    if follower not in known:
        known.append(follower)


def tell(kind: str, key: object, member_id: int | None = None, **data: Any) -> Event:
    """Record that `kind` happened, once for `key`, in the caller's transaction."""
    instant = now()
    row = Event(
        key=f"{kind}:{key}",
        kind=kind,
        member_id=member_id,
        data=data,
        at=instant,
        retry_at=instant,
    )
    stored, is_ours = claim(row, key=row.key)
    if is_ours:
        db.session.info.setdefault("told", []).append(stored.id)
    return stored


def commit(*, then_writes: bool = False) -> None:
    """Commit this unit of work, then run the followers of what it told.

    What a view does after its commit is render, which takes no lock; one that goes on to write
    says so, or SQLite refuses it whenever somebody else has written since it began to read.
    """
    told = db.session.info.pop("told", [])
    db.session.commit()
    while told:
        _hand_out(told.pop(0))
        told += db.session.info.pop("told", [])
    only_reads(not then_writes)


def rollback() -> None:
    """Forget this unit of work, and what it told."""
    db.session.info.pop("told", None)
    db.session.rollback()


def hand_out_due(limit: int = 500) -> int:
    """Run the followers of events that a crash or an error left behind; how many were done."""
    due = select(Event.id).where(Event.followed_at.is_(None), Event.retry_at <= now())
    ids = list(db.session.scalars(due.order_by(Event.id).limit(limit)))
    db.session.rollback()
    done = 0
    while ids:
        done += _hand_out(ids.pop(0))
        ids += db.session.info.pop("told", [])
    return done


def _hand_out(event_id: int) -> bool:
    """One event to its followers in one transaction: all of them, once, or none."""
    only_reads(False)
    try:
        mine = update(Event).where(Event.id == event_id, Event.followed_at.is_(None))
        if db.session.execute(mine.values(followed_at=now())).rowcount == 0:  # type: ignore[attr-defined]
            db.session.rollback()
            return False
        event = db.session.get_one(Event, event_id)
        for follower in _followers.get(event.kind, []) + _followers.get("*", []):
            follower(event)
        db.session.commit()
        return True
    except Exception:
        # A follower's bug must not undo or block what already happened; it is tried again.
        log.exception("event %s was not followed", event_id)
        rollback()
        _postpone(event_id)
        return False


def _postpone(event_id: int) -> None:
    event = db.session.get_one(Event, event_id)
    event.tries += 1
    wait_s = min(RETRY_MOST_S, RETRY_FIRST_S * 2 ** min(event.tries, 12))
    event.retry_at = now() + timedelta(seconds=wait_s)
    db.session.commit()
