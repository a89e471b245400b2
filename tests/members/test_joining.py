"""Joining from a poster's QR: one short form, consent recorded, a card and the welcome bonus."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members import service as members
from pwa.members.models import Consent, Member
from tests.people import PASSWORD, PHONES, join, log_in

SARI = {"name": "Sari", "phone": "0812 1000 0001", "password": PASSWORD}


def only_member() -> Member:
    return db.session.scalars(select(Member)).one()


def test_joining_gives_a_card_the_bonus_and_a_session(client: FlaskClient) -> None:
    page = client.get("/join?src=poster-kasir")
    assert page.status_code == 200
    assert 'value="poster-kasir"' in page.text
    answer = client.post("/join", data={**SARI, "via": "poster-kasir", "birthday": "1998-04-21"})
    assert (answer.status_code, answer.location) == (303, "/")
    sari = only_member()
    assert sari.phone == "+6281210000001"
    assert sari.joined_via == "poster-kasir"
    assert sari.birthday == date(1998, 4, 21)
    assert ledger.balance(sari.id).spendable == 50
    assert client.get("/card").status_code == 200


def test_consent_is_recorded_by_purpose_and_text_version(client: FlaskClient) -> None:
    client.post("/join", data={**SARI, "promo": "1"})
    rows = db.session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [(row.purpose, row.granted) for row in rows] == [("program", True), ("promo", True)]
    assert all(row.text_version and row.source == "join" for row in rows)


def test_without_a_tick_promo_is_refused_consent(client: FlaskClient) -> None:
    client.post("/join", data=SARI)
    assert members.consents(only_member()) == {"program": True, "promo": False}


def test_withdrawing_promo_consent_counts_at_once(client: FlaskClient) -> None:
    client.post("/join", data={**SARI, "promo": "1"})
    client.post("/profile/consents", data={"promo": "no"})
    assert members.consents(only_member())["promo"] is False


def test_joining_twice_is_refused_and_pays_no_second_bonus(app: Flask) -> None:
    first, second = app.test_client(), app.test_client()
    first.post("/join", data=SARI)
    answer = second.post("/join", data={**SARI, "phone": "+62 812-1000-0001"})
    assert answer.status_code == 409
    assert "sudah punya kartu" in answer.text
    assert db.session.scalar(select(func.count(Member.id))) == 1
    assert ledger.balance(only_member().id).spendable == 50


@pytest.mark.parametrize(
    ("field", "bad", "word"),
    [
        ("name", "", "Siapa namamu"),
        ("name", "<b>Sari</b>", "tanda khusus"),
        ("phone", "0812", "belum lengkap"),
        ("phone", "", "dipakai untuk masuk"),
        ("password", "pendek", "8 huruf"),
        ("birthday", "2999-01-01", "belum pas"),
        ("birthday", "1998-02-31", "tidak ada di kalender"),
    ],
)
def test_a_mistake_says_what_to_do_and_loses_nothing(
    client: FlaskClient, field: str, bad: str, word: str
) -> None:
    answer = client.post("/join", data={**SARI, field: bad})
    assert answer.status_code == 422
    assert word in answer.text
    kept = {name: value for name, value in SARI.items() if name not in (field, "password")}
    assert all(f'value="{value}"' in answer.text for value in kept.values())
    assert PASSWORD not in answer.text
    assert db.session.scalar(select(func.count(Member.id))) == 0


def test_logging_in_starts_a_session_of_its_own(app: Flask) -> None:
    join("Sari")
    client = app.test_client()
    client.get("/login")
    before = client.get_cookie("setia")
    log_in(client, only_member())
    after = client.get_cookie("setia")
    assert after is not None
    assert before is None or before.value != after.value
    assert after.http_only
    assert after.same_site == "Lax"


def test_a_wrong_password_and_an_unknown_number_get_the_same_answer(app: Flask) -> None:
    join("Sari")
    answers = [
        app.test_client().post("/login", data={"phone": phone, "password": "bukan-ini"})
        for phone in (PHONES["Sari"], PHONES["Tono"])
    ]
    assert [a.status_code for a in answers] == [422, 422]
    assert all("belum cocok" in a.text for a in answers)


def test_logging_out_ends_the_session(app: Flask) -> None:
    client = log_in(app.test_client(), join("Sari"))
    assert client.post("/logout").status_code == 303
    assert client.get("/card").location == "/login?next=/card"


def test_ending_other_sessions_logs_every_phone_out(app: Flask) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    members.end_other_sessions(sari)
    db.session.commit()
    assert client.get("/card").status_code == 303


@pytest.mark.parametrize("where", [
    "//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example",
    "///evil.example", "/\n/evil.example", "\\\\evil.example", " //evil.example",
    "javascript:alert(1)", "evil.example", "\t//evil.example",
])  # fmt: skip
def test_after_logging_in_nobody_is_sent_to_another_site(app: Flask, where: str) -> None:
    join("Sari")
    data = {"phone": PHONES["Sari"], "password": PASSWORD, "next": where}
    assert app.test_client().post("/login", data=data).location == "/"


@pytest.mark.parametrize("path", ["/card", "/card.json", "/profile", "/wallet"])
def test_a_members_pages_ask_a_stranger_to_log_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/login")


def test_an_htmx_request_of_a_stranger_gets_an_order_and_not_a_page(client: FlaskClient) -> None:
    answer = client.get("/wallet", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/login")


def test_an_ended_session_says_so_to_a_script_and_leads_back_to_its_page(app: Flask) -> None:
    client = app.test_client()
    told = client.post("/wheel/spins", headers={"Accept": "application/json"}).get_json()
    assert told["login"] == "/login"
    assert "sudah keluar" in told["title"]
    assert told["advice"]
    swap = {"HX-Request": "true", "HX-Current-URL": "http://localhost/quiz/attempts/x?y=1"}
    answer = client.post("/quiz/attempts/x/answers", headers=swap)
    assert answer.headers["HX-Redirect"] == "/login?next=/quiz/attempts/x"
    away = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/wallet"}
    assert client.get("/wallet", headers=away).headers["HX-Redirect"] == "/login?next=/wallet"
    assert client.get("/wallet?show=in").location == "/login?next=/wallet?show%3Din"


def test_logins_are_rate_limited(app: Flask) -> None:
    client = app.test_client()
    tries = ({"phone": f"0813{n:08d}", "password": "bukan-ini"} for n in range(31))
    codes = [client.post("/login", data=data).status_code for data in tries]
    assert codes[:30] == [422] * 30
    assert codes[30] == 429


def test_wrong_passwords_for_one_number_are_counted_wherever_they_come_from(app: Flask) -> None:
    join("Sari")
    join("Tono")

    def says(who: str, password: str, address: str) -> int:
        data = {"phone": who, "password": password}
        whence = {"REMOTE_ADDR": address}
        return app.test_client().post("/login", data=data, environ_base=whence).status_code

    for n in range(5):
        assert says(PHONES["Sari"], PASSWORD, "10.1.0.9") == 303  # a right one is not counted
        assert says(PHONES["Sari"], "bukan-ini", f"10.0.0.{n}") == 422
    assert says("+62 812-1000-0001", "bukan-ini", "10.0.0.99") == 429
    assert says(PHONES["Sari"], PASSWORD, "10.0.0.98") == 429
    assert says(PHONES["Tono"], PASSWORD, "10.0.0.99") == 303


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post("/join", data=SARI)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert db.session.scalar(select(func.count(Member.id))) == 0


def test_a_stale_form_that_htmx_sends_has_its_page_loaded_anew(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post("/quiz/attempts/x/answers", headers={"HX-Request": "true"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_pages_carry_a_strict_policy_and_are_not_stored(client: FlaskClient) -> None:
    headers = client.get("/join").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
