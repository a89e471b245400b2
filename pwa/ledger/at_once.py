# ruff: noqa: S608 - the statements are built from constants of this package only
"""The usual earn and the usual burn on PostgreSQL, in one statement and one round trip.

A statement here does its work only if nothing is unusual, which it checks itself, under the
member's lock: no debt, no lot whose date activity moves, the policy as we know it, enough
points, a new key, and nobody who wrote while we waited. If anything is, it does nothing and
returns nothing, and the caller goes the long way, which is where the rules are explained.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection

from pwa import driver
from pwa.ledger import rows
from pwa.ledger.expiry import Expiry
from pwa.ledger.posting import NewLot, Posting, lot_changes
from pwa.ledger.write_postgresql import COLUMNS, NEW_LOT

MOST_LOTS: Final = 50  # that a usual burn looks at; who needs more goes the long way
_known: dict[str, Expiry] = {}  # policies as last seen; statements check that they still hold

_TYPED: Final = ", ".join(f":{name}::{kind}" for name, kind in COLUMNS.items() if name != "balance")
_USUAL: Final = """NOT EXISTS (
        SELECT 1 FROM ledger_lot
        WHERE member_id = :member_id AND idle_days IS NOT NULL AND spendable > 0)"""
_POLICY: Final = """ AND coalesce((
        SELECT concat(kind, ':', days, ':', months) FROM ledger_policy WHERE source = :source
    ), 'never::0') = :terms"""
_INSERT: Final = f"""tx AS (
    INSERT INTO ledger_transaction ({", ".join(COLUMNS)})
    SELECT {_TYPED}, wallet.spendable - wallet.debt + :net
    FROM wallet JOIN ledger_wallet AS seen USING (member_id, last_id)
    WHERE {_USUAL} {{more}}
    ON CONFLICT (key) DO NOTHING RETURNING id, balance
), moved AS (
    UPDATE ledger_wallet SET
        spendable = ledger_wallet.spendable + :spendable,
        pending = ledger_wallet.pending + :pending,
        active_on = :today::date,
        last_id = tx.id
    FROM tx WHERE member_id = :member_id
), """
_EARN: Final = f"""
WITH wallet AS (
    SELECT member_id, spendable, debt, last_id FROM ledger_wallet
    WHERE member_id = :member_id AND debt = 0 FOR UPDATE
), {_INSERT} {NEW_LOT} entry AS (
    INSERT INTO ledger_entry (transaction_id, debit, credit, points, lot_id)
    SELECT tx.id, :debit, :credit, :points, lot.id FROM tx, lot
)
SELECT id, balance FROM tx
"""
_EARN_UNTIL: Final = _EARN.format(more="")
_EARN_BY_POLICY: Final = _EARN.format(more=_POLICY)
_BURN: Final = f"""
WITH wallet AS (
    SELECT member_id, spendable, debt, last_id FROM ledger_wallet
    WHERE member_id = :member_id AND spendable >= :wanted FOR UPDATE
), part AS (
    SELECT id, expires_on, least(spendable, :wanted - before)::bigint AS points FROM (
        SELECT id, expires_on, spendable,
            sum(spendable) OVER (ORDER BY expires_on, id) - spendable AS before
        FROM (
            SELECT id, expires_on, spendable FROM ledger_lot
            WHERE member_id = :member_id AND spendable > 0 AND expires_on >= :today::date
            ORDER BY expires_on, id LIMIT {MOST_LOTS}
        ) AS first_ones
    ) AS open WHERE before < :wanted
), {_INSERT} changed AS (
    UPDATE ledger_lot SET spendable = spendable - part.points
    FROM part, tx WHERE ledger_lot.id = part.id
), entry AS (
    INSERT INTO ledger_entry (transaction_id, debit, credit, points, lot_id)
    SELECT tx.id, :debit, :credit, part.points, part.id
    FROM tx, part ORDER BY part.expires_on, part.id
)
SELECT id, balance FROM tx
""".format(more="AND (SELECT sum(points) FROM part) = :wanted")
Written = tuple[int, int]  # id, and the balance after it


def known(source: str) -> Expiry | None:
    """The policy of a source as this process last saw it."""
    return _known.get(source)


def know(source: str, expiry: Expiry) -> None:
    _known[source] = expiry


def earn(
    connection: Connection, posting: Posting, at: datetime, today: date, policy: Expiry | None
) -> Written | None:
    """Write a posting of one entry that opens one lot; `policy` is what its date relies on."""
    (entry,) = posting.entries
    assert isinstance(entry.lot, NewLot), entry
    (lot,) = rows.lot_rows(posting, lot_changes(posting.entries), rows.as_is)
    values = _shared(posting, at, today, entry.debit, entry.credit)
    values |= {f"lot_{name}": value for name, value in lot.items()}
    values |= {name: lot[name] for name in ("spendable", "pending")}
    if policy is None:
        return _first(connection, _EARN_UNTIL, values)
    values["terms"] = f"{policy.kind}:{'' if policy.days is None else policy.days}:{policy.months}"
    return _first(connection, _EARN_BY_POLICY, values)


def burn(
    connection: Connection, posting: Posting, at: datetime, today: date, debit: int, credit: int
) -> Written | None:
    """Write a posting that takes its points from the lots that expire first."""
    values = _shared(posting, at, today, debit, credit)
    values |= {"wanted": -posting.points, "spendable": posting.points, "pending": 0}
    values["net"] = posting.points
    return _first(connection, _BURN, values)


def _shared(posting: Posting, at: datetime, today: date, debit: int, credit: int) -> dict[str, Any]:
    values = rows.transaction_row(posting, at, rows.as_is)
    values["facts"] = rows.to_json(posting.facts)
    return values | {"today": today, "debit": int(debit), "credit": int(credit)}


def _first(connection: Connection, sql: str, values: dict[str, Any]) -> Written | None:
    found = driver.fetch(connection, sql, values)
    return (found[0][0], found[0][1]) if found else None
