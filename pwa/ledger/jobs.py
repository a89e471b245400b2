"""What time does to points: pending ones mature, old ones expire. One batch a call.

A batch takes only members whom nobody else is moving (SKIP LOCKED), so that a job never
waits and is never part of a deadlock. The rest is there for the next batch. Callers commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Row, Select, select

from pwa import clock
from pwa.clock import day_end, program_day
from pwa.db import db
from pwa.ledger import store
from pwa.ledger.chart import Kind, Program, account
from pwa.ledger.models import Lot, TransactionRow, Wallet
from pwa.ledger.posting import Posting, WalletState, after, digest, out_of, pay_in
from pwa.ledger.rows import Batch

BATCH = 500


def expire_due(now: datetime | None = None, limit: int = BATCH) -> int:
    """Expire what is past its date, of about `limit` lots: how many transactions it took."""
    today = program_day(now)
    due = (Lot.spendable > 0) & (Lot.expires_on < today)
    wallets, lots = _locked_lots(due, Lot.expires_on, limit)
    postings = [_expiry(wallets, list(lots)) for _, lots in groupby(lots, _member_and_day)]
    return _write(wallets, postings)


def mature_due(now: datetime | None = None, limit: int = BATCH) -> int:
    """Make spendable what has waited its time, of about `limit` lots: how many."""
    due = (Lot.pending > 0) & (Lot.matures_at <= (now or clock.now()))
    wallets, lots = _locked_lots(due, Lot.matures_at, limit)
    originals = _transactions(lot.transaction_id for lot in lots)
    postings = []
    state = dict(wallets)
    for lot in lots:
        posting = _maturity(state[lot.member_id], lot, originals[lot.transaction_id])
        state[lot.member_id] = after(state[lot.member_id], posting)
        postings.append(posting)
    return _write(wallets, postings)


def _locked_lots(
    due: ColumnElement[bool], first: object, limit: int
) -> tuple[dict[int, WalletState], Sequence[Row]]:
    """Lock the members of the first due lots, then read their due lots, in member order."""
    connection = db.session.connection()
    members = select(Lot.member_id).where(due).order_by(first).limit(limit)  # type: ignore[arg-type]
    wallets: Select = (
        select(*(getattr(Wallet, name) for name in WalletState._fields))
        .where(Wallet.member_id.in_(members.scalar_subquery()))
        .order_by(Wallet.member_id)
        .with_for_update(skip_locked=True)
    )
    found = {row.member_id: WalletState(*row) for row in connection.execute(wallets)}
    lots = (
        select(Lot.__table__)
        .where(due, Lot.member_id.in_(found))
        .order_by(Lot.member_id, Lot.expires_on, Lot.id)
    )
    return found, connection.execute(lots).all()


def _member_and_day(lot: Row) -> tuple[object, ...]:
    return lot.member_id, lot.expires_on


def _expiry(wallets: dict[int, WalletState], lots: list[Row]) -> Posting:
    """The end of a member's lots of one day."""
    member_id, on = lots[0].member_id, lots[0].expires_on
    parts = [(lot.id, lot.spendable) for lot in lots]
    key = f"expiry:{member_id}:{on}:{wallets[member_id].last_id}"
    return Posting(
        key=key,
        digest=digest(key, parts),
        kind="expire",
        reason="expiry",
        member_id=member_id,
        points=-sum(points for _, points in parts),
        entries=out_of(member_id, parts, Program.EXPIRED),
        effective_at=day_end(on),
    )


def _maturity(wallet: WalletState, lot: Row, original: Row) -> Posting:
    """A pending lot becomes spendable; it keeps the words of what earned it."""
    key = f"mature:{lot.id}"
    pending = account(lot.member_id, Kind.PENDING)
    return Posting(
        key=key,
        digest=digest(key, lot.pending),
        kind="mature",
        reason=original.reason,
        member_id=lot.member_id,
        points=lot.pending,
        entries=tuple(pay_in(wallet, pending, [(lot.id, lot.pending)])),
        source=original.source,
        funding=original.funding,
        refers_to=original.refers_to,
        original_id=original.id,
        facts=original.facts,
        effective_at=lot.matures_at,
    )


def _transactions(ids: Iterable[int]) -> dict[int, Row]:
    query = select(TransactionRow.__table__).where(TransactionRow.id.in_(set(ids)))
    return {row.id: row for row in db.session.connection().execute(query)}


def _write(wallets: dict[int, WalletState], postings: list[Posting]) -> int:
    if not postings:
        return 0
    state = dict(wallets)
    before = []
    for posting in postings:
        before.append(state[posting.member_id])
        state[posting.member_id] = after(state[posting.member_id], posting)
    written = store.write(Batch(postings, before, clock.now(), None))
    assert len(written) == len(postings), "a job's key was taken"
    return len(written)


JOBS = {"mature points": mature_due, "expire points": expire_due}
