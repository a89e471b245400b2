"""The same rows by hand: the driver, its SQL, no ORM, nothing looked up that isn't needed.

An earn is five statements and a commit; a burn is six where one lot is enough. It keeps the
ledger in order, as `verify` can tell: it is what one would write without this project.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg.types.json import Json

from pwa.db import SQLITE_PRAGMAS

Act = Callable[[int, int, str], None]  # member, points, key

LOCK = "SELECT spendable, debt FROM ledger_wallet WHERE member_id = ?"
TRANSACTION = """INSERT INTO ledger_transaction (key, digest, kind, reason, source, funding,
    member_id, refers_to, facts, effective_at, recorded_at, points, net, balance)
    VALUES (?, ?, ?, ?, ?, 'own', ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"""
LOT = """INSERT INTO ledger_lot (transaction_id, n, member_id, source, funding, expires_on,
    points, spendable, pending, held, expired)
    VALUES (?, 0, ?, 'purchase', 'own', ?, ?, ?, 0, 0, 0) RETURNING id"""
ENTRY = """INSERT INTO ledger_entry (transaction_id, debit, credit, points, lot_id)
    VALUES (?, ?, ?, ?, ?)"""
WALLET = """UPDATE ledger_wallet SET spendable = spendable + ?, active_on = ?, last_id = ?
    WHERE member_id = ?"""
LOTS = """SELECT id, spendable FROM ledger_lot
    WHERE member_id = ? AND spendable > 0 AND expires_on >= ? ORDER BY expires_on, id LIMIT 9"""
TAKE = "UPDATE ledger_lot SET spendable = spendable - ? WHERE id = ?"
FACTS = {"amount_rupiah": 50_000}


def on_sqlite(path: str) -> tuple[Act, Act]:
    """(earn, burn) on SQLite with the settings that the application uses."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")

    def stamp(at: datetime) -> str:
        return at.strftime("%Y-%m-%d %H:%M:%S.%f")

    return _acts(
        connection.execute, "BEGIN IMMEDIATE", "COMMIT", "", stamp, '{"amount_rupiah":50000}'
    )


def on_postgresql(url: str) -> tuple[Act, Act]:
    """(earn, burn) on PostgreSQL. psycopg prepares each statement by itself."""
    connection: Any = psycopg.connect(url)
    cursor = connection.cursor()

    def run(sql: str, values: tuple[Any, ...] = ()) -> Any:
        return connection.commit() if sql == "COMMIT" else cursor.execute(sql, values)

    return _acts(run, "", "COMMIT", " FOR UPDATE", lambda at: at, Json(FACTS))


def _acts(
    run: Callable[..., Any],
    begin: str,
    commit: str,
    for_update: str,
    stamp: Callable[[datetime], Any],
    facts: Any,
) -> tuple[Act, Act]:
    mark = "%s" if for_update else "?"
    lock, transaction, lot, entry, wallet, lots, take = (
        sql.replace("?", mark)
        for sql in (LOCK + for_update, TRANSACTION, LOT, ENTRY, WALLET, LOTS, TAKE)
    )
    until = date(2027, 12, 31).isoformat()

    def insert(kind: str, source: str | None, member: int, points: int, key: str, left: int) -> int:
        at = stamp(datetime.now(UTC))
        values = (
            key, key[-32:], kind, "purchase", source, member, f"purchase:{key}", facts, at, at,
            points, points, left + points,
        )  # fmt: skip
        return int(run(transaction, values).fetchone()[0])

    def earn(member: int, points: int, key: str) -> None:
        if begin:
            run(begin)
        spendable, debt = run(lock, (member,)).fetchone()
        assert debt == 0
        id_ = insert("earn", "purchase", member, points, key, spendable)
        (lot_id,) = run(lot, (id_, member, until, points, points)).fetchone()
        run(entry, (id_, 1, 100 + 4 * member, points, lot_id))
        run(wallet, (points, _today(), id_, member))
        run(commit)

    def burn(member: int, points: int, key: str) -> None:
        if begin:
            run(begin)
        spendable, _ = run(lock, (member,)).fetchone()
        rest = points
        parts = []
        for lot_id, there in run(lots, (member, _today())).fetchall():
            parts.append((lot_id, min(there, rest)))
            rest -= parts[-1][1]
            if not rest:
                break
        assert not rest
        id_ = insert("burn", None, member, -points, key, spendable)
        for lot_id, taken in parts:
            run(take, (taken, lot_id))
            run(entry, (id_, 100 + 4 * member, 21, taken, lot_id))
        run(wallet, (-points, _today(), id_, member))
        run(commit)

    return earn, burn


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
