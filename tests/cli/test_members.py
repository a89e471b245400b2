"""`setia members`: what an operator does for a member who asks."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask

from pwa import create_app, outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members import service as members
from tests.cli.conftest import Run
from tests.conftest import DEMO
from tests.people import PHONES, join


@pytest.fixture
def shop(run: Run) -> Iterator[Flask]:
    """A machine with the demo's program, and two members."""
    assert run("init").code == 0
    assert run("program", "apply", str(DEMO)).code == 0
    app = create_app()
    with app.app_context():
        join("Sari")
        join("Tono")
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


def card(app: Flask, name: str) -> str:
    with app.app_context():
        member = members.by_phone(PHONES[name])
        assert member is not None
        return member.card_code


def points(app: Flask, name: str) -> int:
    with app.app_context():
        member = members.by_phone(PHONES[name])
        assert member is not None
        return ledger.balance(member.id).spendable


def test_a_dry_run_says_all_and_changes_nothing(run: Run, shop: Flask) -> None:
    said = run("members", "merge", card(shop, "Sari"), card(shop, "Tono"), "--dry-run")
    assert said.code == 0
    assert "move  50 points now, 0 when they are free" in said.out
    assert "Nothing was changed." in said.out
    assert (points(shop, "Sari"), points(shop, "Tono")) == (50, 50)


def test_two_cards_become_one_and_again_is_harmless(run: Run, shop: Flask) -> None:
    sari, tono = card(shop, "Sari"), card(shop, "Tono")
    assert run("members", "merge", sari, tono, "--yes").out.endswith("Merged.\n")
    assert points(shop, "Sari") == 100
    again = run("members", "merge", sari, tono, "--yes")
    assert (again.code, points(shop, "Sari")) == (0, 100)
    assert "one account already" in again.out


def test_a_card_nobody_has_is_one_clear_line(run: Run, shop: Flask) -> None:
    said = run("members", "merge", card(shop, "Sari"), "1234567890", "--yes")
    assert said.code == 2
    assert (
        said.err == "setia: Kartu ini tidak dikenal. Periksa angkanya, atau pindai sekali lagi.\n"
    )


def test_an_export_is_json_or_a_page(run: Run, shop: Flask) -> None:
    said = run("members", "export", PHONES["Sari"])
    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert told["data"]["members"]["name"] == "Sari"
    page = run("members", "export", card(shop, "Sari"), "--html").out
    assert page.startswith("<!doctype html>")
    assert "+6281210000001" in page


def test_a_member_is_erased_at_once_or_by_the_clock(run: Run, shop: Flask) -> None:
    assert "Will be erased at" in run("members", "delete", card(shop, "Sari"), "--yes").out
    assert run("members", "keep", card(shop, "Sari")).out == "Stays.\n"
    assert run("members", "keep", card(shop, "Sari")).out == "No clock was running.\n"
    assert run("members", "delete", card(shop, "Tono"), "--now", "--yes").out == "Erased.\n"
    with shop.app_context():
        assert members.by_phone(PHONES["Tono"]) is None
        outbox.rollback()
    assert run("ledger", "verify").code == 0
