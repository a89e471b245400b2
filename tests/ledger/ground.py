"""A bare app around the ledger, for this folder's tests and the processes they start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import event, insert

import pwa.ledger.models
import pwa.members.models  # noqa: F401
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members.models import Member


def bare_app(url: str) -> Flask:
    """Flask and the database, nothing else: a process starts in a fraction of a second."""
    app = Flask("ledger")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    return app


def join(*member_ids: int) -> None:
    """Members with these ids, with open accounts. The caller commits."""
    now = datetime.now(UTC)
    for id_ in member_ids:
        db.session.connection().execute(
            insert(Member.__table__),  # type: ignore[arg-type]
            {
                "id": id_,
                "public_id": f"m{id_}",
                "name": f"Member {id_}",
                "password_hash": "",
                "card_code": f"{id_:010}",
                "joined_at": now,
                "joined_on": date(2026, 1, 1),
                "joined_via": "",
            },
        )
        ledger.open_accounts(id_)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The ledger's statements meanwhile, as they reach the drivers."""
    seen: list[str] = []

    def listen(_: object, __: object, sql: str, *rest: object) -> None:
        seen.extend([sql] if "ledger_" in sql else [])

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
