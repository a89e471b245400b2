"""That somebody with a number was a member once, and nothing else. Callers commit."""

from __future__ import annotations

from pwa import counters
from pwa.clock import now
from pwa.db import db
from pwa.members import fingerprints
from pwa.members.models import Tombstone


def leave(phone: str) -> None:
    """Remember the number (E.164) of a member who leaves, as a keyed hash."""
    statement = counters.insert(Tombstone).values(phone_hash=_hash(phone), at=now())
    db.session.execute(statement.on_conflict_do_nothing())


def was_member(phone: str) -> bool:
    """Whether somebody with this number (E.164) was a member and left."""
    return db.session.get(Tombstone, _hash(phone)) is not None


def _hash(phone: str) -> str:
    return fingerprints.of("tombstone", phone)
