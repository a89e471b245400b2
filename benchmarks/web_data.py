"""A whole shop with any number of members: the demo's program, and members with a ledger each."""

from __future__ import annotations

from flask import Flask

from benchmarks import ledger_load
from pwa import outbox
from pwa.db import db
from pwa.program import files
from pwa.settings import ROOT

DEMO = ROOT / "pwa" / "programs" / "kopi-kawan.toml"
PERSON = (
    "id", "public_id", "name", "phone", "password_hash", "language", "zone", "card_code",
    "joined_at", "joined_on", "joined_via", "session_epoch", "theme",
)  # fmt: skip


def load(app: Flask, members: int) -> None:
    """Every table, the program in force, and `members` members with five transactions each."""
    with app.app_context():
        db.create_all()
        with db.engine.connect() as connection:
            ledger_load.fill(
                connection,
                [("member", PERSON, people(members)), *ledger_load.everything(members)[1:]],
            )
        files.apply_file(DEMO, actor="bench")
        outbox.commit()
        db.session.remove()
        db.engine.dispose()


def people(members: int) -> ledger_load.Rows:
    for id_ in range(1, members + 1):
        yield (
            id_, f"m{id_:011}", "Sari Wulandari", f"+62812{id_:09}", "-", "id", "Asia/Jakarta",
            f"{id_:010}", ledger_load.AT, "2026-10-01", "bench", 1, "",
        )  # fmt: skip
