"""The demo: alive, sound, and the same when it is loaded again."""

from __future__ import annotations

import pytest
from flask import Flask

from pwa import outbox
from pwa.cli import _demo
from pwa.ledger import service as ledger
from pwa.members import service as members
from pwa.missions import service as missions
from pwa.staff import service as staff
from pwa.tiers import service as tiers
from tests.cli.conftest import Run


def test_the_demo_is_alive_and_loading_it_again_adds_nothing(empty_app: Flask):
    assert _demo.fill()
    sari = members.by_phone(_demo.SARI.phone)
    assert sari is not None
    balance = ledger.balance(sari.id)
    assert 1_000 <= balance.spendable <= 1_500
    assert tiers.tier_of(sari.id).code == "kawan-dekat"
    assert len(ledger.statement(sari.id, limit=100).rows) > 30
    assert missions.check_in(sari.id).is_new  # today is still hers to do
    outbox.commit()
    assert not _demo.fill()
    assert ledger.balance(sari.id).spendable > balance.spendable  # by her check-in


def test_every_login_that_is_printed_works(empty_app: Flask):
    _demo.fill()
    for path, role, login, password in _demo.logins():
        if path == "/login":
            assert members.log_in(login, password)
        else:
            assert staff.log_in(login, password).role == role


def test_the_demo_is_refused_in_production(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SETIA_ENV", "production")
    monkeypatch.setenv("SETIA_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("SETIA_PUBLIC_URL", "https://kartu.example.id")
    said = run("demo")
    assert said.code == 2
    assert "not in production" in said.err


def test_demo_prints_the_logins(run: Run):
    run("init")
    said = run("demo")
    assert said.code == 0, said.err
    for word in ("0812-1000-0001", "ratna", "maya", "budi", _demo.PASSWORD):
        assert word in said.out
