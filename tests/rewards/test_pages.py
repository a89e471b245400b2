"""The catalogue and the vouchers as a member sees them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import outbox
from pwa.ledger import service as ledger
from pwa.rewards import service as rewards
from tests import people

KEY = "0123456789abcdef"


@pytest.fixture
def sari(app: Flask) -> Any:
    return people.join()


def give(member: Any, points: int) -> None:
    key = f"gift:{member.id}:{points}"
    ledger.earn(member.id, points, key=key, source="campaign", reason="test")
    outbox.commit()


def redeem(client: FlaskClient, reward: str = "tambah-shot", key: str = KEY) -> Any:
    return client.post(f"/rewards/{reward}/redemptions", data={"key": key})


def test_the_catalogue_says_what_she_can_get_and_what_is_missing(
    client: FlaskClient, sari: Any
) -> None:
    people.log_in(client, sari)
    give(sari, 1190)  # 1.240 with the welcome bonus
    page = client.get("/rewards").text
    assert "Hampir dapat" in page
    assert "60 poin lagi" in page
    assert "60 lagi" in page
    assert "Sisa 4" in page  # croissants today
    assert "Untuk Kawan Dekat" in page


def test_the_chips_choose(client: FlaskClient, sari: Any) -> None:
    people.log_in(client, sari)
    give(sari, 300)
    now = client.get("/rewards?saring=bisa").text
    assert "Ukuran besar" in now
    assert "Tambah shot" not in now
    drinks = client.get("/rewards?saring=minuman").text
    assert "Es Kopi Susu" in drinks
    assert "Tote Kawan" not in drinks


def test_redeeming_shows_the_voucher_with_its_code_to_read_and_to_scan(
    client: FlaskClient, sari: Any
) -> None:
    people.log_in(client, sari)
    give(sari, 500)
    assert "Saldo setelah ditukar" in client.get("/rewards/tambah-shot").text
    answer = redeem(client)
    assert answer.status_code == 303
    code = answer.location.rsplit("/", 1)[1]
    page = client.get(answer.location).text
    assert f"{code[:4]} {code[4:]}" in page
    assert 'class="qr"' in page
    assert "sekali pakai" in page
    assert f"/vouchers/{code}" in client.get("/vouchers").text
    assert redeem(client).location == answer.location  # the same form again
    assert ledger.balance(sari.id).spendable == 150


def test_a_refusal_says_why_and_takes_nothing(client: FlaskClient, sari: Any) -> None:
    people.log_in(client, sari)
    answer = redeem(client)
    assert answer.status_code == 422
    assert "Poinmu kurang 350" in answer.text
    assert ledger.balance(sari.id).spendable == 50


def test_a_tier_that_is_too_low_is_refused_by_name(client: FlaskClient, sari: Any) -> None:
    people.log_in(client, sari)
    give(sari, 9000)
    assert "Untuk Kawan Dekat" in client.get("/rewards").text
    answer = redeem(client, "tumbler")
    assert answer.status_code == 403
    assert "Kawan Dekat" in answer.text


def test_the_days_limit_is_refused_by_name(client: FlaskClient, sari: Any) -> None:
    people.log_in(client, sari)
    give(sari, 2000)
    assert redeem(client, "kue-kering").status_code == 303
    again = redeem(client, "kue-kering", "another-key-1")
    assert again.status_code == 422
    assert "sudah diambil" in again.text
    assert "Sudah diambil hari ini" in client.get("/rewards").text


def test_a_form_without_its_key_is_stale(client: FlaskClient, sari: Any) -> None:
    people.log_in(client, sari)
    give(sari, 500)
    assert redeem(client, key="").status_code == 400
    assert ledger.balance(sari.id).spendable == 550


def test_another_members_voucher_is_not_found(client: FlaskClient, sari: Any) -> None:
    give(sari, 500)
    code = rewards.redeem(sari.id, "tambah-shot", KEY).code
    outbox.commit()
    people.log_in(client, people.join("Tono"))
    assert client.get(f"/vouchers/{code}").status_code == 404
    assert code not in client.get("/vouchers").text


def test_a_reward_that_does_not_exist_is_not_found(client: FlaskClient, sari: Any) -> None:
    people.log_in(client, sari)
    assert client.get("/rewards/rumah").status_code == 404
    assert redeem(client, "rumah").status_code == 404


@pytest.mark.parametrize(
    "address", ["/rewards", "/rewards/tambah-shot", "/vouchers", "/vouchers/2222222N", "/tier"]
)
def test_strangers_log_in_first(client: FlaskClient, app: Flask, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 303
    assert answer.location.startswith("/login")


def test_staff_have_no_catalogue(client: FlaskClient, app: Flask) -> None:
    people.log_in(client, people.hire())
    assert client.get("/rewards").status_code == 303
