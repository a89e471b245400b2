"""What a caller gets back for a movement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from pwa.db import db
from pwa.ledger.errors import UnknownMovement
from pwa.ledger.models import TransactionRow


@dataclass(frozen=True, slots=True)
class Transaction:
    """One stored movement. `points` is signed and counts pending ones; `net` does not."""

    id: int
    key: str
    kind: str
    reason: str
    member_id: int
    points: int
    net: int  # change of spendable less debt
    balance: int  # spendable less debt, after it
    at: datetime  # when it took effect
    digest: str = field(repr=False)
    source: str | None = None
    refers_to: str | None = None
    original_id: int | None = None
    funding: str = "own"
    facts: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False  # nothing moved: this is the first one of that key


def by_key(key: str) -> Transaction:
    """The stored movement with this key. Raises UnknownMovement."""
    found = find(TransactionRow.key == key)
    if found is None:
        raise UnknownMovement(key=key)
    return found


def find(condition: ColumnElement[bool]) -> Transaction | None:
    """The one stored movement for which `condition` holds."""
    table = TransactionRow.__table__
    row = db.session.connection().execute(select(table).where(condition)).one_or_none()
    if row is None:
        return None
    return Transaction(
        id=row.id,
        key=row.key,
        kind=row.kind,
        reason=row.reason,
        member_id=row.member_id,
        points=row.points,
        net=row.net,
        balance=row.balance,
        at=row.effective_at,
        digest=row.digest,
        source=row.source,
        refers_to=row.refers_to,
        original_id=row.original_id,
        funding=row.funding,
        facts=row.facts,
    )
