"""`setia ledger verify` finds what somebody who can drop a trigger could do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from pwa.cli import ledger as commands
from pwa.db import db
from pwa.ledger import guards
from pwa.ledger import service as ledger
from pwa.ledger.expiry import Expiry
from pwa.ledger.verify import differences
from tests.ledger.ground import join
from tests.ledger.test_earning_and_spending import give


@pytest.fixture
def books(empty_app: Flask, noon: datetime) -> Flask:
    """Some of everything, committed: verify looks from a connection of its own."""
    join(1, 2)
    give(1, 100, "p", source="purchase")
    give(1, 50, "q", expires=Expiry.after_days(1))
    give(2, 30, "w", matures_at=noon + timedelta(days=7))
    ledger.burn(1, 60, key="b", reason="redemption")
    ledger.hold(1, 20, key="h", reason="redemption")
    ledger.transfer(1, 2, 5, key="t")
    ledger.refund("p", 1, 2, key="r")
    db.session.commit()
    return empty_app


def plant(change: str) -> list[str]:
    """Change something as the database's owner, who can switch guards off."""
    if db.engine.dialect.name == "sqlite":
        _plant_in_sqlite(change)
    else:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        db.session.execute(text(change))
        db.session.commit()
    return list(differences())


def _plant_in_sqlite(change: str) -> None:
    db.session.remove()
    with closing(sqlite3.connect(str(db.engine.url.database))) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_%'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change)
        for statement in guards.TRIGGERS["sqlite"]:
            connection.execute(statement)
        connection.commit()


def test_a_ledger_that_nobody_touched_is_clean(books: Flask) -> None:
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE ledger_wallet SET spendable = spendable + 1 WHERE member_id = 1",
         "member:1:spendable: entries say {n}, the wallet says"),
        ("UPDATE ledger_wallet SET debt = debt + 1 WHERE member_id = 2",
         "member:2:debt: entries say 0, the wallet says 1"),
        ("UPDATE ledger_lot SET spendable = spendable - 1 WHERE spendable = 5",
         "spendable: entries say 5, the lot says 4"),
        ("UPDATE ledger_lot SET held = held - 1, spendable = spendable + 1 WHERE held > 0",
         "held: entries say"),
        ("UPDATE ledger_lot SET points = points + 1 WHERE points = 100",
         "its first transaction gave 100, the lot says 101"),
        ("UPDATE ledger_entry SET points = points + 7 WHERE debit = 1",
         "entries move 107"),
        ("UPDATE ledger_entry SET credit = 108 WHERE debit = 1",
         "of another member"),
        ("DELETE FROM ledger_entry WHERE credit = 21",
         "entries move 0"),
        ("UPDATE ledger_transaction SET net = net + 1 WHERE key = 'p'",
         "entries change the balance by 100, it says 101"),
        ("UPDATE ledger_transaction SET balance = balance + 1 WHERE key = 'b'",
         "the running balance is"),
        ("DELETE FROM ledger_transaction WHERE key = 't:in'",
         "entry"),
        ("UPDATE ledger_entry SET debit = 20 WHERE debit = 2",
         "transfers: what went in and what came out differ by"),
        ("UPDATE ledger_wallet SET last_id = last_id - 1 WHERE member_id = 1",
         "the last transaction is"),
        ("UPDATE ledger_entry SET debit = 14 WHERE debit = 1",
         "no such account as 14"),
        ("UPDATE ledger_lot SET member_id = 2 WHERE points = 100",
         "of member 2: moved by entries of another member's account member:1:"),
    ],
)  # fmt: skip
def test_planted_damage_is_found(books: Flask, change: str, found: str) -> None:
    lines = plant(change)
    words = found.split("{n}")
    assert any(all(word in line for word in words) for line in lines), lines


def test_points_from_nowhere_are_found(books: Flask) -> None:
    lines = plant("UPDATE ledger_wallet SET spendable = spendable + 500 WHERE member_id = 2")
    assert "all accounts together: 500 points instead of 0" in lines


def test_a_missing_guard_is_found(books: Flask) -> None:
    name = sorted(_guard_names())[0]
    on = " ON ledger_entry" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER {name}{on}"))
    db.session.commit()
    try:
        assert any(line.startswith(f"guard {name}:") for line in differences())
    finally:
        guards.install(db.session.connection())
        db.session.commit()


def _guard_names() -> list[str]:
    statements = guards.TRIGGERS[db.engine.dialect.name]
    return [name for name in map(guards._name, statements) if name.startswith("ledger_entry")]


def _run(books: Flask, *arguments: str) -> tuple[int, str]:
    @contextmanager
    def context() -> Iterator[Flask]:
        yield books

    with patch.object(commands, "app_context", context):
        result = CliRunner().invoke(commands.command, arguments)
    return result.exit_code, result.output


def test_the_command_says_so_when_it_is_clean(books: Flask) -> None:
    code, output = _run(books, "verify")
    assert (code, "every balance and lot is what the entries say" in output) == (0, True)


def test_the_command_prints_each_difference_and_exits_1(books: Flask) -> None:
    plant("UPDATE ledger_wallet SET spendable = spendable + 1")
    code, output = _run(books, "verify")
    assert code == 1
    assert "member:1:spendable" in output
    assert "member:2:spendable" in output
    assert "stopped after 1" in _run(books, "verify", "--most", "1")[1]


def test_the_other_commands_work(books: Flask) -> None:
    assert "members:spendable" in _run(books, "totals")[1]
    assert "account_debit" in _run(books, "journal", "--rupiah", "10")[1]
    assert "never" in _run(books, "liability")[1]
    assert _run(books, "mature") == (0, "matured: 0\n")
    assert _run(books, "expire") == (0, "expired: 0\n")
