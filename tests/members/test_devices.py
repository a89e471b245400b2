"""Where a member is logged in, and asking again before points are spent on a new device."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask, session
from sqlalchemy import select

from pwa import clock
from pwa.clock import program_day
from pwa.db import db
from pwa.languages import day
from pwa.ledger import service as ledger
from pwa.members import devices
from pwa.members import service as members
from pwa.members.models import Device
from pwa.outbox import Event
from tests.conftest import NOON
from tests.people import PASSWORD, PHONES, join, log_in

ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (ANDROID, "Chrome, Android"),
        ("(Linux; Android 14) SamsungBrowser/27.0 Chrome/125 Mobile", "Samsung Internet, Android"),
        ("(iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_so_that_one_knows_it_and_no_finer(user_agent: str, label: str) -> None:
    assert devices.label(user_agent) == label


def test_the_list_names_this_browser_and_the_others(app: Flask) -> None:
    sari = join("Sari")
    here, there = app.test_client(), app.test_client()
    here.environ_base["HTTP_USER_AGENT"] = ANDROID
    log_in(here, sari)
    log_in(there, sari)
    page = here.get("/profile/security").text
    assert "Chrome, Android" in page
    assert page.count("masuk sejak") == 2
    assert page.count("Perangkat ini, masuk") == 1
    there.post("/logout")
    assert here.get("/profile/security").text.count("masuk sejak") == 1


def test_a_device_is_noted_as_used_once_a_day(app: Flask) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    client.get("/profile/security")
    assert seen() == [program_day(NOON)]
    tomorrow = NOON + timedelta(days=1)
    with clock.at(tomorrow):
        client.get("/profile/security")
        assert seen() == [program_day(tomorrow)]
        page = client.get("/profile/security").text
        elsewhere = log_in(app.test_client(), sari).get("/profile/security").text
    assert "Perangkat ini, masuk sejak 22 Nov" in page
    assert f"Terakhir dipakai {day(program_day(tomorrow))}, masuk sejak" in elsewhere


def test_a_stranger_and_a_wrong_page_note_nothing(app: Flask) -> None:
    log_in(app.test_client(), join("Sari"))
    with clock.at(NOON + timedelta(days=1)):
        app.test_client().get("/login")
        assert seen() == [program_day(NOON)]


def seen() -> list[date]:
    return list(db.session.scalars(select(Device.seen_on)))


def test_the_others_are_logged_out_and_this_one_is_not(app: Flask) -> None:
    sari = join("Sari")
    here, there = (log_in(app.test_client(), sari) for _ in range(2))
    assert here.post("/profile/sessions/end-others").location == "/profile/security"
    assert here.get("/profile/security").text.count("masuk sejak") == 1
    assert there.get("/profile").status_code == 303


def test_one_member_never_sees_or_ends_anothers_devices(app: Flask) -> None:
    sari = log_in(app.test_client(), join("Sari"))
    tono = log_in(app.test_client(), join("Tono"))
    assert tono.get("/profile/security").text.count("masuk sejak") == 1
    tono.post("/profile/sessions/end-others")
    assert sari.get("/profile").status_code == 200
    stranger = app.test_client()
    assert stranger.post("/profile/sessions/end-others").location.startswith("/login")
    assert sari.get("/profile").status_code == 200


def asks_again(app: Flask, sid: str) -> bool:
    """Whether the browser with this session would be asked for the password."""
    with app.test_request_context():
        session["sid"] = sid
        member = members.by_phone(PHONES["Sari"])
        assert member is not None
        return members.step_up_needed(member)


def test_who_has_only_this_phone_is_not_asked_twice(app: Flask) -> None:
    client = log_in(app.test_client(), join("Sari"))
    with client.session_transaction() as cookie:
        sid = cookie["sid"]
    assert not asks_again(app, sid)


def test_redeeming_and_giving_from_a_new_browser_asks_for_the_password_first(app: Flask) -> None:
    sari = join("Sari")
    log_in(app.test_client(), sari)
    new = log_in(app.test_client(), sari)
    for act in ("/rewards/ukuran-besar/redemptions", "/vouchers/X/gifts"):
        assert new.post(act, data={"key": "k" * 16}).location.startswith("/confirm?next=/")
    assert ledger.balance(sari.id).spendable == 50
    new.post("/confirm", data={"password": PASSWORD, "next": "/rewards/ukuran-besar"})
    answer = new.post("/rewards/ukuran-besar/redemptions", data={"key": "k" * 16})
    assert answer.status_code == 422  # 250 points are still too many, but nobody asks who she is


def test_a_browser_that_just_logged_in_is_asked_again_for_a_day(app: Flask) -> None:
    with clock.at(NOON):
        sari = join("Sari")
        log_in(app.test_client(), sari)
        client = log_in(app.test_client(), sari)
        with client.session_transaction() as cookie:
            sid = cookie["sid"]
        assert asks_again(app, sid)
    with clock.at(NOON + timedelta(hours=24)):
        assert not asks_again(app, sid)


def test_the_browser_she_joined_on_is_not(app: Flask) -> None:
    client = app.test_client()
    client.post("/join", data={"name": "Sari", "phone": PHONES["Sari"], "password": PASSWORD})
    with client.session_transaction() as cookie:
        sid = cookie["sid"]
    assert not asks_again(app, sid)
    assert asks_again(app, "somebody-else")


def test_the_password_once_more_is_enough(app: Flask) -> None:
    sari = join("Sari")
    log_in(app.test_client(), sari)
    client = log_in(app.test_client(), sari)
    with client.session_transaction() as cookie:
        sid = cookie["sid"]
    assert client.get("/confirm?next=/rewards").status_code == 200
    wrong = client.post("/confirm", data={"password": "bukan-ini", "next": "/rewards"})
    assert wrong.status_code == 422
    assert asks_again(app, sid)
    right = client.post("/confirm", data={"password": PASSWORD, "next": "/rewards"})
    assert right.location == "/rewards"
    assert not asks_again(app, sid)


def test_her_other_devices_hear_of_a_new_one(app: Flask) -> None:
    sari = join("Sari")
    told = select(Event).where(Event.kind == "security.new_device")
    log_in(app.test_client(), sari)
    assert db.session.scalars(told).all() == []
    second = app.test_client()
    second.environ_base["HTTP_USER_AGENT"] = ANDROID
    log_in(second, sari)
    event = db.session.scalars(told).one()
    assert (event.member_id, event.data) == (sari.id, {"label": "Chrome, Android"})


def test_no_session_id_is_kept(app: Flask) -> None:
    client = log_in(app.test_client(), join("Sari"))
    with client.session_transaction() as cookie:
        sid = cookie["sid"]
    assert sid not in db.session.scalars(select(Device.session_hash)).one()
