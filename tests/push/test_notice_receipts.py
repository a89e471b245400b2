"""Receipts, vouchers, points, tiers, missions: each told once, by its event or the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from pwa import clock, outbox
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.program import service as program
from pwa.push import preferences
from pwa.rewards import gifts
from pwa.rewards import service as rewards
from tests.conftest import NOON
from tests.people import PHONES, join
from tests.push.conftest import run_due
from tests.push.service import PushService
from tests.push.telling import (
    at,
    member_with_phone,
    said,
    titles,
)


def buy(member: Member, amount_rupiah: int, key: str = "k1") -> None:
    from pwa.shop import service as shop

    sale = shop.Sale(member_id=member.id, outlet_code="tebet", amount_rupiah=amount_rupiah, key=key)
    shop.record(sale)
    outbox.commit()


def test_a_purchase_is_receipted_even_at_night(push_app: Flask, service: PushService) -> None:
    with clock.at(at("2026-11-20T23:30:00+07:00")):
        sari, browser = member_with_phone(service)
        buy(sari, 48_000)
        run_due()
    (message,) = service.to(browser)
    note = browser.read(message)["notification"]
    assert note["title"].endswith("poin masuk")
    assert "Rp48.000" in note["body"]
    assert "Sari" in note["body"]
    assert note["tag"] == message.headers["topic"] == "pts"


def give_points(member: Member, points: int) -> None:
    ledger.earn(
        member.id, points, key=f"t:{member.id}:{points}", source="mission", reason="mission"
    )
    outbox.commit()


def test_a_redemption_is_receipted_and_a_prize_voucher_is_told(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    sari, browser = member_with_phone(service)
    give_points(sari, 2000)
    rewards.redeem(sari.id, "tambah-shot", key="r1")
    rewards.issue_prize(sari.id, "ukuran-besar", key="p1", source="wheel")
    outbox.commit()
    run_due()
    assert sorted(said(service, browser)) == [
        "Tambah shot sudah jadi milikmu",
        "Voucher untukmu: Ukuran besar",
    ]


def test_an_offered_voucher_is_told_to_who_may_take_it_and_not_from_whom(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    _sari, browser = member_with_phone(service)
    tono = join("Tono")
    given = rewards.issue_prize(tono.id, "ukuran-besar", key="p1", source="wheel")
    gifts.offer(given.code, tono, PHONES["Sari"], "g1")
    outbox.commit()
    run_due()
    (message,) = service.to(browser)
    note = browser.read(message)["notification"]
    assert note["title"] == "Ada voucher untukmu: Ukuran besar"
    assert "besok" in note["body"] or "23 November" in note["body"]
    assert note["navigate"].endswith("/vouchers")
    assert "Tono" not in str(note)


def test_a_voucher_is_told_of_on_the_day_before_its_last_unless_used(
    push_app: Flask, service: PushService
) -> None:
    with clock.at(NOON):
        sari, browser = member_with_phone(service)
        rewards.issue_prize(sari.id, "ukuran-besar", key="p1", source="wheel")
        outbox.commit()
        run_due()
    service.got.clear()
    for day in range(1, 9):
        with clock.at(NOON + timedelta(days=day)):
            run_due()
    heard = said(service, browser)
    assert sum("masih menunggumu" in title for title in heard) == 1  # unused after three days
    assert sum("tinggal sampai" in title for title in heard) == 1
    (last,) = [m for m in service.to(browser) if m.headers["topic"].startswith("vx-")]
    assert 0 < int(last.headers["ttl"]) <= 48 * 3600


def test_expiring_points_are_warned_of_twice_and_not_once_spent(
    push_app: Flask, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pwa.ledger.service import Expiry

    with clock.at(NOON):
        sari, browser = member_with_phone(service)
        tono, his = member_with_phone(service, "Tono")
        for member in (sari, tono):
            ledger.earn(member.id, 120, key=f"e:{member.id}", source="mission", reason="mission",
                        expires=Expiry.after_days(20))  # fmt: skip
        outbox.commit()
    with clock.at(NOON + timedelta(days=6)):
        run_due()
        assert said(service, browser)[-1].startswith("120 poin hangus 12 Desember")
        spendable = ledger.balance(tono.id).spendable
        ledger.burn(tono.id, spendable, key="all", reason="reward")
        outbox.commit()
    with clock.at(NOON + timedelta(days=19)):
        run_due()
    assert "120 poin hangus besok" in said(service, browser)
    assert "120 poin hangus besok" not in said(service, his)


def test_reaching_a_tier_is_told(push_app: Flask, service: PushService, noon: datetime) -> None:
    sari, browser = member_with_phone(service)
    tier = program.current().tiers[1]
    buy(sari, tier.needs_points * program.current().earning.rupiah_per_point)
    run_due()
    assert f"Naik jadi {tier.name.id}" in said(service, browser)


def test_a_tier_that_ends_in_a_month_is_told_with_what_is_missing(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    sari, browser = member_with_phone(service)
    tier = program.current().tiers[1]
    buy(sari, tier.needs_points * program.current().earning.rupiah_per_point)
    run_due()
    service.got.clear()
    with clock.at(at("2027-12-01T12:00:00+07:00")):
        run_due()
    assert said(service, browser) == [f"{tier.name.id} berlaku sampai 31 Desember"]


def test_a_streak_is_reminded_of_in_the_evening_unless_done(
    push_app: Flask, service: PushService
) -> None:
    from pwa.missions import service as missions

    with clock.at(NOON):
        sari, browser = member_with_phone(service)
        tono, his = member_with_phone(service, "Tono")
    for day in range(4):
        with clock.at(NOON + timedelta(days=day)):
            missions.check_in(sari.id)
            missions.check_in(tono.id)
            outbox.commit()
    with clock.at(NOON + timedelta(days=4)):
        missions.check_in(tono.id)
        outbox.commit()
    evening = at("2026-11-26T19:00:00+07:00")
    with clock.at(evening - timedelta(minutes=1)):
        run_due()
        service.got.clear()
    with clock.at(evening):
        run_due()
    assert said(service, browser) == ["4 hari beruntun"]
    assert said(service, his) == []


def test_gifts_and_security_are_told(push_app: Flask, service: PushService, noon: datetime) -> None:
    sari, browser = member_with_phone(service)
    outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
    outbox.tell("security.new_device", "d1", sari.id, label="Firefox, Linux")
    outbox.commit()
    preferences.mute(sari.id, ["rewards"])
    outbox.commit()
    run_due()
    assert said(service, browser) == ["Akunmu dibuka di Firefox, Linux"]  # never muted
    assert "Hadiah untuk Sari" in titles(sari)  # in the inbox all the same
