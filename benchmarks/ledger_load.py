"""A program with any number of members, loaded as fast as the database takes rows.

Each member gets five transactions: four earns of 100 points and a burn of 50. They lie as
time would have laid them: everybody's first, then everybody's second.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

import psycopg
from sqlalchemy import Column, Connection, MetaData, Table

from pwa.db import NAMES, BigKey, db
from pwa.ledger import guards
from pwa.ledger.chart import Kind, Program, account

EARNS = 4
EACH = EARNS + 1  # transactions, and entries, of a member
CHUNK = 20_000
AT = "2026-10-01 05:00:00.000000"
Rows = Iterator[tuple[Any, ...]]
Tables = list[tuple[str, tuple[str, ...], Rows]]

TRANSACTION = (
    "id", "key", "digest", "kind", "reason", "source", "funding", "member_id", "refers_to",
    "facts", "effective_at", "recorded_at", "points", "net", "balance",
)  # fmt: skip
LOT = (
    "id", "transaction_id", "n", "member_id", "source", "funding", "expires_on",
    "points", "spendable", "pending", "held", "expired",
)  # fmt: skip
ENTRY = ("id", "transaction_id", "debit", "credit", "points", "lot_id")
WALLET = ("member_id", "spendable", "pending", "held", "debt", "active_on", "last_id")


def transactions(members: int) -> Rows:
    for turn in range(EACH):
        burns = turn == EARNS
        points = -50 if burns else 100
        kind, reason, source = (
            ("burn", "redemption", None) if burns else ("earn", "purchase", "purchase")
        )
        balance = 350 if burns else 100 * (turn + 1)
        facts = '{"amount_rupiah":50000}'
        for member in range(1, members + 1):
            id_ = turn * members + member
            yield (
                id_, f"load:{id_:09}", f"{id_:032x}", kind, reason, source, "own", member,
                f"purchase:{id_}", facts, AT, AT, points, points, balance,
            )  # fmt: skip


def lots(members: int) -> Rows:
    today = date.today()  # noqa: DTZ011 - any day will do
    for turn in range(EARNS):
        expires_on = (today + timedelta(days=200 + 30 * turn)).isoformat()
        spendable = 50 if turn == 0 else 100
        for member in range(1, members + 1):
            id_ = turn * members + member
            yield id_, id_, 0, member, "purchase", "own", expires_on, 100, spendable, 0, 0, 0


def entries(members: int) -> Rows:
    for turn in range(EACH):
        for member in range(1, members + 1):
            id_ = turn * members + member
            purse = account(member, Kind.SPENDABLE)
            if turn == EARNS:
                yield id_, id_, purse, int(Program.REDEEMED), 50, member
            else:
                yield id_, id_, int(Program.ISSUED_PURCHASE), purse, 100, id_


def wallets(members: int) -> Rows:
    for member in range(1, members + 1):
        yield member, 350, 0, 0, 0, "2026-10-01", EARNS * members + member


def people(members: int) -> Rows:
    yield from ((member,) for member in range(1, members + 1))


def everything(members: int) -> Tables:
    return [
        ("member", ("id",), people(members)),
        ("ledger_wallet", WALLET, wallets(members)),
        ("ledger_transaction", TRANSACTION, transactions(members)),
        ("ledger_lot", LOT, lots(members)),
        ("ledger_entry", ENTRY, entries(members)),
    ]


def load(members: int) -> None:
    """Create the ledger's tables, with members who are nothing but an id, and fill them."""
    with db.engine.connect() as connection:
        _tables().create_all(connection)
        guards.install(connection)
        connection.commit()
        fill(connection, everything(members))


def fill(connection: Connection, tables: Tables) -> None:
    """Fill tables that are there already and empty, indexes last."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        _load_postgresql(driver, tables)
    else:
        _load_sqlite(connection, driver, tables)


def _tables() -> MetaData:
    found = MetaData(naming_convention=NAMES)
    Table("member", found, Column("id", BigKey, primary_key=True, autoincrement=False))
    for table in db.metadata.sorted_tables:
        if table.name.startswith("ledger_"):
            table.to_metadata(found)
    return found


def _load_postgresql(driver: psycopg.Connection[Any], tables: Tables) -> None:
    rebuild = _drop_indexes(driver)
    for table, columns, rows in tables:
        with driver.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for text in _as_copy(rows):
                copy.write(text)
    for statement in rebuild:
        driver.execute(statement)
    for table in ("ledger_transaction", "ledger_lot", "ledger_entry"):
        driver.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
    driver.commit()
    driver.autocommit = True
    driver.execute("VACUUM ANALYZE")
    driver.execute("CHECKPOINT")
    driver.autocommit = False


def _as_copy(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield "".join(
            "\t".join([r"\N" if value is None else str(value) for value in row]) + "\n"
            for row in chunk
        )


def _drop_indexes(driver: psycopg.Connection[Any]) -> list[str]:
    """Drop what would be updated row by row; the statements that bring it back."""
    tables = "('member', 'ledger_wallet', 'ledger_transaction', 'ledger_lot', 'ledger_entry')"
    constraints = driver.execute(
        f"""SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE conrelid::regclass::text IN {tables}
        AND contype IN ('f', 'u', 'p') ORDER BY contype = 'p', contype = 'u'"""
    ).fetchall()
    for table, name, _ in constraints:
        driver.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
    indexes = driver.execute(
        f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN {tables}"
    ).fetchall()
    for name, _ in indexes:
        driver.execute(f"DROP INDEX {name}")
    return [definition for _, definition in indexes] + [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        for table, name, definition in reversed(constraints)
    ]


def _load_sqlite(connection: Connection, driver: sqlite3.Connection, tables: Tables) -> None:
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-500000"):
        driver.execute(f"PRAGMA {pragma}")
    kinds = {"trigger": "name LIKE 'ledger_%'", "index": "sql IS NOT NULL"}
    dropped = []
    for kind, which in kinds.items():
        query = f"SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND {which}"
        for name, sql in driver.execute(query).fetchall():
            driver.execute(f"DROP {kind} {name}")
            dropped.append((kind, sql))
    driver.execute("BEGIN")
    for table, columns, rows in tables:
        marks = ", ".join("?" * len(columns))
        driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
    for kind, sql in dropped:
        if kind == "index":
            driver.execute(sql)
    driver.execute("COMMIT")
    guards.install(connection)
    connection.commit()
    driver.execute("ANALYZE")
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "cache_size=-2000"):
        driver.execute(f"PRAGMA {pragma}")
