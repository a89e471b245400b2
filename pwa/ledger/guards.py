"""Triggers that keep the ledger append-only, on both databases.

create_all installs them; a migration executes TRIGGERS for its dialect. They stop mistakes
and curious hands, not the owner of the database, who can drop them: `verify` tells.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, event, text

APPEND_ONLY: Final = ("ledger_transaction", "ledger_entry")
# What a lot was given as never changes; where its points are now is a cache.
_LOT_FIXED: Final = ("id", "transaction_id", "n", "member_id", "source", "funding", "points")
# How SQLite could lose a row without a DELETE: INSERT OR REPLACE, by any unique key.
_IDENTITY: Final = {
    "ledger_transaction": "id = NEW.id OR key = NEW.key",
    "ledger_entry": "id = NEW.id",
    "ledger_lot": "id = NEW.id OR (transaction_id = NEW.transaction_id AND n = NEW.n)",
}


def _sqlite() -> tuple[str, ...]:
    def guard(table: str, act: str, when: str = "") -> str:
        return (
            f"CREATE TRIGGER IF NOT EXISTS {table}_keep_{act.lower()} BEFORE {act} ON {table} "
            f"{when} BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )

    fixed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in _LOT_FIXED)
    moved = "(OLD.idle_days IS NULL AND OLD.expires_on IS NOT NEW.expires_on)"
    return (
        *(guard(table, act) for table in APPEND_ONLY for act in ("UPDATE", "DELETE")),
        *(
            guard(table, "INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})")  # noqa: S608
            for table, same in _IDENTITY.items()
        ),
        guard("ledger_lot", "UPDATE", f"WHEN {fixed} OR {moved}"),
        guard("ledger_lot", "DELETE"),
        guard("ledger_wallet", "DELETE"),
    )


def _postgresql() -> tuple[str, ...]:
    refuse = "EXECUTE FUNCTION ledger_is_append_only()"
    fixed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _LOT_FIXED)
    moved = "(OLD.idle_days IS NULL AND OLD.expires_on IS DISTINCT FROM NEW.expires_on)"
    return (
        """CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN
            RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
        END $$""",
        *(
            f"CREATE OR REPLACE TRIGGER {table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT {refuse}"
            for table in APPEND_ONLY
        ),
        *(
            f"CREATE OR REPLACE TRIGGER {table}_keep_delete BEFORE DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT {refuse}"
            for table in ("ledger_lot", "ledger_wallet")
        ),
        "CREATE OR REPLACE TRIGGER ledger_lot_keep_update BEFORE UPDATE ON ledger_lot "
        f"FOR EACH ROW WHEN ({fixed} OR {moved}) {refuse}",
    )


TRIGGERS: Final = {"sqlite": _sqlite(), "postgresql": _postgresql()}
_NAMES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
}


def install(connection: Connection) -> None:
    """Create what guards the ledger's tables, which must exist."""
    for statement in TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """The names of guards that are not there, or switched off."""
    dialect = connection.dialect.name
    there = set(connection.execute(text(_NAMES[dialect])).scalars())
    wanted = {_name(statement) for statement in TRIGGERS[dialect]} - {""}
    return sorted(wanted - there)


def _name(statement: str) -> str:
    _, found, rest = statement.partition("TRIGGER ")
    words = rest.removeprefix("IF NOT EXISTS ").split()
    return words[0] if found and "RETURNS trigger" not in statement else ""


def attach(metadata: MetaData) -> None:
    """Have create_all install the guards when it creates the ledger's tables."""

    def created(_: Any, connection: Connection, tables: Collection[Table], **__: Any) -> None:
        if any(table.name == "ledger_entry" for table in tables):
            install(connection)

    event.listen(metadata, "after_create", created)
