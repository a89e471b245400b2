"""Reading a member under lock, and writing postings: the ledger's only SQL that moves points.

Round trips are what a posting costs on PostgreSQL, so it takes two: one statement that locks
the member and reads all that the rules need, one that writes every row. The rules themselves
are Python, in between. (The usual earn and burn have a way of their own: see at_once.py.) On
SQLite the unit of work holds the write lock from its BEGIN.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import text

from pwa import driver
from pwa.clock import now, program_day
from pwa.db import db
from pwa.errors import KeyReused
from pwa.ledger import at_once, write_postgresql, write_sqlite
from pwa.ledger.chart import Kind, account
from pwa.ledger.errors import NoPointsAccount
from pwa.ledger.expiry import Expiry
from pwa.ledger.models import TransactionRow
from pwa.ledger.posting import OpenLot, Posting, WalletState
from pwa.ledger.rows import Batch
from pwa.ledger.transaction import Transaction, find

# "seen" is the row as this statement's snapshot has it. Where it differs from the locked one,
# we waited for the lock, and all else that we read is from before somebody's commit.
_LOCK: Final = """
WITH wallet AS MATERIALIZED (
    SELECT member_id, spendable, pending, held, debt, active_on, last_id
    FROM ledger_wallet WHERE member_id = :member_id {for_update}
)
SELECT wallet.member_id, wallet.spendable, wallet.pending, wallet.held, wallet.debt,
    wallet.active_on, wallet.last_id, seen.last_id AS seen_id,
    earlier.id AS earlier_id, earlier.digest AS earlier_digest,
    EXISTS (
        SELECT 1 FROM ledger_lot
        WHERE member_id = :member_id AND idle_days IS NOT NULL AND spendable > 0
    ) AS has_idle,
    {columns}
FROM wallet
JOIN ledger_wallet AS seen ON seen.member_id = wallet.member_id
LEFT JOIN ledger_transaction AS earlier ON earlier.key = :key
"""
_POLICY: Final = "LEFT JOIN ledger_policy AS policy ON policy.source = :source"
# The lots that expire earliest, as many as it takes to reach :points.
_LOTS: Final = """
LEFT JOIN (
    SELECT id, spendable, expires_on,
        sum(spendable) OVER (ORDER BY expires_on, id) - spendable AS before
    FROM ledger_lot
    WHERE member_id = :member_id AND spendable > 0 AND expires_on >= :today
) AS lot ON lot.before < :points
ORDER BY lot.expires_on, lot.id
"""
_SHARED: Final = 11  # columns of every lock, before those of policies or lots
_EXTEND: Final = {
    "postgresql": "expires_on = greatest(expires_on, CAST(:today AS date) + idle_days)",
    "sqlite": "expires_on = max(expires_on, date(:today, '+' || idle_days || ' days'))",
}
NEVER: Final = Expiry()


@dataclass(frozen=True, slots=True)
class Locked:
    """What the rules need to know of a member, who stays locked until the commit."""

    wallet: WalletState
    earlier: tuple[int, str] | None  # id and digest of the transaction that has our key
    has_idle: bool
    expiry: Expiry
    lots: list[OpenLot]  # spendable, earliest expiry first


@cache
def _lock(dialect: str, with_lots: bool) -> str:
    columns = (
        "lot.id, lot.spendable, lot.expires_on"
        if with_lots
        else "policy.kind, policy.days, policy.months"
    )
    for_update = "FOR UPDATE" if dialect == "postgresql" else ""
    return _LOCK.format(for_update=for_update, columns=columns) + (_LOTS if with_lots else _POLICY)


def lock_for_earning(member_id: int, key: str, source: str) -> Locked:
    """Lock the member, and read the source's expiry policy."""
    rows = _fresh(False, {"member_id": member_id, "key": key, "source": str(source)})
    kind, days, months = rows[0][_SHARED:]
    expiry = Expiry(kind, days, months) if kind else NEVER
    at_once.know(str(source), expiry)
    return _locked(rows[0], expiry=expiry)


def lock_for_spending(member_id: int, key: str, points: int) -> Locked:
    """Lock the member, and read the lots that `points` would take, if there are as many."""
    today = program_day().isoformat()
    values = {"member_id": member_id, "key": key, "points": points, "today": today}
    rows = _fresh(True, values)
    lots = [OpenLot(id_, there, driver.day(on)) for *_, id_, there, on in rows if id_]
    return _locked(rows[0], lots=lots)


def _fresh(with_lots: bool, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    connection = db.session.connection()
    sql = _lock(connection.dialect.name, with_lots)
    rows = driver.fetch(connection, sql, values)
    if not rows:
        raise NoPointsAccount(member_id=values["member_id"])
    *_, last_id, seen_id = rows[0][: _SHARED - 3]
    return rows if last_id == seen_id else driver.fetch(connection, sql, values)


def _locked(row: tuple[Any, ...], expiry: Expiry = NEVER, lots: Sequence[OpenLot] = ()) -> Locked:
    *points, active_on, last_id, _, earlier_id, earlier_digest, has_idle = row[:_SHARED]
    return Locked(
        wallet=WalletState._make([*points, driver.day(active_on), last_id]),
        earlier=(earlier_id, earlier_digest) if earlier_id else None,
        has_idle=bool(has_idle),
        expiry=expiry,
        lots=list(lots),
    )


def keep_active(locked: Locked, today: date) -> bool:
    """Move the expiry of idle lots, once a day, for a member who does something today."""
    if not locked.has_idle or locked.wallet.active_on == today:
        return False
    connection = db.session.connection()
    dialect = connection.dialect.name
    sql = f"""UPDATE ledger_lot SET {_EXTEND[dialect]} WHERE member_id = :member_id
        AND idle_days IS NOT NULL AND spendable > 0 AND expires_on >= :today"""  # noqa: S608
    day = today if dialect == "postgresql" else today.isoformat()
    connection.execute(text(sql), {"member_id": locked.wallet.member_id, "today": day})
    return True


def replay(locked: Locked, key: str, digest: str) -> Transaction | None:
    """The transaction that already has this key. Raises KeyReused if it was for other content."""
    if locked.earlier is None:
        return None
    if locked.earlier[1] != digest:
        raise KeyReused(key=key)
    return _earlier(key, digest)


def _earlier(key: str, digest: str) -> Transaction:
    found = find(TransactionRow.key == key)
    assert found is not None, key
    if found.digest != digest:
        raise KeyReused(key=key)
    return replace(found, replayed=True)


def post(wallet: WalletState, posting: Posting, active_on: date | None = None) -> Transaction:
    """Write one posting for a locked member, once: a key taken meanwhile is a replay."""
    recorded_at = now()
    ids = write(Batch((posting,), (wallet,), recorded_at, active_on))
    if posting.key not in ids:
        return _earlier(posting.key, posting.digest)
    net = posting.net
    return _stored(posting, ids[posting.key], net, wallet.balance + net, recorded_at)


def earn_at_once(posting: Posting, policy: Expiry | None) -> Transaction | None:
    """Write the usual earn in one round trip; None if it isn't usual, or not on PostgreSQL."""
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":
        return None
    at = now()
    written = at_once.earn(connection, posting, at, program_day(), policy)
    return _stored(posting, written[0], posting.net, written[1], at) if written else None


def burn_at_once(posting: Posting, to: int) -> Transaction | None:
    """Write the usual burn in one round trip; None if it isn't usual, or not on PostgreSQL."""
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":
        return None
    at = now()
    purse = account(posting.member_id, Kind.SPENDABLE)
    written = at_once.burn(connection, posting, at, program_day(), purse, to)
    return _stored(posting, written[0], posting.points, written[1], at) if written else None


def write(batch: Batch) -> dict[str, int]:
    """Write postings of locked members: the new id of each key; a key that was taken is missing."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        return write_postgresql.write(connection, batch)
    return write_sqlite.write(connection, batch)


def _stored(
    posting: Posting, id_: int, net: int, balance: int, recorded_at: datetime
) -> Transaction:
    return Transaction(
        id=id_,
        key=posting.key,
        kind=posting.kind,
        reason=posting.reason,
        member_id=posting.member_id,
        points=posting.points,
        net=net,
        balance=balance,
        at=posting.effective_at or recorded_at,
        digest=posting.digest,
        source=posting.source,
        refers_to=posting.refers_to,
        original_id=posting.original_id,
        funding=posting.funding,
        facts=posting.facts,
    )


def lock_members(member_ids: Iterable[int]) -> None:
    """Lock several members, in the one order that keeps units of work from deadlocking."""
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":
        return
    sql = "SELECT 1 FROM ledger_wallet WHERE member_id = ANY(:ids) ORDER BY member_id FOR UPDATE"
    connection.execute(text(sql), {"ids": sorted(set(member_ids))})
