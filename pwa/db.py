"""Engine, session, and claim(), the one idempotency primitive.

Only the edges (views, CLI, worker) commit; see `outbox.commit`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Engine, Integer, MetaData, event, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases (SQLite would hand back a naive one)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert value.tzinfo is not None, "a naive datetime reached the database"
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A primary key that may pass 2^31 on PostgreSQL and stays SQLite's own rowid.
BigKey = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    # A registry and not a type_annotation_map: Flask-SQLAlchemy copies the class's attributes.
    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON},
    )


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


db = SQLAlchemy(model_class=Base, engine_options={"json_serializer": _to_json})

SQLITE_PRAGMAS = (
    "busy_timeout=15000",  # fifty writers on a busy 2-core machine wait longer than 5 s
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    # Every commit that fills the log pays for copying it back. At SQLite's own 1,000 pages that is
    # one commit in a hundred, and the slower the larger the file is (make bench-ledger: p99).
    "wal_autocheckpoint=8000",
)

# Whether the unit of work only reads. A forgotten "only reads" costs a lock; a forgotten
# "writes" would cost lost updates (SQLite upgrades a reader's snapshot too late), so
# writing is the default.
_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)


def only_reads(yes: bool = True) -> None:
    """Say whether what follows in this request only reads (on SQLite: takes no write lock)."""
    _only_reads.set(yes)


def is_reading() -> bool:
    """Whether this unit of work said that it only reads."""
    return _only_reads.get()


@contextmanager
def reading() -> Iterator[None]:
    """A stretch of work that only reads."""
    token = _only_reads.set(True)
    try:
        yield
    finally:
        _only_reads.reset(token)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN DEFERRED" if _only_reads.get() else "BEGIN IMMEDIATE")


Row = TypeVar("Row", bound=Base)


def claim(row: Row, **unique: object) -> tuple[Row, bool]:
    """Insert `row` unless its unique columns are taken: (stored row, is it ours)."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
        return row, True
    except IntegrityError:
        earlier = db.session.scalar(select(type(row)).filter_by(**unique))
        if earlier is None:
            raise  # another constraint failed, and that is a bug
        return earlier, False
