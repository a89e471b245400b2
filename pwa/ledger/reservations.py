"""Two-step movements: hold points, then settle or release them. Nothing here commits."""

from __future__ import annotations

from sqlalchemy import case, func, select

from pwa.db import db
from pwa.ledger import store
from pwa.ledger.chart import Kind, Program, account
from pwa.ledger.errors import MoreThanGiven, NotReversible
from pwa.ledger.models import EntryRow, Lot, TransactionRow
from pwa.ledger.movements import Facts, spend
from pwa.ledger.posting import Entry, OpenLot, Posting, WalletState, digest, out_of, pay_in, take
from pwa.ledger.transaction import Transaction, by_key


def hold(
    member_id: int,
    points: int,
    *,
    key: str,
    reason: str,
    refers_to: str | None = None,
    actor: str | None = None,
    facts: Facts | None = None,
) -> Transaction:
    """Reserve whole points: unspendable from now on, until settled or released.

    Raises NotEnoughPoints and KeyReused.
    """
    return spend(
        member_id,
        points,
        to=account(member_id, Kind.HELD),
        kind="hold",
        key=key,
        reason=reason,
        refers_to=refers_to,
        actor=actor,
        facts=facts,
    )


def settle(
    hold_key: str,
    *,
    key: str,
    points: int | None = None,
    reason: str | None = None,
    actor: str | None = None,
) -> Transaction:
    """Spend what a hold reserved: all that is left of it, or `points`.

    Raises MoreThanGiven, UnknownMovement and KeyReused.
    """
    return _finish("settle", hold_key, key, points, reason, actor)


def release(
    hold_key: str,
    *,
    key: str,
    points: int | None = None,
    reason: str | None = None,
    actor: str | None = None,
) -> Transaction:
    """Give back what a hold reserved, with its expiry: all that is left of it, or `points`.

    Raises MoreThanGiven, UnknownMovement and KeyReused.
    """
    return _finish("release", hold_key, key, points, reason, actor)


def _finish(
    kind: str, hold_key: str, key: str, points: int | None, reason: str | None, actor: str | None
) -> Transaction:
    assert points is None or points > 0, points
    held = by_key(hold_key)
    if held.kind != "hold":
        raise NotReversible(key=hold_key)
    asked = digest(kind, held.id, points, reason)
    locked = store.lock_for_spending(held.member_id, key, 0)
    if earlier := store.replay(locked, key, asked):
        return earlier
    lots = remaining(held)
    left = sum(lot.points for lot in lots)
    wanted = left if points is None else points
    if not 0 < wanted <= left:
        raise MoreThanGiven(remaining=left)
    parts = list(take(lots, wanted))
    posting = Posting(
        key=key,
        digest=asked,
        kind=kind,
        reason=reason or held.reason,
        member_id=held.member_id,
        points=-wanted if kind == "settle" else wanted,
        entries=_entries(kind, locked.wallet, parts),
        refers_to=held.refers_to,
        original_id=held.id,
        actor=actor,
        facts=held.facts,
    )
    return store.post(locked.wallet, posting)


def _entries(kind: str, wallet: WalletState, parts: list[tuple[int, int]]) -> tuple[Entry, ...]:
    if kind == "settle":
        return out_of(wallet.member_id, parts, Program.REDEEMED, Kind.HELD)
    return tuple(pay_in(wallet, account(wallet.member_id, Kind.HELD), parts))


def remaining(held: Transaction) -> list[OpenLot]:
    """What a hold still holds, lot by lot, earliest expiry first."""
    number = account(held.member_id, Kind.HELD)
    into = case((EntryRow.credit == number, EntryRow.points), else_=0)
    out = case((EntryRow.debit == number, EntryRow.points), else_=0)
    left = func.sum(into - out)
    query = (
        select(Lot.id, left, Lot.expires_on)
        .select_from(TransactionRow)
        .join(EntryRow, EntryRow.transaction_id == TransactionRow.id)
        .join(Lot, Lot.id == EntryRow.lot_id)
        .where((TransactionRow.id == held.id) | (TransactionRow.original_id == held.id))
        .group_by(Lot.id, Lot.expires_on)
        .having(left > 0)
        .order_by(Lot.expires_on, Lot.id)
    )
    rows = db.session.connection().execute(query)
    return [OpenLot(id_, int(points), expires_on) for id_, points, expires_on in rows]
