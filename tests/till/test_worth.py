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
    for words in ("Rp70.000", "Rp80.000 dipotong Rp10.000"):
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
    assert "<span>Tagih</span><b>Rp5.000</b>" in till.get(f"/till/vouchers/{code}").text
    used = till.post(f"/till/vouchers/{code}/uses", data={"key": KEY})
    assert "<span>Tagih</span><b>Rp5.000</b>" in till.get(used.location).text
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


def test_the_purchase_that_a_voucher_was_for_is_recorded_with_it(
    till: FlaskClient, sari: Any
) -> None:
    code = voucher_of(sari.id, "potongan-10rb")
    used = till.post(f"/till/vouchers/{code}/uses", data={"key": KEY, "amount": "80000"})
    card = f"/till/members/{sari.card_code}"
    assert f"{card}?amount=80000" in till.get(used.location).text
    page = till.get(f"{card}?amount=80000").text
    assert f'name="voucher" value="{code}" checked' in page
    assert "Total belanja, sebelum dipotong" in page
    said = till.get(f"{card}/quotes?amount=80000&voucher={code}").text
    assert "Bayar Rp70.000" in said
    assert "Sari dapat 70 poin" in said
    form = {"amount": "80000", "voucher": code, "key": "the-sale-key-1"}
    receipt = till.post(f"{card}/purchases", data=form).location
    assert till.post(f"{card}/purchases", data=form).location == receipt, "tapped twice"
    for words in ("+70", f"Voucher {code[:4]} {code[4:]}", "Potongan Rp10.000 −Rp10.000"):
        assert words in till.get(receipt).text, words
    assert f'value="{code}"' not in till.get(card).text, "it has its purchase"
    part = till.get(f"{receipt}/refunds?amount=35.000").text
    assert "Rp35.000 dari yang dibayar, untuk barang seharga Rp40.000" in part
    assert "tetap terpakai, karena belum semua kembali" in part
    assert "Voucher Potongan Rp10.000 berlaku lagi" in till.get(f"{receipt}/refunds").text
    till.post(f"{receipt}/refunds", data={"amount": "70.000", "key": KEY})
    assert "Voucher Potongan Rp10.000 berlaku lagi" in till.get(receipt).text
    assert "Berlaku" in till.get(f"/till/vouchers/{code}").text


def test_another_cashiers_sale_does_not_offer_the_voucher(
    till: FlaskClient, sari: Any, app: Flask
) -> None:
    code = voucher_of(sari.id, "potongan-10rb")
    till.post(f"/till/vouchers/{code}/uses", data={"key": KEY, "amount": "80000"})
    other = people.log_in(app.test_client(), people.hire("ayu"))
    assert f'value="{code}"' not in other.get(f"/till/members/{sari.card_code}").text


def test_a_voucher_said_twice_takes_off_once(till: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id, "potongan-10rb")
    till.post(f"/till/vouchers/{code}/uses", data={"key": KEY, "amount": "80000"})
    data = {"amount": "50000", "voucher": [code, code, code, code, code], "key": "the-sale-key-1"}
    answer = till.post(f"/till/members/{sari.card_code}/purchases", data=data)
    assert answer.status_code == 303, "said five times, it is one voucher"
    assert "−Rp10.000" in till.get(answer.location).text
