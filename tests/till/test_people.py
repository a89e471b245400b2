"""A member who can't get in, or has two cards, at the till with a manager."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members import service as members
from pwa.members.models import Member
from pwa.rewards import service as rewards
from pwa.staff.models import StaffAct
from tests import people
from tests.till.test_till import voucher_of

KEY = "0123456789abcdef"


@pytest.fixture
def sari(app: Flask) -> Any:
    return people.join()


@pytest.fixture
def maya(app: Flask, client: FlaskClient) -> FlaskClient:
    return people.log_in(client, people.hire("maya", "manager"))


@pytest.mark.parametrize("typed", ["081210000001", "+62 812-1000-0001", "card"])
def test_a_member_is_found_by_number_or_card(maya: FlaskClient, sari: Any, typed: str) -> None:
    typed = members.card_text(sari) if typed == "card" else typed
    found = maya.get("/till/people", query_string={"q": typed})
    assert found.location == f"/till/people/{sari.card_code}"
    page = maya.get(found.location).text
    assert "Sari" in page
    assert "81210000001" not in page  # she says the number, the screen doesn't


@pytest.mark.parametrize("typed", ["081299999999", "halo", "12"])
def test_who_is_not_there_is_asked_for_again(maya: FlaskClient, typed: str) -> None:
    answer = maya.get("/till/people", query_string={"q": typed})
    assert answer.status_code == 422
    assert "Belum ada member" in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_code_read_out_at_the_till_opens_her_account_with_a_new_password(
    maya: FlaskClient, sari: Any, app: Flask
) -> None:
    page = maya.post(f"/till/people/{sari.card_code}/access-codes", data={"checked": "1"})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    code = "".join(re.findall(r"(\d{3}) (\d{3})</p>", page.text)[0])
    phone = app.test_client()
    phone.get("/forgot/code")
    data = {"phone": "081210000001", "code": code, "password": "sandi-yang-baru"}
    assert phone.post("/forgot/code", data=data).status_code == 303
    answer = app.test_client().post(
        "/login", data={"phone": "081210000001", "password": "sandi-yang-baru"}
    )
    assert answer.status_code == 303
    act = db.session.scalars(select(StaffAct).where(StaffAct.act == "member.access_code")).one()
    assert act.subject == f"member:{sari.id}"
    assert code not in str(act.after)


@pytest.mark.parametrize("what", ["access-codes", "phones", "merges"])
def test_nothing_happens_to_a_person_who_was_not_checked(
    maya: FlaskClient, sari: Any, what: str
) -> None:
    tono = people.join("Tono")
    data = {"phone": "081211112222", "closed": tono.public_id, "key": KEY}
    answer = maya.post(f"/till/people/{sari.card_code}/{what}", data=data)
    assert answer.status_code == 422
    assert "belum dicek" in answer.text
    done = select(StaffAct.act).where(StaffAct.act.startswith("member."))
    assert db.session.scalars(done).all() == []


def test_a_new_number_is_taken_and_one_that_has_a_card_is_not(maya: FlaskClient, sari: Any) -> None:
    tono = people.join("Tono")
    address = f"/till/people/{sari.card_code}/phones"
    refused = maya.post(address, data={"phone": tono.phone, "checked": "1"})
    assert refused.status_code == 409
    assert "sudah punya kartu sendiri" in refused.text
    assert maya.post(address, data={"phone": "0812-1111-2222", "checked": "1"}).status_code == 303
    assert db.session.get_one(Member, sari.id).phone == "+6281211112222"


def test_two_cards_become_one_after_a_look_at_what_would_happen(
    maya: FlaskClient, sari: Any
) -> None:
    old = people.join("Tono")
    code = voucher_of(old.id)
    ledger.earn(old.id, 100, key="more", source="campaign", reason="test")
    outbox.commit()
    together = ledger.balance(sari.id).spendable + ledger.balance(old.id).spendable
    address = f"/till/people/{sari.card_code}/merges"
    shown = maya.get(address, query_string={"q": old.phone}).text
    assert "Yang ditutup: Tono" in shown
    assert ledger.balance(old.id).spendable > 0  # only looked at
    for _ in range(2):
        data = {"closed": old.public_id, "key": KEY, "checked": "1"}
        assert maya.post(address, data=data).status_code == 303
    assert ledger.balance(sari.id).spendable == together
    assert rewards.by_code(code).member_id == sari.id
    assert members.by_card(old.card_code).id == sari.id
    page = maya.get(f"/till/people/{old.card_code}").text
    assert "Sari" in page


def test_a_card_is_not_merged_with_itself(maya: FlaskClient, sari: Any) -> None:
    answer = maya.get(f"/till/people/{sari.card_code}/merges?q={sari.card_code}")
    assert answer.status_code == 422
    assert "akun yang sama" in answer.text


PAGES = ("/till/people", "/till/people/{card}", "/till/people/{card}/merges")
FORMS = ("/till/people/{card}/access-codes", "/till/people/{card}/phones",
         "/till/people/{card}/merges")  # fmt: skip


def test_a_cashier_may_not_and_others_are_sent_away(app: Flask, sari: Any) -> None:
    budi = people.log_in(app.test_client(), people.hire())
    member = people.log_in(app.test_client(), sari)
    data = {"checked": "1", "key": KEY, "q": "1", "phone": "081211112222"}
    for page in PAGES:
        assert budi.get(page.format(card=sari.card_code)).status_code == 403
        for who in (member, app.test_client()):
            assert who.get(page.format(card=sari.card_code)).location.startswith("/till/login")
    for form in FORMS:
        assert budi.post(form.format(card=sari.card_code), data=data).status_code == 403
        for who in (member, app.test_client()):
            answer = who.post(form.format(card=sari.card_code), data=data)
            assert answer.location.startswith("/till/login")
    assert db.session.get_one(Member, sari.id).phone == "+6281210000001"
