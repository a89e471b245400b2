"""Getting back in, and changing password, number and e-mail."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import outbox
from pwa.db import db
from pwa.errors import NotAllowed
from pwa.ledger import service as ledger
from pwa.members import access, passwords
from pwa.members import service as members
from pwa.members.models import Member
from pwa.messages import senders
from pwa.messages.models import QueuedMessage
from pwa.staff.models import StaffAct
from tests.members.conftest import Kept
from tests.people import PASSWORD, PHONES, hire, join, log_in

NEW = "rahasia-baru"
NUMBER = "0812-9999-0001"


def fresh(member: Member) -> Member:
    db.session.expire_all()
    return members.get(member.id)


def reset(client: FlaskClient, phone: str, code: str, password: str = NEW) -> int:
    data = {"phone": phone, "code": code, "password": password}
    return client.post("/forgot/code", data=data).status_code


def plain(page: str, phone: str) -> str:
    """A page without what differs between any two visitors."""
    return re.sub(r'"[\w.-]{60,}"', '"token"', page).replace(phone, "X")


def test_a_code_by_message_sets_a_new_password_and_logs_in(
    client: FlaskClient, inbox: Kept
) -> None:
    sari = join("Sari")
    answer = client.post("/forgot", data={"phone": PHONES["Sari"]})
    assert (answer.status_code, answer.location) == (303, "/forgot/code")
    page = client.get("/forgot/code")
    assert f'value="{PHONES["Sari"]}"' in page.text
    assert reset(client, PHONES["Sari"], inbox.code()) == 303
    assert client.get("/profile").status_code == 200
    assert passwords.matches(fresh(sari).password_hash, NEW)
    assert "10 menit" in inbox.messages[0].text


def test_a_number_that_nobody_has_gets_the_same_answers_and_no_message(
    app: Flask, inbox: Kept
) -> None:
    join("Sari")
    pages = []
    for phone in (PHONES["Sari"], PHONES["Tono"]):
        client = app.test_client()
        asked = client.post("/forgot", data={"phone": phone})
        form = client.get("/forgot/code")
        wrong = client.post(
            "/forgot/code", data={"phone": phone, "code": "000000", "password": NEW}
        )
        assert (asked.status_code, wrong.status_code) == (303, 422)
        pages.append([plain(page.text, phone) for page in (form, wrong)])
    assert pages[0] == pages[1]
    assert [message.phone for message in inbox.arrived()] == ["+6281210000001"]


def test_both_numbers_run_into_the_same_limits(app: Flask, inbox: Kept) -> None:
    join("Sari")
    for phone in (PHONES["Sari"], PHONES["Tono"]):
        client = app.test_client()
        answers = [client.post("/forgot", data={"phone": phone}).status_code for _ in range(4)]
        assert answers == [303, 303, 303, 429]


def test_resetting_ends_every_other_session(app: Flask, inbox: Kept) -> None:
    old = log_in(app.test_client(), join("Sari"))
    client = app.test_client()
    client.post("/forgot", data={"phone": PHONES["Sari"]})
    assert reset(client, PHONES["Sari"], inbox.code()) == 303
    assert old.get("/profile").status_code == 303
    assert client.get("/profile").status_code == 200


def test_a_wrong_code_costs_a_try_that_no_rollback_gives_back(
    client: FlaskClient, inbox: Kept
) -> None:
    sari = join("Sari")
    client.post("/forgot", data={"phone": PHONES["Sari"]})
    code = inbox.code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        assert reset(client, PHONES["Sari"], wrong) == 422
    assert reset(client, PHONES["Sari"], code) == 422
    assert passwords.matches(fresh(sari).password_hash, PASSWORD)


def test_a_mistake_in_the_new_password_costs_no_try(client: FlaskClient, inbox: Kept) -> None:
    join("Sari")
    client.post("/forgot", data={"phone": PHONES["Sari"]})
    code = inbox.code()
    for _ in range(6):
        assert reset(client, PHONES["Sari"], code, "pendek") == 422
    assert reset(client, PHONES["Sari"], code) == 303


def test_the_queue_keeps_no_code_and_no_number_in_plain_text(
    client: FlaskClient, inbox: Kept
) -> None:
    join("Sari")
    client.post("/forgot", data={"phone": PHONES["Sari"]})
    row = db.session.scalars(select(QueuedMessage)).one()
    sealed = row.sealed
    code = inbox.code()
    assert code not in sealed
    assert "81210000001" not in sealed
    db.session.expire_all()
    assert (row.state, row.sealed) == ("sent", "")


def test_a_manager_gives_a_code_at_the_till_and_it_is_on_record(client: FlaskClient) -> None:
    sari, maya = join("Sari"), hire("maya", "manager")
    code = access.till_code(maya, sari)
    outbox.commit()
    assert reset(client, PHONES["Sari"], code) == 303
    act = db.session.scalars(select(StaffAct).where(StaffAct.staff_id == maya.id)).one()
    assert (act.act, act.subject) == ("member.access_code", f"member:{sari.id}")
    assert code not in str((act.before, act.after))


def test_a_cashier_gives_no_codes_and_changes_no_numbers(app: Flask) -> None:
    sari, budi = join("Sari"), hire("budi", "cashier")
    with pytest.raises(NotAllowed):
        access.till_code(budi, sari)
    with pytest.raises(NotAllowed):
        access.change_phone_at_till(budi, sari, NUMBER)


def test_a_code_to_the_new_number_moves_the_card_and_keeps_the_points(
    app: Flask, inbox: Kept
) -> None:
    sari = join("Sari")
    card, points = sari.card_code, ledger.balance(sari.id).spendable
    client = log_in(app.test_client(), sari)
    asked = client.post("/profile/phone", data={"phone": NUMBER, "password": PASSWORD})
    assert asked.location == "/profile/phone/code"
    assert "0812-9999-0001" in client.get("/profile/phone/code").text
    assert inbox.arrived()[-1].phone == "+6281299990001"
    done = client.post("/profile/phone/code", data={"code": inbox.code()})
    assert done.location == "/profile/security"
    sari = fresh(sari)
    assert (sari.phone, sari.card_code) == ("+6281299990001", card)
    assert ledger.balance(sari.id).spendable == points
    assert inbox.arrived()[-1].phone == "+6281210000001"  # the old number hears of it
    assert "diganti" in inbox.messages[-1].text
    assert "81299990001" not in inbox.messages[-1].text


def test_without_the_password_no_code_goes_to_a_new_number(app: Flask, inbox: Kept) -> None:
    client = log_in(app.test_client(), join("Sari"))
    answer = client.post("/profile/phone", data={"phone": NUMBER, "password": "bukan-ini"})
    assert answer.status_code == 422
    assert inbox.arrived() == []


def test_a_number_with_a_card_of_its_own_stays_with_it(app: Flask, inbox: Kept) -> None:
    sari, tono = join("Sari"), join("Tono")
    client = log_in(app.test_client(), sari)
    asked = client.post("/profile/phone", data={"phone": PHONES["Tono"], "password": PASSWORD})
    assert asked.status_code == 303  # only who reads messages there learns more
    answer = client.post("/profile/phone/code", data={"code": inbox.code()})
    assert answer.status_code == 409
    assert "digabung di kasir" in answer.text
    assert fresh(sari).phone == "+6281210000001"
    assert fresh(tono).phone == "+6281210000002"


def test_one_members_code_for_a_number_is_no_use_to_another(app: Flask, inbox: Kept) -> None:
    sari = log_in(app.test_client(), join("Sari"))
    tono = log_in(app.test_client(), join("Tono"))
    for client in (sari, tono):
        client.post("/profile/phone", data={"phone": NUMBER, "password": PASSWORD})
    first, second = (message.code for message in inbox.arrived())
    if first != second:
        assert tono.post("/profile/phone/code", data={"code": first}).status_code == 422
    assert tono.post("/profile/phone/code", data={"code": second}).status_code == 303


def test_a_manager_changes_a_number_at_the_till_and_the_log_hides_most_of_it(app: Flask) -> None:
    sari, maya = join("Sari"), hire("maya", "manager")
    access.change_phone_at_till(maya, sari, NUMBER)
    outbox.commit()
    assert fresh(sari).phone == "+6281299990001"
    act = db.session.scalars(select(StaffAct).where(StaffAct.staff_id == maya.id)).one()
    assert act.before == {"phone": "+62•••••0001"}
    tono = join("Tono")
    with pytest.raises(access.PhoneHasCard):
        access.change_phone_at_till(maya, tono, NUMBER)


def test_an_email_counts_after_its_code(app: Flask, inbox: Kept) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    assert client.post("/profile/email", data={"email": "Sari@Contoh.id"}).status_code == 303
    assert fresh(sari).email is None
    assert client.post("/profile/email/code", data={"code": inbox.code()}).status_code == 303
    assert fresh(sari).email == "sari@contoh.id"


@pytest.mark.parametrize(
    "bad", ["", "sari", "sari@", "@contoh.id", "a b@contoh.id", "sari@contoh.id\nBcc: x@y.id"]
)
def test_what_is_no_address_is_refused(app: Flask, inbox: Kept, bad: str) -> None:
    client = log_in(app.test_client(), join("Sari"))
    assert client.post("/profile/email", data={"email": bad}).status_code == 422
    assert inbox.arrived() == []


def test_where_only_email_is_sent_a_reset_goes_to_the_email(
    client: FlaskClient, inbox: Kept
) -> None:
    inbox.phones = False
    sari = join("Sari")
    sari.email = "sari@contoh.id"
    db.session.commit()
    client.post("/forgot", data={"phone": PHONES["Sari"]})
    assert inbox.arrived()[0].email == "sari@contoh.id"
    assert reset(client, PHONES["Sari"], inbox.code()) == 303


def test_where_nothing_is_sent_the_till_is_named_instead(app: Flask) -> None:
    app.extensions[senders.KEY] = []
    client = log_in(app.test_client(), join("Sari"))
    answer = client.post("/profile/phone", data={"phone": NUMBER, "password": PASSWORD})
    assert answer.status_code == 422
    assert "Datang ke kasir" in answer.text
    # asking for a reset still tells nobody anything
    assert app.test_client().post("/forgot", data={"phone": PHONES["Sari"]}).status_code == 303


def test_changing_the_password_keeps_this_browser_and_ends_the_others(app: Flask) -> None:
    sari = join("Sari")
    here, there = log_in(app.test_client(), sari), log_in(app.test_client(), sari)
    data = {"current": PASSWORD, "password": NEW}
    assert here.post("/profile/password", data=data).location == "/profile/security"
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").status_code == 303
    assert here.post("/profile/password", data=data).status_code == 422


@pytest.mark.parametrize(
    "path", ["/profile/password", "/profile/phone", "/profile/phone/code", "/profile/email",
             "/profile/email/code", "/confirm"],
)  # fmt: skip
def test_a_stranger_is_sent_to_log_in(client: FlaskClient, path: str) -> None:
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 303
        assert answer.location.startswith("/login")


def test_a_code_page_without_a_question_goes_back_to_it(app: Flask) -> None:
    client = log_in(app.test_client(), join("Sari"))
    for what in ("phone", "email"):
        assert client.get(f"/profile/{what}/code").location == f"/profile/{what}"
        assert client.post(f"/profile/{what}/code", data={"code": "123456"}).location == (
            f"/profile/{what}"
        )
