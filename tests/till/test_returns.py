from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa.ledger import service as ledger
from pwa.rewards import service as rewards
from tests import people
from tests.till.test_till import KEY, buy, voucher_of


@pytest.fixture
def sari(app: Flask) -> Any:
    return people.join()


@pytest.fixture
def till(app: Flask, client: FlaskClient) -> FlaskClient:
    return people.log_in(client, people.hire())


def test_a_refund_is_shown_first_and_taken_then(till: FlaskClient, sari: Any) -> None:
    receipt = buy(till, sari.card_code).location
    before = ledger.balance(sari.id).spendable
    assert f"{receipt}/refunds" in till.get(receipt).text
    preview = till.get(f"{receipt}/refunds?amount=20.000").text
    assert "Untuk Rp20.000 diambil kembali 20 poin" in preview
    for _ in range(2):
        back = till.post(f"{receipt}/refunds", data={"amount": "20.000", "key": KEY})
        assert back.status_code == 303
    assert ledger.balance(sari.id).spendable == before - 20
    assert "Sudah kembali Rp20.000" in till.get(receipt).text


def test_another_cashier_calls_a_manager(till: FlaskClient, sari: Any, app: Flask) -> None:
    receipt = buy(till, sari.card_code).location
    other = people.log_in(app.test_client(), people.hire("ayu"))
    assert f"{receipt}/refunds" not in other.get(receipt).text
    answer = other.post(f"{receipt}/refunds", data={"amount": "20.000", "key": KEY})
    assert answer.status_code == 403
    assert "Panggil manajer" in answer.text
    maya = people.log_in(app.test_client(), people.hire("maya", "manager"))
    back = maya.post(f"{receipt}/refunds", data={"amount": "20.000", "key": KEY})
    assert back.status_code == 303


def test_a_customer_without_a_card_claims_her_receipt_later(
    till: FlaskClient, sari: Any, app: Flask
) -> None:
    receipt = till.post("/till/sales", data={"amount": "45.000", "key": KEY}).location
    code = receipt.rsplit("/", 1)[1]
    phone = people.log_in(app.test_client(), sari)
    assert "Ambil 45 poin" in phone.get(f"/receipts/{code}").text
    for _ in range(2):
        assert phone.post(f"/receipts/{code}/claims").status_code == 303
    assert ledger.balance(sari.id).spendable == 95
    tono = people.log_in(app.test_client(), people.join("Tono"))
    assert tono.get(f"/receipts/{code}").status_code == 409
    assert tono.post(f"/receipts/{code}/claims").status_code == 409
    assert app.test_client().get(f"/receipts/{code}").status_code == 303


@pytest.mark.parametrize("act", ["cancellations", "reissues", "reversals"])
def test_only_a_manager_does_more_to_a_voucher(
    till: FlaskClient, sari: Any, app: Flask, act: str
) -> None:
    code = voucher_of(sari.id)
    assert till.post(f"/till/vouchers/{code}/{act}", data={"reason": "x"}).status_code == 403
    if act == "reversals":
        till.post(f"/till/vouchers/{code}/uses", data={"key": KEY})
    maya = people.log_in(app.test_client(), people.hire("maya", "manager"))
    done = maya.post(f"/till/vouchers/{code}/{act}", data={"reason": "salah"})
    assert done.status_code == 303
    expected = {"cancellations": "cancelled", "reversals": "issued"}
    if act in expected:
        assert rewards.state_of(rewards.by_code(code)) == expected[act]
    else:
        assert rewards.find(code) is None


def test_scanning_a_voucher_holds_it_for_this_till(
    till: FlaskClient, sari: Any, app: Flask
) -> None:
    code = voucher_of(sari.id)
    found = till.post("/till/codes", data={"code": code}).location
    assert "Berlaku" in till.get(found).text
    other = people.log_in(app.test_client(), people.hire("ayu"))
    seen = other.get(other.post("/till/codes", data={"code": code}).location)
    assert seen.status_code == 409
    assert "Sedang dipakai" in seen.text
    assert till.post(f"/till/vouchers/{code}/uses", data={"key": KEY}).status_code == 303
