"""Running a statement on the driver itself, past SQLAlchemy's result objects.

Only for the few statements of a posting: SQLAlchemy computes afresh what the columns of a
textual result are called, which was a third of a posting's time on SQLite. The connection,
its transaction, and the errors are SQLAlchemy's as ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Values = Mapping[str, Any]


def fetch(connection: Connection, sql: str, values: Values) -> list[tuple[Any, ...]]:
    """The rows that `sql` returns. Parameters are written :name."""
    with _cursor(connection, sql) as cursor:
        cursor.execute(_native(sql, connection.dialect.name), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def run_each(connection: Connection, sql: str, rows: Sequence[Values]) -> None:
    """Run `sql` once for each of `rows`."""
    if rows:
        with _cursor(connection, sql) as cursor:
            cursor.executemany(_native(sql, connection.dialect.name), rows)


def day(stored: Any) -> Any:
    """A date, which SQLite hands back as text."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


@cache
def _native(sql: str, dialect: str) -> str:
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", sql) if dialect == "postgresql" else sql


@contextmanager
def _cursor(connection: Connection, sql: str) -> Iterator[Any]:
    cursor = connection.connection.cursor()
    dbapi = connection.dialect.loaded_dbapi
    try:
        yield cursor
    except dbapi.Error as error:
        raise DBAPIError.instance(
            sql, None, error, dbapi.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    finally:
        cursor.close()
