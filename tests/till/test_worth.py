"""What a voucher takes off a purchase, said before it is handed in."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import people
from tests.rewards.test_races import with_reward
from tests.till.test_till import KEY, voucher_of


@pytest.fixture
def sari(app: Flask) -> Any:
    return people.join()


@pytest.fixture
def till(client: FlaskClient) -> FlaskClient:
    return people.log_in(client, people.hire())


def test_the_till_says_what_is_left_to_pay(till: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id, "potongan-10rb")
    assert "Total belanja, sebelum dipotong" in till.get(f"/till/vouchers/{code}").text
    page = till.get(f"/till/vouchers/{code}?amount=80.000").text
    for words in ("Bayar Rp70.000", "Rp80.000 dipotong Rp10.000"):
        assert words in page, words
    assert "Belum sampai Rp50.000" in till.get(f"/till/vouchers/{code}?amount=49.999").text
    used = till.post(f"/till/vouchers/{code}/uses", data={"key": KEY, "amount": "80000"})
    assert "Rp70.000" in till.get(used.location).text


def test_a_purchase_below_the_minimum_keeps_the_voucher(till: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id, "potongan-10rb")
    for amount in ("5000", ""):
        refused = till.post(f"/till/vouchers/{code}/uses", data={"key": KEY, "amount": amount})
        assert refused.status_code == 422
        assert "Belanja kurang" in refused.text
    assert "Berlaku" in till.get(f"/till/vouchers/{code}").text


def test_goods_ask_for_no_amount(till: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id, "kue-kering")
    assert 'name="amount"' not in till.get(f"/till/vouchers/{code}?amount=80.000").text


def test_what_is_charged_besides_is_said_before_and_after(till: FlaskClient, sari: Any) -> None:
    with_reward("kue-kering", price_rupiah=5_000)
    code = voucher_of(sari.id, "kue-kering")
    assert "Tagih Rp5.000" in till.get(f"/till/vouchers/{code}").text
    used = till.post(f"/till/vouchers/{code}/uses", data={"key": KEY})
    assert "Tagih Rp5.000" in till.get(used.location).text
    kept = till.get("/till/offline.json").json["rewards"]
    assert (kept["kue-kering"]["charge"], kept["potongan-10rb"]["minimum"]) == (5_000, 50_000)


def test_the_card_says_who_is_served_first(till: FlaskClient, sari: Any) -> None:
    from pwa import outbox
    from pwa.tiers import service as tiers

    assert "Didahulukan" not in till.get(f"/till/members/{sari.card_code}").text
    tiers.count(sari.id, 1000, 1_000_000)
    outbox.commit()
    page = till.get(f"/till/members/{sari.card_code}").text
    assert "Didahulukan: Kawan Setia" in page
