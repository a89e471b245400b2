"""Writing postings on PostgreSQL: every row of them in one statement.

One posting, the usual case, is written by a statement of its own shape, whose plan knows that
there is one row of everything. Batches go as JSON, and their plan guesses.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection

from pwa import driver
from pwa.ledger import rows
from pwa.ledger.rows import Batch, Rows

MOST_LINES: Final = 6  # of one posting, to be worth a plan of its own
COLUMNS: Final = {
    "key": "text",
    "digest": "text",
    "kind": "text",
    "reason": "text",
    "source": "text",
    "funding": "text",
    "member_id": "bigint",
    "refers_to": "text",
    "original_id": "bigint",
    "actor": "text",
    "facts": "json",
    "effective_at": "timestamptz",
    "recorded_at": "timestamptz",
    "points": "bigint",
    "net": "bigint",
    "balance": "bigint",
}
_TRANSACTION: Final = ", ".join(COLUMNS)
_CHANGED: Final = """
        spendable = ledger_lot.spendable + asked.spendable,
        pending = ledger_lot.pending + asked.pending,
        held = ledger_lot.held + asked.held,
        expired = ledger_lot.expired + asked.expired,
        expires_on = greatest(expires_on, asked.active_on + idle_days),
        matured_at = CASE WHEN asked.matured THEN :recorded_at ELSE matured_at END"""

# A key that is taken yields no "tx" row, and with it nothing else: the parts all join it.
# The wallet's changes are added to what is stored, and CHECKs refuse to go below zero.
_ONE: Final = """
WITH tx AS (
    INSERT INTO ledger_transaction ({columns}) VALUES ({values})
    ON CONFLICT (key) DO NOTHING RETURNING id
), {lot} {changed} wallet AS (
    UPDATE ledger_wallet SET
        spendable = spendable + :wallet_spendable,
        pending = pending + :wallet_pending,
        held = held + :wallet_held,
        debt = debt + :wallet_debt,
        active_on = coalesce(:wallet_active_on::date, active_on),
        last_id = tx.id
    FROM tx WHERE member_id = :member_id
), entry AS (
    INSERT INTO ledger_entry (transaction_id, debit, credit, points, lot_id)
    SELECT tx.id, asked.debit, asked.credit, asked.points, {lot_id}
    FROM tx, {from_lot} (VALUES {entries}) AS asked(debit, credit, points, lot_id, n)
)
SELECT :key AS key, id FROM tx
"""
NEW_LOT: Final = """
lot AS (
    INSERT INTO ledger_lot (
        transaction_id, n, member_id, source, funding, expires_on, idle_days, matures_at,
        points, spendable, pending, held, expired)
    SELECT tx.id, 0, :member_id, :lot_source, :lot_funding, :lot_expires_on::date,
        :lot_idle_days::int, :lot_matures_at::timestamptz, :lot_points,
        :lot_spendable, :lot_pending, 0, 0
    FROM tx RETURNING id
),"""
_CHANGES: Final = (
    "changed AS (UPDATE ledger_lot SET"
    + _CHANGED
    + """
    FROM tx, (VALUES {changes}) AS asked(
        lot_id, spendable, pending, held, expired, matured, active_on)
    WHERE ledger_lot.id = asked.lot_id
),"""
)
_BATCH: Final = f"""
WITH tx AS (
    INSERT INTO ledger_transaction ({_TRANSACTION})
    SELECT {_TRANSACTION}
    FROM json_to_recordset(:transactions::json) AS asked(
        {", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())})
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key, member_id
), lot AS (
    INSERT INTO ledger_lot (
        transaction_id, n, member_id, source, funding, expires_on, idle_days, matures_at,
        points, spendable, pending, held, expired)
    SELECT tx.id, n, asked.member_id, source, funding, expires_on, idle_days, matures_at,
        points, spendable, pending, 0, 0
    FROM json_to_recordset(:lots::json) AS asked(
        key text, n int, member_id bigint, source text, funding text, expires_on date,
        idle_days int, matures_at timestamptz, points bigint, spendable bigint, pending bigint)
    JOIN tx USING (key)
    ORDER BY tx.id, n
    RETURNING id, transaction_id, n
), changed AS (
    UPDATE ledger_lot SET {_CHANGED}
    FROM json_to_recordset(:changes::json) AS asked(
        key text, lot_id bigint, spendable bigint, pending bigint, held bigint,
        expired bigint, matured boolean, active_on date)
    JOIN tx USING (key)
    WHERE ledger_lot.id = asked.lot_id
), wallet AS (
    UPDATE ledger_wallet SET
        spendable = ledger_wallet.spendable + asked.spendable,
        pending = ledger_wallet.pending + asked.pending,
        held = ledger_wallet.held + asked.held,
        debt = ledger_wallet.debt + asked.debt,
        active_on = coalesce(asked.active_on, ledger_wallet.active_on),
        last_id = newest.id
    FROM json_to_recordset(:wallets::json) AS asked(
        member_id bigint, spendable bigint, pending bigint, held bigint, debt bigint,
        active_on date)
    JOIN (SELECT member_id, max(id) AS id FROM tx GROUP BY member_id) AS newest
        USING (member_id)
    WHERE ledger_wallet.member_id = asked.member_id
), entry AS (
    INSERT INTO ledger_entry (transaction_id, debit, credit, points, lot_id)
    SELECT tx.id, debit, credit, points, coalesce(asked.lot_id, lot.id)
    FROM json_to_recordset(:entries::json) AS asked(
        key text, debit bigint, credit bigint, points bigint, lot_id bigint, n int, line int)
    JOIN tx USING (key)
    LEFT JOIN lot ON lot.transaction_id = tx.id AND lot.n = asked.n
    ORDER BY tx.id, line
)
SELECT key, id FROM tx
"""  # noqa: S608 - built from the column names above


def write(connection: Connection, batch: Batch) -> dict[str, int]:
    """Write the batch: the new id of each key. A key that was taken is missing, and unmoved."""
    written = _write_one(connection, batch) if len(batch.postings) == 1 else None
    if written is None:
        written = _write_all(connection, batch)
    return written


def _write_one(connection: Connection, batch: Batch) -> dict[str, int] | None:
    """One posting by a statement of its shape; None if its shape is not worth one."""
    posting, wallet, changes = rows.with_changes(batch)[0]
    lots = rows.lot_rows(posting, changes, rows.as_is)
    changed = rows.change_rows(posting, wallet, changes)
    if len(lots) > 1 or not 0 < len(posting.entries) <= MOST_LINES or len(changed) > MOST_LINES:
        return None
    values = rows.transaction_rows(batch, rows.as_is)[0]
    values["facts"] = rows.to_json(values["facts"])
    values |= _prefixed("wallet_", rows.wallet_rows(batch)[0])
    for lot in lots:
        values |= _prefixed("lot_", lot)
    for n, change in enumerate(changed):
        values |= _prefixed(f"c{n}_", change)
    for n, entry in enumerate(rows.entry_rows(posting)):
        values |= _prefixed(f"e{n}_", entry)
    sql = _statement(bool(lots), len(changed), len(posting.entries))
    return dict(driver.fetch(connection, sql, values))


@cache
def _statement(opens_lot: bool, changes: int, entries: int) -> str:
    return _ONE.format(
        columns=_TRANSACTION,
        values=", ".join(f":{name}" for name in COLUMNS),
        lot=NEW_LOT if opens_lot else "",
        changed=_CHANGES.format(changes=_values(_change, changes)) if changes else "",
        lot_id="CASE WHEN asked.n IS NULL THEN asked.lot_id ELSE lot.id END"
        if opens_lot
        else "asked.lot_id",
        from_lot="lot," if opens_lot else "",
        entries=_values(_entry, entries),
    )


def _values(row: Any, count: int) -> str:
    return ", ".join(row(n) for n in range(count))


def _change(n: int) -> str:
    numbers = ", ".join(
        f":c{n}_{name}::bigint" for name in ("lot_id", "spendable", "pending", "held", "expired")
    )
    return f"({numbers}, :c{n}_matured::boolean, :c{n}_active_on::date)"


def _entry(n: int) -> str:
    names = ("debit", "credit", "points", "lot_id", "n")
    return "(" + ", ".join(f":e{n}_{name}::bigint" for name in names) + ")"


def _prefixed(prefix: str, row: dict[str, Any]) -> dict[str, Any]:
    return {prefix + name: value for name, value in row.items()}


def _write_all(connection: Connection, batch: Batch) -> dict[str, int]:
    parts = rows.with_changes(batch)
    stamp = datetime.isoformat
    values = {
        "transactions": rows.transaction_rows(batch, stamp),
        "lots": _flat(rows.lot_rows(p, c, stamp) for p, _, c in parts),
        "changes": _flat(rows.change_rows(p, w, c) for p, w, c in parts),
        "wallets": rows.wallet_rows(batch),
        "entries": _flat(rows.entry_rows(p) for p in batch.postings),
    }
    parameters = {name: rows.to_json(value) for name, value in values.items()}
    return dict(driver.fetch(connection, _BATCH, parameters | {"recorded_at": batch.recorded_at}))


def _flat(parts: Iterable[Rows]) -> Rows:
    return list(chain.from_iterable(parts))
