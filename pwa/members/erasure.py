"""Leaving: asked for, three days to think again, then gone (UU 27/2022). Callers commit.

What stays is a nameless row that the ledger and the audit refer to, and a tombstone: a keyed
hash of the number, so that joining again earns no second welcome bonus.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from pwa import outbox
from pwa.clock import now
from pwa.db import db
from pwa.members import devices, holdings, passwords, tombstones
from pwa.members.models import Member
from pwa.members.service import set_consent

CLOCK = timedelta(hours=72)
BATCH = 20  # members in one transaction: each locks a wallet


def ask(member: Member, password: str) -> datetime:
    """Start the clock of 3 x 24 hours, if it isn't running; when it ends.

    Promotion and profiling stop at once. Raises WrongPassword.
    """
    if not passwords.matches(member.password_hash, password):
        raise devices.WrongPassword()
    for purpose in ("promo", "profiling"):
        set_consent(member, purpose, False, "erasure")
    return start_clock(member)


def start_clock(member: Member) -> datetime:
    """Start the clock, if it isn't running; when it ends."""
    ends_at = now() + CLOCK
    fresh = update(Member).where(Member.id == member.id, Member.erase_at.is_(None))
    if _rows(fresh.values(erase_at=ends_at)):
        outbox.tell("erasure.asked", f"{member.id}:{ends_at.isoformat()}", member.id)
    db.session.refresh(member)
    assert member.erase_at is not None, member.id
    return member.erase_at


def cancel(member: Member) -> bool:
    """Stop the clock; False if it was not running any more."""
    still = update(Member).where(
        Member.id == member.id, Member.erase_at.is_not(None), Member.closed_at.is_(None)
    )
    stopped = _rows(still.values(erase_at=None)) == 1
    db.session.refresh(member)
    if stopped:
        outbox.tell("erasure.cancelled", f"{member.id}:{now().isoformat()}", member.id)
    return stopped


def erase_due(instant: datetime, limit: int) -> int:
    """Erase the members whose clock has ended: how many."""
    due = select(Member.id).where(Member.erase_at <= instant, Member.closed_at.is_(None))
    ids = list(db.session.scalars(due.order_by(Member.id).limit(min(limit, BATCH))))
    return sum(erase(member_id, instant) for member_id in ids)


def erase(member_id: int, instant: datetime | None = None) -> bool:
    """Erase one member, and the accounts merged into hers; False if somebody else just did.

    With `instant` only if her clock has ended by then. Every feature forgets what it holds;
    points that are left expire, so that the ledger stays balanced.
    """
    mine = update(Member).where(Member.id == member_id, Member.closed_at.is_(None))
    if instant is not None:
        mine = mine.where(Member.erase_at <= instant)
    if not _rows(mine.values(closed_at=now())):
        return False
    merged = select(Member.id).where(Member.merged_into_id == member_id).order_by(Member.id)
    for each in (*db.session.scalars(merged), member_id):
        _forget(db.session.get_one(Member, each, populate_existing=True))
    outbox.tell("member.erased", member_id, member_id)
    return True


def _forget(member: Member) -> None:
    if member.phone:
        tombstones.leave(member.phone)
    holdings.erase(member.id)
    db.session.flush()


def _rows(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
