"""Purchases partly paid by a voucher, by example: what they earn, and what a refund does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.program import service as program
from pwa.rewards import service as rewards
from pwa.shop import refunds, vouchers
from pwa.shop import service as shop
from pwa.shop.models import Purchase, PurchaseVoucher
from pwa.shop.sales import Sale, Used
from pwa.tiers import service as tiers
from tests import people
from tests.tiers.programs import change


@pytest.fixture
def budi(app: Flask, noon: Any) -> Any:
    return people.hire()


@pytest.fixture
def sari(budi: Any) -> Any:
    return people.join()


def used(member: Any, staff: Any, reward: str = "potongan-10rb", key: str = "first-1") -> Any:
    """A voucher that was just handed in."""
    ledger.earn(member.id, 5000, key=f"{member.id}{key}", source="campaign", reason="test")
    code = rewards.redeem(member.id, reward, key).code
    found = rewards.use(code, staff, "tebet", key, 80_000)
    outbox.commit(then_writes=True)
    return found


def buy(member: Any, staff: Any, *handed_in: Any, total: int = 80_000, key: str = "k1") -> Purchase:
    """A purchase of so much before the vouchers."""
    taken = vouchers.off(total, handed_in)
    paid = total - sum(one.off_rupiah for one in taken)
    purchase = shop.record(Sale(key, member.id, "tebet", paid, vouchers=taken), staff)
    outbox.commit(then_writes=True)
    return purchase


def give_back(purchase: Purchase, amount: int, staff: Any) -> int:
    row = refunds.refund(purchase, amount, staff, f"refund-{purchase.refunded_rupiah}")
    outbox.commit(then_writes=True)
    return row.points


def balance(member: Any) -> int:
    return ledger.balance(member.id).spendable


def test_a_voucher_is_kept_with_its_purchase_and_what_it_took_off_earns_nothing(
    sari: Any, budi: Any
) -> None:
    voucher = used(sari, budi)
    assert [one.id for one in vouchers.waiting(sari.id, budi.id)] == [voucher.id]
    purchase = buy(sari, budi, voucher)
    # Rp80.000 less Rp10.000 is Rp70.000 paid: 70 points at one for Rp1.000
    assert (purchase.amount_rupiah, purchase.points) == (70_000, 70)
    (kept,) = vouchers.of_purchase(purchase.id)
    assert (kept.code, kept.off_rupiah, kept.is_back) == (voucher.code, 10_000, False)
    assert vouchers.waiting(sari.id, budi.id) == []


def test_where_the_program_says_so_what_a_voucher_took_off_earns(sari: Any, budi: Any) -> None:
    change(earning={"rupiah_per_point": 1000, "count_vouchers": True})
    assert buy(sari, budi, used(sari, budi)).points == 80


def test_parts_of_it_take_back_their_share_of_what_was_paid(sari: Any, budi: Any) -> None:
    voucher = used(sari, budi)
    purchase = buy(sari, budi, voucher)
    # Half of the goods, Rp40.000 on the shelf, were paid with Rp35.000: so much comes back.
    assert refunds.goods_worth(purchase, 35_000) == 40_000
    assert give_back(purchase, 35_000, budi) == 35
    assert rewards.state_of(rewards.by_code(voucher.code)) == "used", "part of it stays bought"
    assert give_back(purchase, 35_000, budi) == 35
    assert tiers.standing(sari.id).points == 0
    with pytest.raises(refunds.MoreThanBought):
        give_back(purchase, 1, budi)


def test_counted_vouchers_are_taken_back_in_the_same_proportion(sari: Any, budi: Any) -> None:
    change(earning={"rupiah_per_point": 1000, "count_vouchers": True})
    purchase = buy(sari, budi, used(sari, budi))  # 80 points for Rp70.000 paid
    assert give_back(purchase, 35_000, budi) == 40
    assert give_back(purchase, 35_000, budi) == 40


def test_when_all_of_it_is_back_the_voucher_is_good_again(sari: Any, budi: Any) -> None:
    voucher = used(sari, budi)
    before = balance(sari)
    purchase = buy(sari, budi, voucher)
    give_back(purchase, 70_000, budi)
    assert balance(sari) == before, "and the mission it did"
    again = rewards.by_code(voucher.code)
    assert rewards.state_of(again) == "issued"
    (kept,) = vouchers.of_purchase(purchase.id)
    assert (kept.fate, kept.is_back) == ("good_again", True)
    # and buys the next one
    rewards.use(again.code, budi, "tebet", "second-1", 80_000)
    assert buy(sari, budi, again, key="k2").points == 70


def test_a_voucher_that_is_over_by_then_gives_its_points_back(sari: Any, budi: Any) -> None:
    voucher = used(sari, budi)
    purchase, maya = buy(sari, budi, voucher), people.hire("maya", "manager")
    with clock.at(voucher.expires_at + timedelta(hours=1)):
        assert rewards.fate(voucher) == "points_back"
        before = balance(sari)
        give_back(purchase, 70_000, maya)
        assert balance(sari) == before - 70 + 600 - 15, "15: the mission it did"
        assert rewards.state_of(rewards.by_code(voucher.code)) == "cancelled"


def test_what_was_handed_over_stays_handed_over(sari: Any, budi: Any) -> None:
    cookie = used(sari, budi, "kue-kering")
    purchase = buy(sari, budi, cookie, total=30_000)
    assert (purchase.amount_rupiah, purchase.points) == (30_000, 30)
    give_back(purchase, 30_000, budi)
    assert rewards.state_of(rewards.by_code(cookie.code)) == "used"
    (kept,) = vouchers.of_purchase(purchase.id)
    assert kept.fate == "stays"


def test_one_voucher_belongs_to_one_purchase(sari: Any, budi: Any) -> None:
    voucher = used(sari, budi)
    buy(sari, budi, voucher)
    with pytest.raises(vouchers.NotOfThisSale):
        buy(sari, budi, voucher, key="k2")
    outbox.rollback()
    assert len(db.session.scalars(select(PurchaseVoucher)).all()) == 1
    assert len(db.session.scalars(select(Purchase)).all()) == 1


def test_anothers_voucher_and_one_that_nobody_handed_in_are_refused(sari: Any, budi: Any) -> None:
    tono = people.join("Tono")
    his, unused = used(tono, budi), rewards.redeem(tono.id, "kue-kering", "form-key-9")
    outbox.commit(then_writes=True)
    for member, code in ((sari, his.code), (tono, unused.code)):
        sale = Sale(f"k-{code}", member.id, "tebet", 70_000, vouchers=(Used(code, 10_000),))
        with pytest.raises(vouchers.NotOfThisSale):
            shop.record(sale, budi)
        outbox.rollback()


def test_a_use_that_a_manager_took_back_is_not_taken_back_again(sari: Any, budi: Any) -> None:
    voucher = used(sari, budi)
    purchase, maya = buy(sari, budi, voucher), people.hire("maya", "manager")
    rewards.reverse_use(voucher.code, maya, "salah")
    rewards.use(voucher.code, maya, "tebet", "third-1", 80_000)
    give_back(purchase, 70_000, budi)
    assert rewards.state_of(rewards.by_code(voucher.code)) == "used", "that is the next use"
    assert vouchers.of_purchase(purchase.id)[0].fate == "undone"


def test_a_voucher_that_covers_all_leaves_no_purchase(sari: Any, budi: Any) -> None:
    change(rewards=[*program.to_document(program.current())["rewards"], {
        "code": "semua", "kind": "discount-percent", "name": "Semua", "text": "Semua",
        "hand_over": "Semua", "price_points": 10, "art": "tiket",
        "settings": {"percent": 100, "most_rupiah": 100_000},
    }])  # fmt: skip
    with pytest.raises(vouchers.NothingToPay):
        buy(sari, budi, used(sari, budi, "semua"))
