"""What a member wants: topics, quiet hours in her own zone, caps, one digest instead of many."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from pwa import clock, outbox
from pwa.db import db
from pwa.members import service as members
from pwa.push import campaign_notices, gate, inbox, leases, planner, preferences
from pwa.push.kinds import Planned
from pwa.push.models import Delivery, Departure, PromoSlot
from pwa.push.preferences import Wishes, quiet_ends
from tests.people import join
from tests.push.conftest import run_due, subscribe
from tests.push.service import PushService
from tests.push.test_notices import agree, at, member_with_phone, said

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


@pytest.mark.parametrize(
    ("wishes", "zone", "instant", "ends"),
    [
        (Wishes(), JAKARTA, "2026-11-22T20:59:00+07:00", None),
        (Wishes(), JAKARTA, "2026-11-22T21:00:00+07:00", "2026-11-23T07:00:00+07:00"),
        (Wishes(), JAKARTA, "2026-11-23T06:59:00+07:00", "2026-11-23T07:00:00+07:00"),
        (Wishes(), JAKARTA, "2026-11-23T07:00:00+07:00", None),
        (Wishes(), JAYAPURA, "2026-11-22T19:00:00+07:00", "2026-11-23T07:00:00+09:00"),
        (Wishes(quiet_from=780, quiet_until=840), JAKARTA, "2026-11-22T13:30:00+07:00",
         "2026-11-22T14:00:00+07:00"),
        (Wishes(quiet_from=None, quiet_until=None), JAKARTA, "2026-11-22T23:00:00+07:00", None),
        (Wishes(quiet_from=60, quiet_until=60), JAKARTA, "2026-11-22T01:00:00+07:00", None),
    ],
)  # fmt: skip
def test_quiet_hours(wishes: Wishes, zone: ZoneInfo, instant: str, ends: str | None) -> None:
    found = quiet_ends(wishes, zone, at(instant))
    assert found == (at(ends) if ends else None)


@given(
    st.integers(0, 1439), st.integers(0, 1439),
    st.integers(1_767_225_600, 1_798_761_600),
    st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "Europe/Amsterdam", "America/New_York"]),
)  # fmt: skip
def test_quiet_hours_end_within_a_day_and_outside_of_them(
    start: int, end: int, second: int, zone: str
) -> None:
    where = ZoneInfo(zone)
    instant = datetime.fromtimestamp(second, ZoneInfo("UTC"))
    wishes = Wishes(quiet_from=start, quiet_until=end)
    ends = quiet_ends(wishes, where, instant)
    if ends is not None:
        assert instant < ends <= instant + timedelta(hours=26)
        assert ends.astimezone(where).minute == end % 60


def test_what_is_muted_stays_in_the_inbox(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    sari, browser = member_with_phone(service)
    preferences.mute(sari.id, ["rewards"])
    outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
    outbox.commit()
    run_due()
    assert service.to(browser) == []
    assert inbox.unread(sari.id) == 1
    assert db.session.execute(select(Delivery.state, Delivery.reason)).all() == [
        ("withheld", "muted")
    ]


def test_a_switch_thrown_after_planning_still_counts(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    sari, browser = member_with_phone(service)
    outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
    outbox.commit()
    planner.plan_events(noon, 100)
    preferences.mute(sari.id, ["rewards"])
    outbox.commit()
    run_due()
    assert service.to(browser) == []


def test_quiet_hours_put_off_or_are_passed_by(push_app: Flask, service: PushService) -> None:
    night = at("2026-11-22T23:00:00+07:00")
    with clock.at(night):
        sari, browser = member_with_phone(service)
        outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
        outbox.tell("security.password_changed", "s1", sari.id)
        outbox.commit()
        run_due()
        assert said(service, browser) == ["Kata sandimu diganti"]
        state = select(Delivery.state, Delivery.reason).where(Delivery.state == "deferred")
        assert db.session.execute(state).all() == [("deferred", "quiet")]
    with clock.at(at("2026-11-23T07:00:00+07:00")):
        run_due()
    assert said(service, browser) == ["Kata sandimu diganti", "Hadiah untuk Sari"]


def test_what_she_has_read_meanwhile_is_not_pushed(push_app: Flask, service: PushService) -> None:
    with clock.at(at("2026-11-22T23:00:00+07:00")):
        sari, browser = member_with_phone(service)
        outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
        outbox.commit()
        run_due()
        inbox.read_all(sari.id)
        outbox.commit()
    with clock.at(at("2026-11-23T07:00:00+07:00")):
        run_due()
    assert service.to(browser) == []


def announce(number: int) -> None:
    campaign_notices.send(campaign_notices.Message(f"Promo {number}", "Isi."), f"promo-{number}")
    outbox.commit()


def test_promos_are_capped_by_day_and_by_week_on_all_devices_alike(
    push_app: Flask, service: PushService
) -> None:
    monday = at("2026-11-23T12:00:00+07:00")
    with clock.at(monday):
        sari, phone = member_with_phone(service)
        laptop = service.browser()
        subscribe(sari.id, laptop)
        agree(sari)
    for number in range(14):  # two a day, for a week
        with clock.at(monday + timedelta(hours=12 * (number // 2) * 2 + number % 2)):
            announce(number)
            run_due()
    assert said(service, phone) == ["Promo 0", "Promo 2", "Promo 4"]
    assert said(service, laptop) == said(service, phone)
    with clock.at(monday + timedelta(days=7)):
        announce(99)
        run_due()
    assert said(service, phone)[-1] == "Promo 99"


def test_two_workers_cant_both_use_the_last_slot(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    """The slot is claimed by a unique key, whatever each worker read before."""
    sari, _ = member_with_phone(service)
    agree(sari)
    for number in range(2):
        announce(number)
    while planner.fan_out(noon, 100):
        outbox.commit()
    outbox.commit()
    rows = leases.take("one", noon, 10)
    known = gate._known(rows, noon)
    passing = [gate.Passing(row, planner.kinds.kind(row.kind), {}) for row in rows]
    # Both saw an empty day: each gets on with its own promo, as if the other were not there.
    first = gate._within_caps(passing[:1], [], known)
    stale = {sari.id: []}
    original = gate._used
    gate._used = lambda *_: stale  # type: ignore[assignment]
    try:
        second = gate._within_caps(passing[1:], [], known)
    finally:
        gate._used = original
    assert len(first.passing) == 1
    assert [held.state for held in second.held] == ["queued"]
    assert db.session.scalar(select(func.count()).select_from(PromoSlot)) == 1


def test_no_promo_without_consent_and_none_after_withdrawing_it(
    push_app: Flask, service: PushService
) -> None:
    with clock.at(at("2026-11-22T22:00:00+07:00")):
        sari, hers = member_with_phone(service)
        _, his = member_with_phone(service, "Tono")
        agree(sari)
        announce(1)
        run_due()  # put off to the morning
        members.set_consent(sari, "promo", False, "test")
        outbox.commit()
    with clock.at(at("2026-11-23T08:00:00+07:00")):
        run_due()
    assert service.to(hers) == service.to(his) == []


def test_a_digest_comes_once_instead_of_many(push_app: Flask, service: PushService) -> None:
    with clock.at(at("2026-11-22T12:00:00+07:00")):
        sari, browser = member_with_phone(service)
        preferences.save(sari.id, Wishes(digest=True))
        for number in range(3):
            outbox.tell("gift.received", f"g{number}", sari.id, points=50, by="Tono")
        outbox.commit()
        run_due()
        assert service.to(browser) == []
    for hour in (9, 10, 11):
        with clock.at(at(f"2026-11-23T{hour:02}:00:00+07:00")):
            run_due()
    assert said(service, browser) == ["3 kabar untukmu"]
    with clock.at(at("2026-11-24T09:00:00+07:00")):
        run_due()
    assert len(service.to(browser)) == 1  # nothing new: no empty digest


def test_who_leaves_soon_after_a_notice_is_counted_against_it(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    sari, _ = member_with_phone(service)
    outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
    outbox.commit()
    run_due()
    preferences.mute(sari.id, ["rewards"])
    outbox.commit()
    assert db.session.scalar(select(func.count()).select_from(Departure)) == 1
    with clock.at(noon + timedelta(days=3)):
        preferences.mute(sari.id, ["tiers"])
        outbox.commit()
    assert db.session.scalar(select(func.count()).select_from(Departure)) == 1


def test_never_two_for_one_event(push_app: Flask, service: PushService, noon: datetime) -> None:
    sari, browser = member_with_phone(service)
    kind = planner.kinds.kind("gift_received")
    once = Planned(sari.id, "g1", {"points": 1, "by": "x"}, noon + timedelta(hours=1))
    for _ in range(3):
        planner.record(kind, [once, once])
        outbox.commit()
    run_due()
    assert len(service.to(browser)) == 1


def test_an_old_notice_is_forgotten_with_all_that_hangs_on_it(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    sari, _ = member_with_phone(service)
    outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
    outbox.commit()
    run_due()
    with clock.at(noon + timedelta(days=181)):
        run_due()
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_a_planner_that_fails_tries_again_and_blocks_nobody(
    push_app: Flask, service: PushService, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    sari, browser = member_with_phone(service)
    outbox.tell("stock.changed", "broken", sku="CROISSANT")  # without an outlet
    outbox.tell("gift.received", "g1", sari.id, points=50, by="Tono")
    outbox.commit()
    run_due()
    assert said(service, browser) == ["Hadiah untuk Sari"]
    assert "was not planned" in caplog.text
    assert planner._open_events(noon, 10) == []
    assert len(planner._open_events(noon + timedelta(minutes=2), 10)) == 1


def test_events_need_no_second_look_once_they_are_old(push_app: Flask, noon: datetime) -> None:
    sari = join("Sari")
    for number in range(planner.FLOOR_STEP + 5):
        outbox.tell("gift.received", f"g{number}", sari.id, points=1, by="x")
    outbox.commit()
    while planner.plan_events(noon, 500):
        outbox.commit()
    assert planner._floor() == 0
    with clock.at(noon + timedelta(hours=1)):
        planner.plan_events(clock.now(), 500)
        outbox.commit()
        assert planner._floor() > planner.FLOOR_STEP
        outbox.tell("gift.received", "late", sari.id, points=1, by="x")
        outbox.commit()
        assert planner.plan_events(clock.now(), 500) == 1
