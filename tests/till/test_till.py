"""A cashier's day at the till, through the HTTP client."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.rewards import service as rewards
from pwa.shop.models import Purchase
from pwa.staff.models import StaffAct
from tests import people

KEY = "0123456789abcdef"


@pytest.fixture
def sari(app: Flask) -> Any:
    return people.join()


@pytest.fixture
def till(app: Flask, client: FlaskClient) -> FlaskClient:
    return people.log_in(client, people.hire())


def voucher_of(member_id: int, reward: str = "kue-kering", key: str = "form-key-1") -> str:
    ledger.earn(member_id, 5000, key=f"{member_id}{key}", source="campaign", reason="test")
    code = rewards.redeem(member_id, reward, key).code
    outbox.commit()
    return code


def buy(till: FlaskClient, card: str, amount: str = "45.000", key: str = KEY) -> Any:
    return till.post(f"/till/members/{card}/purchases", data={"amount": amount, "key": key})


def test_a_card_is_typed_an_amount_given_and_the_member_has_the_points(
    till: FlaskClient, sari: Any
) -> None:
    found = till.post("/till/codes", data={"code": f"KK {sari.card_code[:4]} {sari.card_code[4:]}"})
    assert found.status_code == 303
    assert found.location == f"/till/members/{sari.card_code}"
    assert "Sari" in till.get(found.location).text
    bought = buy(till, sari.card_code)
    assert bought.status_code == 303
    receipt = till.get(bought.location)
    assert "+45" in receipt.text
    assert "Rp45.000" in receipt.text
    assert "<svg" in receipt.text
    assert ledger.balance(sari.id).spendable == 50 + 45 + 15  # welcome, purchase, mission


def test_tapping_twice_records_one_purchase(till: FlaskClient, sari: Any) -> None:
    first, second = buy(till, sari.card_code), buy(till, sari.card_code)
    assert first.location == second.location
    assert len(db.session.scalars(select(Purchase)).all()) == 1


def test_the_same_form_with_another_amount_is_refused(till: FlaskClient, sari: Any) -> None:
    buy(till, sari.card_code)
    assert buy(till, sari.card_code, "54.000").status_code == 409


@pytest.mark.parametrize("typed", ["", "abc", "0", "-5000", "45.5", "1e6", "999.999.999"])
def test_an_amount_that_makes_no_sense_is_asked_for_again(
    till: FlaskClient, sari: Any, typed: str
) -> None:
    answer = buy(till, sari.card_code, typed)
    assert answer.status_code == 422
    assert "Jumlah belanjanya belum benar" in answer.text
    assert db.session.scalar(select(Purchase.id)) is None


def test_the_preview_says_what_the_award_gives(till: FlaskClient, sari: Any) -> None:
    said = till.get(f"/till/members/{sari.card_code}/quotes?amount=45.900").text
    assert "Sari dapat 45 poin" in said
    buy(till, sari.card_code, "45.900")
    assert db.session.scalars(select(Purchase)).one().points == 45


def test_a_preview_of_an_unfinished_amount_is_quiet(till: FlaskClient, sari: Any) -> None:
    for typed in ("", "Rp", "0"):
        answer = till.get(f"/till/members/{sari.card_code}/quotes?amount={typed}")
        assert answer.status_code == 200
        assert "dapat" not in answer.text


def test_a_voucher_is_valid_once_and_the_second_try_says_when_and_by_whom(
    till: FlaskClient, sari: Any
) -> None:
    code = voucher_of(sari.id)
    found = till.post("/till/codes", data={"code": f" {code[:4]} {code[4:]} ".lower()})
    page = till.get(found.location)
    assert page.status_code == 200
    assert "Berlaku" in page.text
    assert "Satu kue kering dari stoples" in page.text
    used = till.post(f"/till/vouchers/{code}/uses", data={"key": KEY})
    assert used.status_code == 303
    assert "Serahkan" in till.get(used.location).text
    again = till.post(f"/till/vouchers/{code}/uses", data={"key": "another-key-1"})
    assert again.status_code == 409
    for words in ("Sudah dipakai", "Jangan serahkan", "Budi, Kopi Kawan Tebet", "hari ini"):
        assert words in again.text
    assert "Sudah dipakai" in till.get(f"/till/vouchers/{code}").text


def test_pressing_hand_over_twice_stays_green(till: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id)
    for _ in range(2):
        used = till.post(f"/till/vouchers/{code}/uses", data={"key": KEY})
        assert used.status_code == 303
    assert "Serahkan" in till.get(used.location).text


def test_what_is_not_one_of_our_codes_is_asked_for_again(till: FlaskClient) -> None:
    answer = till.post("/till/codes", data={"code": "KW74-XXXX"})
    assert answer.status_code == 422
    assert "bukan kartu, voucher, atau struk kami" in answer.text


def test_a_well_formed_voucher_that_was_never_issued_is_red(till: FlaskClient) -> None:
    answer = till.get("/till/vouchers/2222222N")
    assert answer.status_code == 404
    assert "Tidak dikenal" in answer.text
    assert "Jangan serahkan" in answer.text


def test_a_receipt_is_found_by_its_code(till: FlaskClient, sari: Any) -> None:
    location = buy(till, sari.card_code).location
    code = location.rsplit("/", 1)[1]
    assert till.post("/till/codes", data={"code": code.lower()}).location == location


def test_every_act_is_in_the_audit_log(till: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id)
    buy(till, sari.card_code)
    till.post(f"/till/vouchers/{code}/uses", data={"key": KEY})
    till.post("/till/logout")
    acts = db.session.scalars(select(StaffAct).order_by(StaffAct.id)).all()
    names = [act.act for act in acts if act.staff_id]
    assert names == [
        "staff.logged_in",
        "purchase.recorded",
        "voucher.used",
        "staff.logged_out",
    ]
    assert acts[-2].subject == f"voucher:{code}"


def test_wrong_passwords_are_refused_on_the_form(client: FlaskClient, app: Flask) -> None:
    people.hire()
    answer = client.post("/till/login", data={"login": "budi", "password": "salah"})
    assert answer.status_code == 422
    assert "belum cocok" in answer.text
    assert 'value="budi"' in answer.text


PAGES = ("/till", "/till/purchases", "/till/members/{card}", "/till/members/{card}/quotes?amount=1",
         "/till/vouchers/{voucher}", "/till/receipts/R2222222N")  # fmt: skip
FORMS = ("/till/codes", "/till/members/{card}/purchases", "/till/vouchers/{voucher}/uses")


@pytest.mark.parametrize("address", PAGES)
def test_strangers_are_sent_to_the_staffs_login(
    client: FlaskClient, sari: Any, address: str
) -> None:
    answer = client.get(address.format(card=sari.card_code, voucher="2222222N"))
    assert answer.status_code == 303
    assert answer.location.startswith("/till/login")


@pytest.mark.parametrize("address", FORMS)
def test_members_may_not_use_the_till(client: FlaskClient, sari: Any, address: str) -> None:
    people.log_in(client, sari)
    code = voucher_of(sari.id)
    data = {"key": KEY, "amount": "1000000", "code": sari.card_code}
    answer = client.post(address.format(card=sari.card_code, voucher=code), data=data)
    assert answer.status_code == 303
    assert answer.location.startswith("/till/login")
    assert db.session.scalar(select(Purchase.id)) is None
    assert rewards.state_of(rewards.by_code(code)) == "issued"


@pytest.mark.parametrize("role", ["cashier", "manager", "owner"])
def test_cashier_manager_and_owner_may_use_the_till(
    client: FlaskClient, sari: Any, role: str
) -> None:
    people.log_in(client, people.hire("maya", role))
    assert client.get("/till").status_code == 200
    assert buy(client, sari.card_code).status_code == 303


def test_staff_who_left_may_not_use_the_till(till: FlaskClient, sari: Any) -> None:
    from pwa.staff.models import Staff

    db.session.scalars(select(Staff)).one().active = False
    db.session.commit()
    assert till.get("/till").status_code == 303
