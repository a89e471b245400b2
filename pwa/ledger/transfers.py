"""Points from one member to another, as two transactions through a clearing account."""

from __future__ import annotations

from sqlalchemy import select

from pwa.db import db
from pwa.ledger import store
from pwa.ledger.chart import Program, Source
from pwa.ledger.models import EntryRow, Lot
from pwa.ledger.movements import Facts, spend
from pwa.ledger.posting import NewLot, Posting, digest, pay_in
from pwa.ledger.transaction import Transaction


def transfer(
    from_member_id: int,
    to_member_id: int,
    points: int,
    *,
    key: str,
    reason: str = "transfer",
    refers_to: str | None = None,
    actor: str | None = None,
    facts: Facts | None = None,
) -> Transaction:
    """Move whole points to another member, once for `key`; they keep their expiry.

    Returns the giver's transaction; the receiver's has the key with ":in" after it.
    Raises NotEnoughPoints and KeyReused.
    """
    assert from_member_id != to_member_id, from_member_id
    store.lock_members([from_member_id, to_member_id])
    sent = spend(
        from_member_id,
        points,
        to=Program.TRANSFERRED,
        kind="send",
        key=key,
        reason=reason,
        refers_to=refers_to or f"member:{to_member_id}",
        actor=actor,
        facts=facts,
        by_member=False,  # it keeps nothing alive: neither earned nor spent
    )
    _receive(to_member_id, sent, actor, facts)
    return sent


def _receive(member_id: int, sent: Transaction, actor: str | None, facts: Facts | None) -> None:
    key = f"{sent.key}:in"
    asked = digest("receive", member_id, sent.id)
    locked = store.lock_for_earning(member_id, key, Source.TRANSFER)
    if store.replay(locked, key, asked):
        return
    posting = Posting(
        key=key,
        digest=asked,
        kind="receive",
        reason=sent.reason,
        member_id=member_id,
        points=-sent.points,
        entries=tuple(pay_in(locked.wallet, Program.TRANSFERRED, _lots_of(sent))),
        source=Source.TRANSFER,
        refers_to=f"member:{sent.member_id}",
        original_id=sent.id,
        actor=actor,
        facts=facts or {},
    )
    store.post(locked.wallet, posting)


def _lots_of(sent: Transaction) -> list[tuple[NewLot, int]]:
    """The lots that a transfer took, as lots of the receiver, earliest expiry first."""
    query = (
        select(Lot.source, Lot.funding, Lot.expires_on, Lot.idle_days, EntryRow.points)
        .join(EntryRow, EntryRow.lot_id == Lot.id)
        .where(EntryRow.transaction_id == sent.id)
        .order_by(Lot.expires_on, Lot.id)
    )
    rows = db.session.connection().execute(query)
    return [
        (NewLot(row.source, row.funding, row.expires_on, row.idle_days), row.points) for row in rows
    ]
