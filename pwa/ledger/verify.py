# ruff: noqa: S608 - the statements are built from constants of this package only
"""Recomputing every balance and lot from the entries: what `setia ledger verify` prints.

Each check is one statement that returns only what differs, so that our memory is bounded;
the database sorts on disk if it must. All see one snapshot of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, text

from pwa.db import db, reading
from pwa.ledger import guards
from pwa.ledger.chart import FIRST_MEMBER_ACCOUNT, Program, name_of

_BASE: Final = FIRST_MEMBER_ACCOUNT
_PROGRAM: Final = ", ".join(str(int(account)) for account in Program)
_SIDES: Final = """
    SELECT transaction_id, lot_id, credit AS account, points FROM ledger_entry
    UNION ALL
    SELECT transaction_id, lot_id, debit, -points FROM ledger_entry
"""

# Each: the words of a difference, and the statement that finds them.
CHECKS: Final[dict[str, str]] = {
    "{account}: entries say {entries}, the wallet says {wallet}": f"""
        SELECT account, sum(entries) AS entries, sum(wallet) AS wallet FROM (
            SELECT account, CASE WHEN account % 4 = {(_BASE + 3) % 4} THEN -points ELSE points END
                AS entries, 0 AS wallet
            FROM ({_SIDES}) AS sides WHERE account >= {_BASE}
            UNION ALL SELECT {_BASE} + 4 * member_id, 0, spendable FROM ledger_wallet
            UNION ALL SELECT {_BASE} + 4 * member_id + 1, 0, pending FROM ledger_wallet
            UNION ALL SELECT {_BASE} + 4 * member_id + 2, 0, held FROM ledger_wallet
            UNION ALL SELECT {_BASE} + 4 * member_id + 3, 0, debt FROM ledger_wallet
        ) AS both_sides
        GROUP BY account HAVING sum(entries) <> sum(wallet)""",
    "lot {lot_id} {place}: entries say {entries}, the lot says {lot}": f"""
        SELECT lot_id, place, sum(entries) AS entries, sum(lot) AS lot FROM (
            SELECT lot_id, points AS entries, 0 AS lot, CASE
                WHEN account = {int(Program.EXPIRED)} THEN 'expired'
                WHEN account < {_BASE} THEN 'outside'
                WHEN (account - {_BASE}) % 4 = 0 THEN 'spendable'
                WHEN (account - {_BASE}) % 4 = 1 THEN 'pending'
                WHEN (account - {_BASE}) % 4 = 2 THEN 'held' ELSE 'outside' END AS place
            FROM ({_SIDES}) AS sides WHERE lot_id IS NOT NULL
            UNION ALL SELECT id, 0, spendable, 'spendable' FROM ledger_lot
            UNION ALL SELECT id, 0, pending, 'pending' FROM ledger_lot
            UNION ALL SELECT id, 0, held, 'held' FROM ledger_lot
            UNION ALL SELECT id, 0, expired, 'expired' FROM ledger_lot
        ) AS both_sides
        WHERE place <> 'outside'
        GROUP BY lot_id, place HAVING sum(entries) <> sum(lot)""",
    "lot {lot_id}: its first transaction gave {entries}, the lot says {lot}": """
        SELECT lot.id AS lot_id, coalesce(sum(entry.points), 0) AS entries, lot.points AS lot
        FROM ledger_lot AS lot
        LEFT JOIN ledger_entry AS entry
            ON entry.transaction_id = lot.transaction_id AND entry.lot_id = lot.id
        GROUP BY lot.id, lot.points HAVING coalesce(sum(entry.points), 0) <> lot.points""",
    "member {member_id}: lots hold {lots}, the wallet {wallet} (spendable, pending and held)": """
        SELECT member_id, sum(lots) AS lots, sum(wallet) AS wallet FROM (
            SELECT member_id, spendable + pending + held AS lots, 0 AS wallet FROM ledger_lot
            UNION ALL SELECT member_id, 0, spendable + pending + held FROM ledger_wallet
        ) AS both_sides
        GROUP BY member_id HAVING sum(lots) <> sum(wallet)""",
    "lot {lot_id} of member {owner}: moved by entries of another member's account {account}": f"""
        SELECT lot.id AS lot_id, lot.member_id AS owner, sides.account FROM ({_SIDES}) AS sides
        JOIN ledger_lot AS lot ON lot.id = sides.lot_id
        WHERE sides.account >= {_BASE} AND (sides.account - {_BASE}) / 4 <> lot.member_id""",
    "transaction {id} of member {member_id}: moves account {account} of another member": f"""
        SELECT moved.id, moved.member_id, sides.account FROM ({_SIDES}) AS sides
        JOIN ledger_transaction AS moved ON moved.id = sides.transaction_id
        WHERE sides.account >= {_BASE} AND (sides.account - {_BASE}) / 4 <> moved.member_id""",
    "transaction {id}: entries change the balance by {entries}, it says {said}": f"""
        SELECT moved.id, moved.net AS said, coalesce(sum(sides.points), 0) AS entries
        FROM ledger_transaction AS moved LEFT JOIN ({_SIDES}) AS sides
            ON sides.transaction_id = moved.id AND sides.account >= {_BASE}
            AND (sides.account - {_BASE}) % 4 IN (0, 3)
        GROUP BY moved.id, moved.net HAVING coalesce(sum(sides.points), 0) <> moved.net""",
    "transaction {id}: it is about {said} points, its entries move {entries}": """
        SELECT moved.id, moved.points AS said, coalesce(sum(entry.points), 0) AS entries
        FROM ledger_transaction AS moved
        LEFT JOIN ledger_entry AS entry ON entry.transaction_id = moved.id
        GROUP BY moved.id, moved.points
        HAVING coalesce(sum(entry.points), 0) <> abs(moved.points)""",
    "transaction {id} of member {member_id}: the running balance is {said}, not {entries}": """
        SELECT id, member_id, balance AS said, entries FROM (
            SELECT id, member_id, balance,
                sum(net) OVER (PARTITION BY member_id ORDER BY id) AS entries
            FROM ledger_transaction
        ) AS running WHERE balance <> entries""",
    "member {member_id}: the last transaction is {entries}, the wallet says {wallet}": """
        SELECT wallet.member_id, coalesce(newest.id, 0) AS entries, wallet.last_id AS wallet
        FROM ledger_wallet AS wallet LEFT JOIN (
            SELECT member_id, max(id) AS id FROM ledger_transaction GROUP BY member_id
        ) AS newest ON newest.member_id = wallet.member_id
        WHERE wallet.last_id <> coalesce(newest.id, 0)""",
    "entry {id}: no such account as {account}": f"""
        SELECT id, account FROM (
            SELECT id, credit AS account FROM ledger_entry
            UNION ALL SELECT id, debit FROM ledger_entry
        ) AS sides
        WHERE account < {_BASE} AND account NOT IN ({_PROGRAM})
            OR account >= {_BASE} AND NOT EXISTS (
                SELECT 1 FROM ledger_wallet WHERE member_id = (account - {_BASE}) / 4)""",
    "entry {id}: {points} points from {debit} to {credit}, in transaction {transaction_id}": """
        SELECT entry.* FROM ledger_entry AS entry
        LEFT JOIN ledger_transaction AS moved ON moved.id = entry.transaction_id
        WHERE entry.points <= 0 OR entry.debit = entry.credit OR moved.id IS NULL""",
    "transfers: what went in and what came out differ by {points} points": f"""
        SELECT sum(points) AS points FROM ({_SIDES}) AS sides
        WHERE account = {int(Program.TRANSFERRED)} HAVING sum(points) <> 0""",
    "all accounts together: {points} points instead of 0": f"""
        SELECT sum(points) AS points FROM (
            SELECT points FROM ({_SIDES}) AS sides WHERE account < {_BASE}
            UNION ALL SELECT spendable + pending + held - debt FROM ledger_wallet
        ) AS everything HAVING sum(points) <> 0""",
}


def differences() -> Iterator[str]:
    """A line for each thing that is not as the entries say. None: the ledger is clean."""
    with _snapshot() as connection:
        yield from differences_in(connection)


def differences_in(connection: Connection) -> Iterator[str]:
    """The same, as one connection sees it."""
    for name in guards.missing(connection):
        yield f"guard {name}: missing or switched off, rows could have been changed"
    for words, sql in CHECKS.items():
        with connection.execute(text(sql)) as result:
            for row in result.mappings():
                yield words.format(**_readable(row))


def _readable(row: Any) -> dict[str, Any]:
    found = dict(row)
    if "account" in found:
        found["account"] = _name(found["account"])
    return found


def _name(number: int) -> str:
    try:
        return name_of(number)
    except ValueError:
        return str(number)


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """A connection of our own that sees one moment, streams, and only reads."""
    with reading(), db.engine.connect() as connection:
        options: dict[str, Any] = {"stream_results": True, "yield_per": 1_000}
        if connection.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        yield connection.execution_options(**options)
