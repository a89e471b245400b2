"""Statements that are run on the driver itself, past SQLAlchemy's own cursor results.

For the few that are run all the time: a posting's, and what every page of a member asks. What
SQLAlchemy does around a statement (its cache key, the columns' names, the identity map) costs
60 us on SQLite and 140 us on PostgreSQL; here it is 5 and 50 (make bench-web). The connection, its
transaction, its events and the errors are SQLAlchemy's as ever.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from pwa.db import db

Values = Mapping[str, Any]
Change = Callable[[Any], Any]
# SQLite's driver numbers its parameters unless it is told; both take them by name.
NAMED = {"sqlite": "named", "postgresql": "pyformat"}


class Asked:
    """A SELECT that is compiled once for each database. Its rows are named tuples, to read only.

    A list is given for an expanding parameter; each length is a statement of its own, so ask
    with lists whose length the program decides, and not a member.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._prepared: dict[tuple[Any, ...], _Prepared] = {}

    def rows(self, **values: Any) -> list[Any]:
        """All rows, once what the session still holds is in the database."""
        session = db.session()
        if session.new or session.dirty or session.deleted:
            session.flush()
        connection = session.connection()
        prepared = self._for(connection.dialect, values)
        with _cursor(connection, prepared.sql, prepared.given(values)) as cursor:
            return prepared.read(cursor.fetchall())

    def first(self, **values: Any) -> Any:
        """The first row, or None."""
        return next(iter(self.rows(**values)), None)

    def _for(self, dialect: Dialect, values: Values) -> _Prepared:
        lengths = tuple(len(v) for v in values.values() if isinstance(v, list))
        key = (dialect.name, *lengths)
        if key not in self._prepared:
            self._prepared[key] = _Prepared(self._statement, dialect, values)
        return self._prepared[key]


class _Prepared:
    """One compiled form of a statement, and how its values go in and come out."""

    def __init__(
        self, statement: Select[*tuple[Any, ...]], dialect: Dialect, values: Values
    ) -> None:
        of_this_kind: Any = type(dialect)
        named: Dialect = of_this_kind(paramstyle=NAMED[dialect.name])
        compiled = statement.compile(dialect=named)
        expanded = compiled.construct_expanded_state(dict(values))
        self.sql: str = expanded.statement
        types = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
        changes = {name: type_.bind_processor(dialect) for name, type_ in types.items()}
        # The expanded state knows only of what it expanded.
        self._change: Mapping[str, Change] = {
            **{name: change for name, change in changes.items() if change},
            **expanded.processors,
        }
        self._lists: Mapping[str, list[str]] = expanded.parameter_expansion
        asked = {*values, *(name for names in self._lists.values() for name in names)}
        given = expanded.parameters.items()
        self._constant = {name: value for name, value in given if name not in asked}
        columns = list(statement.selected_columns)
        found = ((n, _out_of(column.type, dialect)) for n, column in enumerate(columns))
        self._out = [(n, change) for n, change in found if change]
        names = [str(column.key) for column in columns]
        self._row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]

    def given(self, values: Values) -> dict[str, Any]:
        """The parameters as the driver takes them."""
        bound = dict(self._constant)
        for name, value in values.items():
            if name in self._lists:
                bound |= zip(self._lists[name], value, strict=True)
            else:
                bound[name] = value
        for name in bound.keys() & self._change.keys():
            bound[name] = self._change[name](bound[name])
        return bound

    def read(self, fetched: list[tuple[Any, ...]]) -> list[Any]:
        if not self._out:
            return [self._row._make(row) for row in fetched]
        return [self._row._make(self._changed(row)) for row in fetched]

    def _changed(self, row: tuple[Any, ...]) -> list[Any]:
        cells = list(row)
        for n, change in self._out:
            cells[n] = change(cells[n])
        return cells


def _out_of(type_: TypeEngine[Any], dialect: Dialect) -> Change | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def fetch(connection: Connection, sql: str, values: Values) -> list[tuple[Any, ...]]:
    """The rows that `sql` returns. Parameters are written :name."""
    with _cursor(connection, _native(sql, connection.dialect.name), values) as cursor:
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def run_each(connection: Connection, sql: str, rows: Sequence[Values]) -> None:
    """Run `sql` once for each of `rows`."""
    if rows:
        with _cursor(connection, _native(sql, connection.dialect.name), rows):
            pass


def day(stored: Any) -> Any:
    """A date, which SQLite hands back as text."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


@cache
def _native(sql: str, dialect: str) -> str:
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", sql) if dialect == "postgresql" else sql


@contextmanager
def _cursor(connection: Connection, sql: str, values: Values | Sequence[Values]) -> Iterator[Any]:
    """A cursor that has run `sql`: once, or once for each of several rows of values."""
    many = not isinstance(values, Mapping)
    connection.dispatch.before_cursor_execute(connection, None, sql, values, None, many)
    cursor: Any = connection.connection.cursor()
    dbapi = connection.dialect.loaded_dbapi
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
        yield cursor
    except dbapi.Error as error:
        raise DBAPIError.instance(
            sql, None, error, dbapi.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    finally:
        cursor.close()
