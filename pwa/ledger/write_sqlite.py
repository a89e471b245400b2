"""Writing postings on SQLite: one statement a table, with ids that we count ourselves.

The unit of work holds the write lock, and nothing is ever deleted, so the next id is the
greatest one and one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection

from pwa import driver
from pwa.ledger import rows
from pwa.ledger.posting import Posting
from pwa.ledger.rows import Batch, Rows

NEXT_IDS: Final = """
SELECT (SELECT coalesce(max(id), 0) FROM ledger_transaction),
    (SELECT coalesce(max(id), 0) FROM ledger_lot)
"""
TAKEN: Final = "SELECT 1 FROM ledger_transaction WHERE key = :key"
TRANSACTION: Final = """
INSERT INTO ledger_transaction (
    id, key, digest, kind, reason, source, funding, member_id, refers_to, original_id,
    actor, facts, effective_at, recorded_at, points, net, balance)
VALUES (
    :id, :key, :digest, :kind, :reason, :source, :funding, :member_id, :refers_to, :original_id,
    :actor, :facts, :effective_at, :recorded_at, :points, :net, :balance)
"""
LOT: Final = """
INSERT INTO ledger_lot (
    id, transaction_id, n, member_id, source, funding, expires_on, idle_days, matures_at,
    points, spendable, pending, held, expired)
VALUES (
    :id, :transaction_id, :n, :member_id, :source, :funding, :expires_on, :idle_days, :matures_at,
    :points, :spendable, :pending, 0, 0)
"""
CHANGE: Final = """
UPDATE ledger_lot SET spendable = spendable + :spendable, pending = pending + :pending,
    held = held + :held, expired = expired + :expired,
    expires_on = max(expires_on, coalesce(date(:active_on, '+' || idle_days || ' days'), '')),
    matured_at = CASE WHEN :matured THEN :recorded_at ELSE matured_at END
WHERE id = :lot_id
"""
WALLET: Final = """
UPDATE ledger_wallet SET spendable = spendable + :spendable, pending = pending + :pending,
    held = held + :held, debt = debt + :debt, active_on = coalesce(:active_on, active_on),
    last_id = :last_id
WHERE member_id = :member_id
"""
ENTRY: Final = """
INSERT INTO ledger_entry (transaction_id, debit, credit, points, lot_id)
VALUES (:transaction_id, :debit, :credit, :points, :lot_id)
"""


def stamp(at: datetime) -> str:
    """A time as SQLAlchemy stores it on SQLite."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def write(connection: Connection, batch: Batch) -> dict[str, int]:
    """Write the batch: the new id of each key. A key that was taken is missing, and unmoved."""
    if any(_is_taken(connection, posting) for posting in batch.postings):
        assert len(batch.postings) == 1, "jobs make keys of their own"
        return {}
    tables = _Tables(connection, batch)
    for sql, values in tables.statements():
        driver.run_each(connection, sql, values)
    return tables.ids


def _is_taken(connection: Connection, posting: Posting) -> bool:
    return bool(driver.fetch(connection, TAKEN, {"key": posting.key}))


class _Tables:
    """The batch as rows of each table, their ids given."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        transaction_id, lot_id = driver.fetch(connection, NEXT_IDS, {})[0]
        self.batch = batch
        self.ids: dict[str, int] = {}
        self.lots: Rows = []
        self.changes: Rows = []
        self.entries: Rows = []
        for posting, wallet, changes in rows.with_changes(batch):
            transaction_id += 1
            self.ids[posting.key] = transaction_id
            lots = rows.lot_rows(posting, changes, stamp)
            for lot in lots:
                lot_id += 1
                lot.update(id=lot_id, transaction_id=transaction_id)
            self.lots += lots
            self.changes += rows.change_rows(posting, wallet, changes)
            for entry in rows.entry_rows(posting):
                stored = entry["lot_id"] if entry["n"] is None else lots[entry["n"]]["id"]
                self.entries.append(entry | {"transaction_id": transaction_id, "lot_id": stored})

    def statements(self) -> list[tuple[str, Any]]:
        recorded_at = stamp(self.batch.recorded_at)
        return [
            (TRANSACTION, self._transactions()),
            (LOT, self.lots),
            (CHANGE, [change | {"recorded_at": recorded_at} for change in self.changes]),
            (WALLET, self._wallets()),
            (ENTRY, self.entries),
        ]

    def _transactions(self) -> Rows:
        return [
            row | {"id": self.ids[row["key"]], "facts": rows.to_json(row["facts"])}
            for row in rows.transaction_rows(self.batch, stamp)
        ]

    def _wallets(self) -> Rows:
        last = {posting.member_id: self.ids[posting.key] for posting in self.batch.postings}
        return [row | {"last_id": last[row["member_id"]]} for row in rows.wallet_rows(self.batch)]
