"""Fixtures for all tests: an app with a clean database, on SQLite and on PostgreSQL.

The people are always the same: Sari is a member, Tono another; Ratna owns the shop, Budi is
its cashier, Maya its manager.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient

from pwa import clock, create_app, outbox
from pwa.db import db, only_reads
from pwa.limits import limiter
from pwa.program import files
from pwa.program import service as program
from pwa.settings import read

REQUIRE_ALL = os.environ.get("SETIA_TEST_REQUIRE_ALL") == "1"
POSTGRESQL = os.environ.get("SETIA_TEST_POSTGRESQL", "postgresql://root@127.0.0.1:5432/postgres")
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # a Sunday, 12.00 WIB
DEMO = Path(__file__).resolve().parent.parent / "pwa" / "programs" / "kopi-kawan.toml"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Pages say what the catalogues say now, also after others' texts came with a pull."""
    if not hasattr(session.config, "workerinput"):
        script = DEMO.parents[2] / "scripts" / "catalogues.py"
        subprocess.run([sys.executable, str(script), "compile"], check=True)


def skip_or_fail(reason: str) -> None:
    """Skip what this machine can't run; where everything is required, fail instead."""
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def _postgresql_url() -> Iterator[str | None]:
    """A database of this process's own on the server that is there; None without a server."""
    admin = sa.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    name = f"setia_test_{uuid.uuid4().hex[:10]}"
    try:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except sa.exc.OperationalError:
        yield None
        return
    yield str(sa.make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False))
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def _make_app(url: str, var: Path) -> Flask:
    app = create_app(read({"SETIA_ENV": "test", "SETIA_VAR": str(var), "SETIA_DATABASE_URL": url}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=True)
    app.before_request_funcs.setdefault(None, []).insert(0, _fresh_g)
    with app.app_context():
        make_tables()
    return app


def _fresh_g() -> None:
    """Requests share the fixture's context; who asked last must not stay in it."""
    vars(g).clear()


def make_tables() -> None:
    db.create_all()


@pytest.fixture(scope="session")
def _sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("sqlite")
    app = _make_app(f"sqlite:///{folder / 'setia.db'}", folder)
    yield app
    _dispose(app)


@pytest.fixture(scope="session")
def _postgresql_app(
    _postgresql_url: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask | None]:
    if _postgresql_url is None:
        yield None
        return
    app = _make_app(_postgresql_url, tmp_path_factory.mktemp("postgresql"))
    yield app
    _dispose(app)


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An app whose tables are all empty, in a pushed context; once for each database."""
    found = request.getfixturevalue(f"_{request.param}_app")
    if found is None:
        skip_or_fail("no PostgreSQL server is reachable (SETIA_TEST_POSTGRESQL)")
    with found.app_context():
        _empty()
        if limiter.enabled:
            limiter.reset()
        yield found
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def app(empty_app: Flask) -> Flask:
    """An app with the demo program in force, and nothing told of it yet."""
    _put_demo_in_force(db.engine.dialect.name)
    only_reads(False)  # as a unit of work begins; what ran before may have ended in rendering
    return empty_app


def _put_demo_in_force(dialect: str) -> None:
    """Apply the demo program for real once a process, then lay the same rows down again."""
    if dialect not in _demo_rows:
        program.apply(files.load(DEMO), actor="test")
        db.session.execute(sa.delete(outbox.Event))
        outbox.commit()
        _demo_rows[dialect] = _all_rows()
        return
    with db.engine.begin() as connection:
        for table, rows in _demo_rows[dialect]:
            connection.execute(table.insert(), rows)


_demo_rows: dict[str, list[tuple[sa.Table, list[dict[str, Any]]]]] = {}


def _all_rows() -> list[tuple[sa.Table, list[dict[str, Any]]]]:
    with db.engine.connect() as connection:
        found = [
            (table, [dict(row) for row in connection.execute(sa.select(table)).mappings()])
            for table in db.metadata.sorted_tables
        ]
    return [(table, rows) for table, rows in found if rows]


@pytest.fixture
def database_url(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Hold the clock at noon of a Sunday, program time."""
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def _empty() -> None:
    """Empty every table, past the triggers that keep the ledger append-only."""
    db.session.remove()
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("; ".join(f'DELETE FROM "{table}"' for table in tables))
            return
        _empty_sqlite(connection, tables)


def _empty_sqlite(connection: sa.Connection, tables: list[str]) -> None:
    triggers = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for table in tables:
        connection.exec_driver_sql(f'DELETE FROM "{table}"')
    for _, sql in triggers:
        connection.exec_driver_sql(sql)
