"""Sends what is queued, with a lease on each message: a crash costs a retry, never a loss.

Unlike other jobs this one commits before it talks to the world, since a lock must not wait
for a mail server. The messages that it marks are committed by the caller as usual.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, select, update

from pwa import outbox
from pwa.db import db, only_reads
from pwa.messages import senders
from pwa.messages.message import Message, unseal
from pwa.messages.models import QueuedMessage
from pwa.messages.senders import Undelivered

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
RETRY_FIRST_S = 5
TRIES_MOST = 5
KEEP = timedelta(days=7)


def send_due(now: datetime, limit: int) -> int:
    """Send the messages that are due; how many were tried."""
    done = 0
    while done < limit and (row := _lease(now)) is not None:
        _deliver(row, now)
        outbox.commit()
        only_reads(False)
        done += 1
    return done


def forget_old(now: datetime, limit: int) -> int:
    """Drop what is left of messages that were sent or given up a week ago."""
    old = select(QueuedMessage.id).where(
        QueuedMessage.state != "queued", QueuedMessage.made_at < now - KEEP
    )
    doomed = list(db.session.scalars(old.limit(limit)))
    db.session.execute(delete(QueuedMessage).where(QueuedMessage.id.in_(doomed)))
    return len(doomed)


def _lease(now: datetime) -> QueuedMessage | None:
    """The first due message, ours until its lease ends; committed, so that no lock is held."""
    due = select(QueuedMessage.id).where(
        QueuedMessage.state == "queued", QueuedMessage.due_at <= now
    )
    while (found := db.session.scalar(due.order_by(QueuedMessage.due_at).limit(1))) is not None:
        mine = (
            update(QueuedMessage)
            .where(
                QueuedMessage.id == found,
                QueuedMessage.state == "queued",
                QueuedMessage.due_at <= now,
            )
            .values(due_at=now + LEASE, tries=QueuedMessage.tries + 1)
        )
        won = db.session.execute(mine).rowcount == 1  # type: ignore[attr-defined]
        outbox.commit()
        only_reads(False)
        if won:
            return db.session.get_one(QueuedMessage, found, populate_existing=True)
    return None


def _deliver(row: QueuedMessage, now: datetime) -> None:
    if row.expires_at <= now:
        return _close(row, "failed", "expired")
    try:
        _send(unseal(row.sealed))
    except InvalidToken:
        _close(row, "failed", "sealed under another secret")
    except Undelivered as error:
        log.warning("message %s was not sent: %s", row.id, error)
        if error.is_final or row.tries >= TRIES_MOST:
            return _close(row, "failed", str(error))
        row.trouble = str(error)
        row.due_at = now + timedelta(seconds=RETRY_FIRST_S * 2**row.tries)
    else:
        _close(row, "sent")
    return None


def _send(message: Message) -> None:
    """By the first sender that reaches; the next one if it gives up for good."""
    reaching = [sender for sender in senders.current() if sender.reaches(message)]
    if not reaching:
        raise Undelivered("no sender reaches this person", is_final=True)
    for sender in reaching[:-1]:
        try:
            return sender.send(message)
        except Undelivered as error:
            log.warning("%s: %s; trying the next sender", sender.name, error)
    return reaching[-1].send(message)


def _close(row: QueuedMessage, state: str, trouble: str = "") -> None:
    row.state, row.trouble, row.sealed = state, trouble, ""


JOBS = {"send messages": send_due, "forget old messages": forget_old}
