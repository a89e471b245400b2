"""Switching a till between its cashiers by PIN."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa.db import db
from pwa.staff import pins
from pwa.staff.models import Staff, StaffAct
from tests import people

PIN = "2580"


@pytest.fixture
def budi(app: Flask) -> Staff:
    return people.hire()


@pytest.fixture
def ayu(app: Flask) -> Staff:
    return people.hire("ayu")


@pytest.fixture
def till(client: FlaskClient, budi: Staff, ayu: Staff) -> FlaskClient:
    """A device where both have logged in and made a PIN; Ayu is at it."""
    for staff in (budi, ayu):
        people.log_in(client, staff)
        made = client.post("/till/pin", data={"password": people.PASSWORD, "pin": PIN})
        assert made.status_code == 303
    return client


def switch(till: FlaskClient, staff: Staff, pin: str = PIN) -> int:
    return till.post(f"/till/switches/{staff.id}", data={"pin": pin}).status_code


def test_two_taps_and_the_till_is_the_others(till: FlaskClient, budi: Staff, ayu: Staff) -> None:
    home = till.get("/till").text
    assert "Kasir, Ayu" in home
    assert f'href="/till/switches/{budi.id}"' in home
    assert "Budi" in till.get(f"/till/switches/{budi.id}").text
    assert switch(till, budi) == 303
    home = till.get("/till").text
    assert "Kasir, Budi" in home
    assert f'href="/till/switches/{ayu.id}"' in home
    act = db.session.scalars(select(StaffAct).where(StaffAct.act == "staff.switched")).one()
    assert (act.staff_id, act.before) == (budi.id, {"staff": ayu.id})


def test_five_wrong_pins_block_it_until_the_password_is_said(
    till: FlaskClient, budi: Staff
) -> None:
    for _ in range(pins.TRIES_MOST):
        assert switch(till, budi, "9999") == 422
    assert switch(till, budi) == 403
    assert "Kasir, Ayu" in till.get("/till").text
    wrong = select(StaffAct).where(StaffAct.act == "staff.pin_wrong")
    assert len(db.session.scalars(wrong).all()) == pins.TRIES_MOST
    people.log_in(till, budi)
    ayu = db.session.scalars(select(Staff).where(Staff.login == "ayu")).one()
    assert switch(till, ayu) == 303
    assert switch(till, budi) == 303


def test_a_right_pin_counts_the_wrong_ones_from_none(till: FlaskClient, budi: Staff) -> None:
    for _ in range(pins.TRIES_MOST - 1):
        switch(till, budi, "9999")
    assert switch(till, budi) == 303
    assert db.session.get_one(Staff, budi.id).pin_tries == 0


def test_a_device_that_does_not_know_her_has_no_switch(
    till: FlaskClient, budi: Staff, app: Flask
) -> None:
    dewi = people.log_in(app.test_client(), people.hire("dewi"))
    assert "/till/switches/" not in dewi.get("/till").text
    assert dewi.get(f"/till/switches/{budi.id}").status_code == 404
    assert switch(dewi, budi) == 404
    dewi.set_cookie("setia_crew", f"[{budi.id}].forged", path="/till")
    assert switch(dewi, budi) == 404
    assert db.session.get_one(Staff, budi.id).pin_tries == 0


def test_who_left_or_has_no_pin_can_not_be_switched_to(till: FlaskClient, budi: Staff) -> None:
    budi.active = False
    db.session.commit()
    assert switch(till, budi) == 404


def test_an_owner_has_no_pin(till: FlaskClient, app: Flask) -> None:
    ratna = people.hire("ratna", "owner")
    people.log_in(till, ratna)
    assert "kata sandi" in till.get("/till/pin").text
    made = till.post("/till/pin", data={"password": people.PASSWORD, "pin": PIN})
    assert made.status_code == 403


@pytest.mark.parametrize("pin", ["1234", "4321", "0000", "", "12", "12345", "12a4", "٢٥٨٠"])
def test_a_pin_that_is_guessed_first_is_refused(till: FlaskClient, ayu: Staff, pin: str) -> None:
    before = ayu.pin_hash
    answer = till.post("/till/pin", data={"password": people.PASSWORD, "pin": pin})
    assert answer.status_code == 422
    assert "mudah ditebak" in answer.text
    assert db.session.get_one(Staff, ayu.id).pin_hash == before


def test_the_pin_is_kept_as_argon2_and_takes_the_password_to_set(
    till: FlaskClient, ayu: Staff
) -> None:
    assert ayu.pin_hash is not None
    assert ayu.pin_hash.startswith("$argon2id$")
    answer = till.post("/till/pin", data={"password": "salah", "pin": "1379"})
    assert answer.status_code == 422
    assert "belum cocok" in answer.text


def test_strangers_and_members_are_sent_to_the_staffs_login(app: Flask, budi: Staff) -> None:
    for who in (app.test_client(), people.log_in(app.test_client(), people.join())):
        for address in (f"/till/switches/{budi.id}", "/till/pin"):
            assert who.get(address).location.startswith("/till/login")
            assert who.post(address, data={"pin": PIN}).location.startswith("/till/login")
