"""How Alembic runs our revisions: one transaction, and on SQLite with foreign keys off.

SQLite's batch ALTER drops and remakes a table. With foreign keys on, that would delete the
rows of its children by ON DELETE CASCADE; and the switch is without effect inside a
transaction, so it is thrown before.
"""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from pwa.db import db, only_reads

LOCK_TIMEOUT = "5s"  # rather fail and be run again than stand in every cashier's way
ONE_AT_A_TIME = 7_384_211  # an advisory lock of our own number


def run() -> None:
    only_reads(False)  # on SQLite: BEGIN IMMEDIATE, so that two upgrades can't mix
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _run_on_sqlite(connection)
        else:
            _run_on_postgresql(connection)


def _run_on_sqlite(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            _migrate(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            assert not broken, f"rows without their parents after the upgrade: {broken[:5]}"
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _run_on_postgresql(connection: Connection) -> None:
    with connection.begin():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transactional_ddl=True,
        render_as_batch=True,
        compare_type=True,
        render_item=_render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


def _render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """A revision must not change when our code does: our own types are written as plain ones."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


run()
