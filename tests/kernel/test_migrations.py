"""Migrations build exactly what the models say, on both databases, with every guard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from pwa import create_app, migrations
from pwa.db import db
from pwa.settings import read

MODELS, MIGRATED = "made_by_models", "made_by_revisions"
POSTGRESQL = "postgresql"


@pytest.fixture
def migrated(empty_app: Flask, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of its own that our revisions made; on PostgreSQL, a schema of its own."""
    with db.engine.begin() as connection:
        _make_schema(connection, MIGRATED)
    url = _url(db.engine, MIGRATED, tmp_path)
    given = {"SETIA_ENV": "test", "SETIA_VAR": str(tmp_path), "SETIA_DATABASE_URL": url}
    app = create_app(read(given))
    with app.app_context():
        migrations.upgrade()
        yield db.engine
        db.engine.dispose()
    with db.engine.begin() as connection:
        _drop_schema(connection, MIGRATED)


def _url(engine: sa.Engine, schema: str, folder: Path) -> str:
    if engine.dialect.name == POSTGRESQL:
        url = engine.url.update_query_dict({"options": f"-csearch_path={schema}"})
        return url.render_as_string(hide_password=False)
    return f"sqlite:///{folder / schema}.db"


def _make_schema(connection: sa.Connection, schema: str) -> None:
    if connection.dialect.name == POSTGRESQL:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")


def _drop_schema(connection: sa.Connection, schema: str) -> None:
    if connection.dialect.name == POSTGRESQL:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")


def test_the_revisions_are_one_line_and_the_database_is_at_its_end(migrated: sa.Engine):
    scripts = ScriptDirectory.from_config(migrations.config())
    assert scripts.get_heads() == [migrations.head()] == [migrations.current()]
    assert not migrations.upgrade()


def test_autogenerate_finds_nothing_to_add(migrated: sa.Engine):
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_constraints_and_triggers_are_those_of_the_models(migrated: sa.Engine, tmp_path: Path):
    """What autogenerate does not compare, read from each database's own catalogue."""
    with migrated.begin() as connection:
        _make_schema(connection, MODELS)
    made = sa.create_engine(_url(migrated, MODELS, tmp_path))
    rules = postgresql_rules if migrated.dialect.name == POSTGRESQL else sqlite_rules
    try:
        db.metadata.create_all(made)
        with made.connect() as theirs, migrated.connect() as ours:
            differ = rules(ours) ^ rules(theirs)
        assert not differ, "\n".join(map(str, sorted(differ)))
    finally:
        made.dispose()
        with migrated.begin() as connection:
            _drop_schema(connection, MODELS)


def sqlite_rules(connection: sa.Connection) -> set[tuple[str, ...]]:
    rows = connection.exec_driver_sql(
        "SELECT name, type, sql FROM sqlite_master "
        "WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
    )
    found: set[tuple[str, ...]] = set()
    for name, kind, sql in rows:
        parts = columns_of(sql) if kind == "table" else [sql]
        found |= {(name, re.sub(r'[\s"]+', "", part)) for part in parts}
    return found


def columns_of(create_table: str) -> list[str]:
    """The columns and constraints between the outermost brackets."""
    inside = create_table[create_table.index("(") + 1 : create_table.rindex(")")]
    parts, depth = [""], 0
    for letter in inside:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def postgresql_rules(connection: sa.Connection) -> set[tuple[str, ...]]:
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
    found = {tuple(row) for query in CATALOGUE for row in connection.exec_driver_sql(
        query.format(schema=schema)
    )}  # fmt: skip
    return {
        tuple(part.replace(f"{schema}.", "") for part in row)
        for row in found
        if "alembic_version" not in row[0]
    }


CATALOGUE = (
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = '{schema}'::regnamespace""",
    """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid)
       FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
       WHERE NOT tgisinternal AND c.relnamespace = '{schema}'::regnamespace""",
    """SELECT table_name::text, column_name::text, data_type || is_nullable
       FROM information_schema.columns WHERE table_schema = '{schema}'""",
    "SELECT tablename::text, indexdef FROM pg_indexes WHERE schemaname = '{schema}'",
)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("staff", {"login": "x", "name": "X", "role": "king", "password_hash": "x"}),
        ("shop_stock", {"sku": "X", "outlet_code": "y", "pieces": -1, "restocks": 0}),
    ],
)
def test_check_constraints_bite(migrated: sa.Engine, table: str, values: dict[str, object]):
    defaults = {"session_epoch": 1, "active": True} if table == "staff" else {}
    insert = db.metadata.tables[table].insert().values(**values, **defaults)
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)check"), migrated.begin() as connection:
        connection.execute(insert)


def test_the_ledger_keeps_its_rows(migrated: sa.Engine):
    from pwa.ledger import guards

    with migrated.connect() as connection:
        assert guards.missing(connection) == []


@pytest.fixture
def with_foreign_keys(tmp_path: Path) -> Iterator[Flask]:
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    given = {"SETIA_ENV": "test", "SETIA_VAR": str(tmp_path), "SETIA_DATABASE_URL": url}
    app = create_app(read(given))
    with app.app_context():
        yield app
        db.engine.dispose()


def test_an_upgrade_leaves_foreign_keys_on(with_foreign_keys: Flask):
    assert migrations.upgrade()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_an_upgrade_that_fails_leaves_nothing_behind(
    with_foreign_keys: Flask, monkeypatch: pytest.MonkeyPatch
):
    from alembic import op

    monkeypatch.setattr(op, "execute", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        migrations.upgrade()
    with db.engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []
