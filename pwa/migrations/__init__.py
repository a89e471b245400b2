"""The database's revisions, and moving it to the newest. Each revision runs on SQLite and
PostgreSQL alike, in one transaction.

Alembic is imported only to move: every start asks whether there is need, and should be quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pwa.db import db

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parent
VERSIONS = FOLDER / "versions"
TABLE = "alembic_version"


def head() -> str:
    """The newest revision that this code knows. Files are numbered; there are no branches."""
    return max(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def current() -> str | None:
    """The revision that the database is at; None when it is empty."""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table(TABLE):
            return None
        found = connection.execute(sa.text(f"SELECT version_num FROM {TABLE}"))  # noqa: S608
        return found.scalar()


def upgrade() -> bool:
    """Move the database to head; whether there was something to do.

    The database must not be ahead of the code: an older release is no way back.
    """
    if current() == head():
        return False
    from alembic import command

    command.upgrade(config(), "head")
    return True


def config() -> Config:
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    return made
