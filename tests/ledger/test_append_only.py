"""The databases themselves refuse to change what was written."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from pwa.db import db
from pwa.ledger import guards
from pwa.ledger import service as ledger
from pwa.ledger.expiry import Expiry
from tests.ledger.test_earning_and_spending import give

CHANGES = [
    "UPDATE ledger_transaction SET reason = 'mine'",
    "UPDATE ledger_transaction SET points = points + 1",
    "DELETE FROM ledger_transaction",
    "UPDATE ledger_entry SET points = points * 2",
    "UPDATE ledger_entry SET credit = 104 WHERE id = 1",
    "DELETE FROM ledger_entry WHERE id = 1",
    "UPDATE ledger_lot SET points = points + 1",
    "UPDATE ledger_lot SET member_id = 2",
    "UPDATE ledger_lot SET funding = 'partner'",
    "UPDATE ledger_lot SET expires_on = '2099-01-01'",
    "DELETE FROM ledger_lot",
    "DELETE FROM ledger_wallet",
    "UPDATE ledger_wallet SET spendable = -1",
    "UPDATE ledger_lot SET spendable = points + 1",
    "INSERT INTO ledger_entry (transaction_id, debit, credit, points) VALUES (1, 9, 104, 0)",
    "INSERT INTO ledger_entry (transaction_id, debit, credit, points) VALUES (1, 9, 104, -5)",
    "INSERT INTO ledger_entry (transaction_id, debit, credit, points) VALUES (1, 9, 9, 5)",
    "INSERT INTO ledger_entry (transaction_id, debit, credit, points) VALUES (1, 24, 104, 5)",
]
ONLY_POSTGRESQL = [
    "TRUNCATE ledger_entry",
    "TRUNCATE ledger_transaction CASCADE",
    "TRUNCATE ledger_lot CASCADE",
    "TRUNCATE ledger_wallet",
]
ONLY_SQLITE = [
    "INSERT OR REPLACE INTO ledger_entry (id, transaction_id, debit, credit, points)"
    " VALUES (1, 1, 9, 104, 500)",
    "REPLACE INTO ledger_transaction SELECT 99, key, digest, kind, 'mine', source, funding,"
    " member_id, refers_to, original_id, actor, facts, effective_at, recorded_at, points, net,"
    " balance FROM ledger_transaction",
    "UPDATE OR REPLACE ledger_entry SET id = 2 WHERE id = 1",
    "REPLACE INTO ledger_lot SELECT id, transaction_id, n, member_id, source, funding,"
    " expires_on, idle_days, matures_at, matured_at, 500, 500, 0, 0, 0 FROM ledger_lot",
]


@pytest.fixture
def written(sari: int) -> int:
    give(sari, 100, expires=Expiry.after_days(3))
    ledger.burn(sari, 10, key="b", reason="redemption")
    return sari


def _is_refused(change: str) -> None:
    before = _everything()
    with pytest.raises(DatabaseError), db.session.begin_nested():
        db.session.execute(text(change))
    assert _everything() == before


def _everything() -> list[object]:
    tables = ("ledger_transaction", "ledger_entry", "ledger_lot", "ledger_wallet")
    return [db.session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all() for table in tables]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_written_stays(written: int, change: str) -> None:
    if change.startswith("INSERT INTO ledger_entry"):
        first = db.session.execute(text("SELECT min(id) FROM ledger_transaction")).scalar_one()
        change = change.replace("VALUES (1,", f"VALUES ({first},")
    change = change.replace("WHERE id = 1", "WHERE id = (SELECT min(id) FROM ledger_entry)")
    _is_refused(change)


@pytest.mark.parametrize("change", ONLY_POSTGRESQL)
def test_postgresql_truncates_nothing(written: int, change: str) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    _is_refused(change)


@pytest.mark.parametrize("change", ONLY_SQLITE)
def test_sqlite_replaces_nothing(written: int, change: str) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    _is_refused(change)


def test_the_guards_are_there_by_name(sari: int) -> None:
    connection = db.session.connection()
    assert guards.missing(connection) == []
    guards.install(connection)  # a migration may find them there


def test_the_history_of_an_idle_lot_may_move_its_date_and_nothing_else(sari: int) -> None:
    give(sari, 10, expires=Expiry.after_inactivity(5))
    db.session.execute(text("UPDATE ledger_lot SET expires_on = '2026-12-24'"))
    _is_refused("UPDATE ledger_lot SET source = 'quiz'")
