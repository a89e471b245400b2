"""Texts that change are asked about again, once, and the answer is kept with its version."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa.db import db
from pwa.members.models import Consent
from pwa.program import service as program
from tests.people import join, log_in

ASKED = "Syarat program diperbarui"


@dataclass
class Texts:
    """The versions that the shop's texts have today."""

    monkeypatch: pytest.MonkeyPatch

    def change(self, **versions: str) -> None:
        now = program.current()
        identity = now.program.model_copy(update=versions)
        changed = now.model_copy(update={"program": identity})
        self.monkeypatch.setattr(program, "current", lambda: changed)


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    return Texts(monkeypatch)


def agreed(purpose: str) -> list[tuple[str, bool]]:
    rows = db.session.execute(
        select(Consent.text_version, Consent.granted)
        .where(Consent.purpose == purpose)
        .order_by(Consent.id)
    )
    return [(row[0], row[1]) for row in rows]


def test_terms_that_did_not_change_are_not_asked_about(client: FlaskClient) -> None:
    log_in(client, join())
    assert ASKED not in client.get("/").text


def test_changed_terms_are_asked_about_until_she_agrees_and_then_no_more(
    app: Flask, texts: Texts
) -> None:
    sari = join()
    client = log_in(app.test_client(), sari)
    client.get("/")
    texts.change(terms_version="2027-01")
    for _ in range(2):
        assert ASKED in client.get("/").text
    assert client.post("/profile/terms").location == "/"
    assert ASKED not in client.get("/").text
    assert ASKED not in log_in(app.test_client(), sari).get("/").text
    assert agreed("program") == [("2026-11", True), ("2027-01", True)]


def test_agreeing_twice_is_recorded_once(client: FlaskClient, texts: Texts) -> None:
    log_in(client, join())
    texts.change(terms_version="2027-01")
    for _ in range(2):
        client.post("/profile/terms")
    assert agreed("program") == [("2026-11", True), ("2027-01", True)]


def test_nobody_agrees_for_a_member(client: FlaskClient) -> None:
    assert client.post("/profile/terms").location == "/login"


def test_a_yes_to_an_older_text_is_asked_about_where_it_is_given(
    client: FlaskClient, texts: Texts
) -> None:
    log_in(client, join())
    client.post("/profile/consents", data={"promo": "yes"})
    assert "Setuju teks yang baru" not in client.get("/profile/privacy").text
    texts.change(privacy_version="2027-02")
    assert client.get("/profile/privacy").text.count("Setuju teks yang baru") == 1
    client.post("/profile/consents", data={"promo": "yes"})
    assert "Setuju teks yang baru" not in client.get("/profile/privacy").text
    assert agreed("promo") == [("2026-11", False), ("2026-11", True), ("2027-02", True)]
