"""Passkeys: one tap to log in, and everything that must not pass for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import clock
from pwa.db import db
from pwa.members.models import Device, Member, Passkey
from pwa.outbox import Event
from tests.conftest import NOON
from tests.members.authenticator import PRESENT, Authenticator
from tests.people import join, log_in

JSON = {"Accept": "application/json"}
pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
def phone(shop: str) -> Authenticator:
    return Authenticator(shop)


def ask(client: FlaskClient, url: str, body: Any = None) -> Any:
    return client.post(url, json=body or {}, headers=JSON)


def add_key(client: FlaskClient, phone: Authenticator) -> Any:
    options = ask(client, "/profile/passkeys/options").json
    return ask(client, "/profile/passkeys", phone.register(options))


def log_in_by(client: FlaskClient, phone: Authenticator) -> Any:
    options = ask(client, "/login/passkey/options").json
    return ask(client, "/login/passkey", phone.log_in(options))


def with_key(app: Flask, phone: Authenticator, name: str = "Sari") -> Member:
    member = join(name)
    assert add_key(log_in(app.test_client(), member), phone).status_code == 200
    return member


def keys() -> list[Passkey]:
    return list(db.session.scalars(select(Passkey).order_by(Passkey.id)))


def test_a_member_adds_a_passkey_and_logs_in_with_one_tap(app: Flask, phone: Authenticator) -> None:
    sari = with_key(app, phone)
    client = app.test_client()
    answer = log_in_by(client, phone)
    assert (answer.status_code, answer.json) == (200, {"next": "/"})
    page = client.get("/profile")
    assert page.status_code == 200
    assert sari.name in page.text
    db.session.expire_all()
    assert keys()[0].sign_count == phone.count
    assert keys()[0].used_at is not None
    kinds = set(db.session.scalars(select(Event.kind)))
    assert "security.passkey_added" in kinds


def test_the_browser_is_asked_for_a_discoverable_key_that_checks_who_holds_it(
    app: Flask, phone: Authenticator
) -> None:
    client = log_in(app.test_client(), join("Sari"))
    options = ask(client, "/profile/passkeys/options").json
    assert options["rp"] == {"name": "Kopi Kawan", "id": "kartu.example.id"}
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    add_key(client, phone)
    again = ask(client, "/profile/passkeys/options").json
    assert len(again["excludeCredentials"]) == 1
    assert not ask(client, "/login/passkey/options").json.get("allowCredentials")


def test_logging_in_by_passkey_goes_back_to_where_she_was(app: Flask, phone: Authenticator) -> None:
    with_key(app, phone)
    for wanted, to in (("/wallet", "/wallet"), ("https://evil.example", "/")):
        client = app.test_client()
        options = ask(client, "/login/passkey/options").json
        answer = ask(client, f"/login/passkey?next={wanted}", phone.log_in(options))
        assert answer.json == {"next": to}


def test_a_browser_that_came_with_a_passkey_is_trusted(app: Flask, phone: Authenticator) -> None:
    sari = with_key(app, phone)
    log_in_by(app.test_client(), phone)
    newest = select(Device).where(Device.member_id == sari.id).order_by(Device.id.desc())
    devices = db.session.scalars(newest).all()
    assert [device.trusted_at is not None for device in devices] == [True, False]


def test_an_answer_counts_once_even_if_an_old_cookie_comes_back(
    app: Flask, phone: Authenticator
) -> None:
    with_key(app, phone)
    client = app.test_client()
    answer = phone.log_in(ask(client, "/login/passkey/options").json)
    cookie = client.get_cookie("setia")
    assert cookie is not None
    assert ask(client, "/login/passkey", answer).status_code == 200
    thief = app.test_client()
    thief.set_cookie("setia", cookie.value)
    again = ask(thief, "/login/passkey", answer)
    assert (again.status_code, again.json["code"]) == (422, "passkey_late")
    assert thief.get("/profile").status_code == 303


def test_a_wrong_answer_uses_the_challenge_up(app: Flask, phone: Authenticator) -> None:
    with_key(app, phone)
    client = app.test_client()
    options = ask(client, "/login/passkey/options").json
    cookie = client.get_cookie("setia")
    right = phone.log_in(options)
    wrong = {**right, "response": {**right["response"], "signature": "AAAA"}}
    assert ask(client, "/login/passkey", wrong).json["code"] == "passkey_failed"
    assert cookie is not None
    client.set_cookie("setia", cookie.value)
    assert ask(client, "/login/passkey", right).json["code"] == "passkey_late"


def test_a_challenge_lives_five_minutes(app: Flask, phone: Authenticator) -> None:
    with clock.at(NOON):
        with_key(app, phone)
        client = app.test_client()
        answer = phone.log_in(ask(client, "/login/passkey/options").json)
    with clock.at(NOON + timedelta(minutes=5, seconds=1)):
        assert ask(client, "/login/passkey", answer).json["code"] == "passkey_late"


def test_another_sites_answer_is_refused(app: Flask, shop: str) -> None:
    phone = Authenticator(shop)
    with_key(app, phone)
    phone.origin = "https://kartu.examp1e.id"
    assert log_in_by(app.test_client(), phone).json["code"] == "passkey_failed"


def test_a_key_that_did_not_check_who_holds_it_is_refused(app: Flask, shop: str) -> None:
    phone = Authenticator(shop)
    with_key(app, phone)
    phone.flags = PRESENT
    assert log_in_by(app.test_client(), phone).json["code"] == "passkey_failed"
    tono = log_in(app.test_client(), join("Tono"))
    assert add_key(tono, Authenticator(shop, PRESENT)).json["code"] == "passkey_failed"


def test_a_copied_key_is_refused_when_its_count_goes_backwards(app: Flask, shop: str) -> None:
    phone = Authenticator(shop)
    with_key(app, phone)
    assert log_in_by(app.test_client(), phone).status_code == 200
    phone.count -= 1
    assert log_in_by(app.test_client(), phone).json["code"] == "passkey_failed"


def test_a_key_from_a_cloud_may_stay_at_zero(app: Flask, shop: str) -> None:
    phone = Authenticator(shop, count=-1)
    with_key(app, phone)
    for _ in range(2):
        phone.count = -1
        assert log_in_by(app.test_client(), phone).status_code == 200


def test_nobodys_key_and_a_closed_members_key_get_the_same_answer(
    app: Flask, phone: Authenticator, shop: str
) -> None:
    sari = with_key(app, phone)
    sari.closed_at = clock.now()
    db.session.commit()
    strangers = log_in_by(app.test_client(), Authenticator(shop))
    closed = log_in_by(app.test_client(), phone)
    assert strangers.json == closed.json
    assert strangers.status_code == closed.status_code == 422


def test_what_is_no_answer_at_all_is_refused_politely(app: Flask) -> None:
    for body in (None, [], "x", {"id": 5}, {"id": "a", "response": {}}):
        client = app.test_client()
        ask(client, "/login/passkey/options")
        answer = client.post("/login/passkey", json=body, headers=JSON)
        assert (answer.status_code, answer.json["code"]) == (422, "passkey_failed")


def test_one_key_belongs_to_one_member(app: Flask, phone: Authenticator) -> None:
    with_key(app, phone)
    tono = log_in(app.test_client(), join("Tono"))
    answer = add_key(tono, phone)
    assert (answer.status_code, answer.json["code"]) == (409, "passkey_taken")
    assert len(keys()) == 1


def test_a_member_names_and_removes_her_own_keys(app: Flask, phone: Authenticator) -> None:
    sari = with_key(app, phone)
    client = log_in(app.test_client(), sari)
    path = f"/profile/passkeys/{keys()[0].id}"
    assert client.post(path, data={"name": "  HP   biru "}).status_code == 303
    assert "HP biru" in client.get("/profile/passkeys").text
    assert client.post(f"{path}/removal").status_code == 303
    assert keys() == []
    assert log_in_by(app.test_client(), phone).status_code == 422


def test_nobody_else_names_or_removes_them(app: Flask, phone: Authenticator) -> None:
    with_key(app, phone)
    path = f"/profile/passkeys/{keys()[0].id}"
    tono = log_in(app.test_client(), join("Tono"))
    stranger = app.test_client()
    for way in (path, f"{path}/removal"):
        assert tono.post(way, data={"name": "x"}).status_code == 404
        assert stranger.post(way, data={"name": "x"}).location.startswith("/login")
    assert ask(stranger, "/profile/passkeys/options").status_code == 401
    assert ask(stranger, "/profile/passkeys").status_code == 401
    assert len(keys()) == 1


def test_ten_keys_are_enough(app: Flask, shop: str) -> None:
    client = log_in(app.test_client(), join("Sari"))
    for _ in range(10):
        assert add_key(client, Authenticator(shop)).status_code == 200
    answer = ask(client, "/profile/passkeys/options")
    assert (answer.status_code, answer.json["code"]) == (422, "too_many_passkeys")


def test_the_pages_offer_passkeys_only_where_the_address_has_a_name(app: Flask) -> None:
    with_name = app.test_client().get("/login").text
    assert 'data-host="kartu.example.id"' in with_name
    assert "passkey." in with_name
    from dataclasses import replace

    app.config["SETIA"] = replace(app.config["SETIA"], public_url="http://192.168.1.5:8000")
    without = app.test_client().get("/login").text
    assert "data-passkey" not in without
    assert "passkey." not in without
