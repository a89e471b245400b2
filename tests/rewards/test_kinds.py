"""Every kind, and the conditions that every reward can carry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from pwa import clock, outbox
from pwa.ledger import service as ledger
from pwa.program import service as program
from pwa.program.schema import Program
from pwa.rewards import kinds, pools
from pwa.rewards import service as rewards
from pwa.rewards.errors import (
    LimitReachedForGood,
    LimitReachedThisMonth,
    LimitReachedThisWeek,
    NotNow,
    NotYet,
    Over,
    SoldOut,
    SoldOutToday,
    WrongOutlet,
)
from pwa.rewards.spending import PurchaseTooSmall
from pwa.shop import stock
from pwa.tiers import service as tiers
from tests import people
from tests.rewards.test_races import with_reward

SETTINGS: dict[str, dict[str, Any]] = {
    "buy-get": {"buy_sku": "CROISSANT", "get_sku": "KOPI-TUBRUK"},
    "discount-percent": {"percent": 20, "most_rupiah": 15_000},
    "discount-rupiah": {"amount_rupiah": 10_000},
    "donation": {"cause": "Taman baca Tebet", "amount_rupiah": 10_000},
    "event-ticket": {
        "starts_at": "2026-11-25T18:00:00+07:00", "ends_at": "2026-11-25T21:00:00+07:00",
        "place": "Kemang",
    },
    "experience": {"book_with": "0812 3456 7890"},
    "free-product": {"sku": "CROISSANT"},
    "free-shipping": {"most_rupiah": 12_000},
    "member-price": {"sku": "CROISSANT", "price_rupiah": 12_000},
    "partner-code": {"pool": "bioskop"},
}  # fmt: skip


@pytest.fixture
def sari(app: Flask) -> Any:
    member = people.join()
    ledger.earn(member.id, 50_000, key="rich", source="campaign", reason="test")
    outbox.commit()
    return member


def test_every_kind_is_in_the_table_above() -> None:
    assert set(kinds.names()) == set(SETTINGS)


@pytest.mark.parametrize("kind", sorted(SETTINGS))
def test_each_kind_is_redeemed_and_used_by_the_same_rooms(
    app: Flask, sari: Any, noon: Any, kind: str
) -> None:
    pools.upload("bioskop", ["FILM-1"])
    with_reward("tambah-shot", kind=kind, settings=SETTINGS[kind])
    voucher = rewards.redeem(sari.id, "tambah-shot", "form-key-1")
    if kind == "donation":
        assert rewards.state_of(voucher) == "used"
        return
    used = rewards.use(voucher.code, people.hire(), "tebet", "key-of-budi")
    assert rewards.state_of(used) == "used"


@pytest.mark.parametrize("kind", sorted(SETTINGS))
def test_each_kind_refuses_settings_it_does_not_know(app: Flask, kind: str) -> None:
    with pytest.raises(ValueError, match=r"tambah-shot.*mystery"):
        with_reward("tambah-shot", kind=kind, settings={**SETTINGS[kind], "mystery": 1})


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("free-product", {"sku": "TEH"}, "'TEH', which does not exist"),
        ("member-price", {"sku": "CROISSANT", "price_rupiah": 24_000}, "no better than the shelf"),
        ("free-lunch", {}, "does not exist"),
    ],
)
def test_a_program_file_that_promises_what_cannot_be_is_refused(
    app: Flask, kind: str, settings: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        with_reward("tambah-shot", kind=kind, settings=settings)


@pytest.mark.parametrize(
    ("kind", "settings", "amount", "off"),
    [
        ("discount-rupiah", {"amount_rupiah": 10_000}, 45_000, 10_000),
        ("discount-rupiah", {"amount_rupiah": 10_000}, 7_000, 7_000),
        ("discount-percent", {"percent": 20, "most_rupiah": 15_000}, 45_000, 9_000),
        ("discount-percent", {"percent": 20, "most_rupiah": 15_000}, 99_999, 15_000),
        ("discount-percent", {"percent": 15, "most_rupiah": 15_000}, 9_999, 1_499),
        ("free-product", {}, 45_000, 0),
    ],
)
def test_what_comes_off_a_purchase(kind: str, settings: Any, amount: int, off: int) -> None:
    assert kinds.worth(kind, kinds.settings(kind, settings), amount) == off


@pytest.mark.parametrize("kind", ["discount-percent", "event-ticket", "free-product"])
def test_a_minimum_purchase_holds_for_every_kind(app: Flask, sari: Any, kind: str) -> None:
    with_reward("tambah-shot", kind=kind, settings=SETTINGS[kind], minimum_rupiah=30_000)
    budi, voucher = people.hire(), rewards.redeem(sari.id, "tambah-shot", "form-key-1")
    for amount in (None, 29_999):
        with pytest.raises(PurchaseTooSmall, match=r"Rp30\.000"):
            rewards.use(voucher.code, budi, "tebet", "key-of-budi", amount)
    assert rewards.takes_off(voucher, 29_999) in (0, None)
    used = rewards.use(voucher.code, budi, "tebet", "key-of-budi", 30_000)
    assert rewards.state_of(used) == "used"


def test_what_the_till_charges_is_the_price_besides_and_the_members_price(app: Flask) -> None:
    given = rewards.reward("tambah-shot")
    assert rewards.to_charge(given) == 0
    besides = given.model_copy(update={"price_rupiah": 5_000})
    assert rewards.to_charge(besides) == 5_000
    hers = {"kind": "member-price", "settings": SETTINGS["member-price"]}
    assert rewards.to_charge(besides.model_copy(update=hers)) == 17_000


def test_partners_codes_are_each_given_once_and_then_it_is_sold_out(app: Flask, sari: Any) -> None:
    assert pools.upload("bioskop", ["FILM-1", "FILM-2", "FILM-1", " "]) == 2
    assert pools.upload("bioskop", ["FILM-2"]) == 0
    with_reward("tambah-shot", kind="partner-code", settings={"pool": "bioskop"})
    got = [rewards.redeem(sari.id, "tambah-shot", f"form-key-{n}").extra for n in range(2)]
    outbox.commit()
    assert {extra["partner_code"] for extra in got} == {"FILM-1", "FILM-2"}
    before = ledger.balance(sari.id).spendable
    with pytest.raises(SoldOut):
        rewards.redeem(sari.id, "tambah-shot", "form-key-3")
    outbox.rollback()
    assert ledger.balance(sari.id).spendable == before


def test_a_ticket_is_good_until_the_doors_close(app: Flask, sari: Any, noon: Any) -> None:
    with_reward("tambah-shot", kind="event-ticket", settings=SETTINGS["event-ticket"])
    voucher = rewards.redeem(sari.id, "tambah-shot", "form-key-1")
    assert voucher.expires_at == datetime.fromisoformat("2026-11-25T21:00:00+07:00")


def test_a_free_product_leaves_the_shelf_and_comes_back_when_the_use_is_undone(
    app: Flask, sari: Any
) -> None:
    budi = people.hire()
    code = rewards.redeem(sari.id, "croissant", "form-key-1").code
    rewards.use(code, budi, "kemang", "key-of-budi")
    assert stock.pieces_of("CROISSANT") == {"tebet": 24, "kemang": 17}
    rewards.reverse_use(code, budi, "salah")
    assert stock.pieces_of("CROISSANT") == {"tebet": 24, "kemang": 18}


def test_redeeming_before_and_after_its_window_is_refused(app: Flask, sari: Any, noon: Any) -> None:
    window = {
        "redeem_from": "2026-12-01T00:00:00+07:00",
        "redeem_until": "2026-12-03T00:00:00+07:00",
    }
    with_reward("tambah-shot", **window)
    with pytest.raises(NotYet):
        rewards.redeem(sari.id, "tambah-shot", "form-key-1")
    with clock.at(datetime.fromisoformat("2026-12-03T00:00:00+07:00")):
        with pytest.raises(Over):
            rewards.redeem(sari.id, "tambah-shot", "form-key-1")
        first = program.current().tiers[0]
        listed = [offer.reward.code for offer in rewards.offers(sari.id, 9999, first)]
        assert "tambah-shot" not in listed


def test_a_higher_tier_may_redeem_it_so_many_hours_earlier(
    app: Flask, sari: Any, noon: Any
) -> None:
    with_reward(
        "tambah-shot", redeem_from="2026-11-22T14:00:00+07:00", early_hours={"kawan-dekat": 2}
    )
    with pytest.raises(NotYet):
        rewards.redeem(sari.id, "tambah-shot", "form-key-1")
    outbox.rollback()
    tiers.count(sari.id, 500, 500_000)
    assert rewards.redeem(sari.id, "tambah-shot", "form-key-1").code  # 12.00, and hers from 12.00


def test_the_window_of_use_is_apart_from_the_window_of_redemption(
    app: Flask, sari: Any, noon: Any
) -> None:
    # Collect now, use from Thursday on: like a THR.
    with_reward("tambah-shot", use_from="2026-11-26T00:00:00+07:00", valid_days=3)
    budi, code = people.hire(), rewards.redeem(sari.id, "tambah-shot", "form-key-1").code
    with pytest.raises(NotNow):
        rewards.use(code, budi, "tebet", "key-of-budi")
    with clock.at(datetime.fromisoformat("2026-11-29T23:59:59+07:00")):
        assert rewards.use(code, budi, "tebet", "key-of-budi").state == "used"


def test_outlets_weekdays_and_hours_are_refused_by_name(app: Flask, sari: Any, noon: Any) -> None:
    with_reward("tambah-shot", outlets=["kemang"], weekdays=["sun"], from_time="13:00")
    budi, code = people.hire(), rewards.redeem(sari.id, "tambah-shot", "form-key-1").code
    with pytest.raises(WrongOutlet, match="Kemang"):
        rewards.use(code, budi, "tebet", "key-of-budi")
    with pytest.raises(NotNow, match=r"Minggu, 13\.00 sampai 24\.00"):
        rewards.use(code, budi, "kemang", "key-of-budi")  # Sunday noon
    with clock.at(noon + timedelta(hours=1)):
        assert rewards.use(code, budi, "kemang", "key-of-budi").state == "used"


def test_limits_by_week_and_for_good_are_refused_by_name(app: Flask, sari: Any, noon: Any) -> None:
    with_reward("tambah-shot", per_member_week=1, per_member=2)
    rewards.redeem(sari.id, "tambah-shot", "form-key-1")
    outbox.commit()
    with pytest.raises(LimitReachedThisWeek):
        rewards.redeem(sari.id, "tambah-shot", "form-key-2")
    outbox.rollback()
    with clock.at(noon + timedelta(days=1)):  # noon is a Sunday
        rewards.redeem(sari.id, "tambah-shot", "form-key-2")
        outbox.commit()
    with clock.at(noon + timedelta(days=8)), pytest.raises(LimitReachedForGood):
        rewards.redeem(sari.id, "tambah-shot", "form-key-3")
    outbox.rollback()


def test_pieces_of_the_day_and_a_months_share_come_back_with_their_time(
    app: Flask, sari: Any, noon: Any
) -> None:
    tono = people.join("Tono")
    ledger.earn(tono.id, 9000, key="rich-2", source="campaign", reason="test")
    with_reward("tambah-shot", stock_day=1, per_member_month=1)
    rewards.redeem(sari.id, "tambah-shot", "form-key-1")
    outbox.commit()
    with pytest.raises(SoldOutToday):
        rewards.redeem(tono.id, "tambah-shot", "form-key-1")
    outbox.rollback()
    with clock.at(noon + timedelta(days=1)):
        with pytest.raises(LimitReachedThisMonth):
            rewards.redeem(sari.id, "tambah-shot", "form-key-2")
        outbox.rollback()
        assert rewards.redeem(tono.id, "tambah-shot", "form-key-1").code
        outbox.commit()
    with clock.at(noon + timedelta(days=9)):  # 1 December
        assert rewards.redeem(sari.id, "tambah-shot", "form-key-2").code
    outbox.rollback()


def test_a_budget_in_rupiah_ends_it_for_everyone(app: Flask, sari: Any) -> None:
    tono = people.join("Tono")
    ledger.earn(tono.id, 9000, key="rich-2", source="campaign", reason="test")
    with_reward("tambah-shot", value_rupiah=7_000, budget_rupiah=20_000)
    for number in range(2):
        rewards.redeem(sari.id, "tambah-shot", f"form-key-{number}")
    outbox.commit()
    with pytest.raises(SoldOut):
        rewards.redeem(tono.id, "tambah-shot", "form-key-9")
    outbox.rollback()


def test_a_file_with_a_window_that_ends_before_it_starts_is_refused(app: Flask) -> None:
    document = program.to_document(program.current())
    document["rewards"][0] |= {
        "redeem_from": "2026-12-02T00:00:00+07:00", "redeem_until": "2026-12-01T00:00:00+07:00",
    }  # fmt: skip
    with pytest.raises(ValueError, match="must end after it starts"):
        Program.model_validate(document)
