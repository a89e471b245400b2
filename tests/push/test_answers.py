"""What follows from each answer of a push service: push.md's table, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.push import origins, planner, sender, subscriptions, vapid
from pwa.push.kinds import Planned
from pwa.push.models import Delivery, Origin, Subscription
from pwa.push.verdict import Answer
from tests.conftest import NOON
from tests.people import join
from tests.push.conftest import run_due, subscribe
from tests.push.service import Browser, PushService


@pytest.fixture(autouse=True)
def _daytime(request: pytest.FixtureRequest) -> object:
    return request.getfixturevalue("noon")


def told(member_id: int, key: str, hours: int = 6) -> None:
    planned = Planned(member_id, key, {}, clock.now() + timedelta(hours=hours))
    planner.record(planner.kinds.kind("test"), [planned])
    outbox.commit()


def deliveries() -> list[tuple[str, str | None]]:
    db.session.rollback()
    rows = db.session.execute(select(Delivery.state, Delivery.reason).order_by(Delivery.id))
    return [tuple(row) for row in rows]


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Subscription.state).order_by(Subscription.id)))


@pytest.fixture
def phone(push_app: Flask, service: PushService) -> Browser:
    browser = service.browser()
    subscribe(join("Sari").id, browser)
    return browser


def sari_id() -> int:
    return db.session.scalars(select(Subscription.member_id)).first() or 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_gone_endpoint_is_deleted_at_once_and_not_tried_again(
    phone: Browser, service: PushService, status: int
) -> None:
    service.answer(phone, status)
    told(sari_id(), "a")
    run_due()
    assert deliveries() == [("gone", str(status))]
    assert states() == []
    with clock.at(NOON + timedelta(hours=2)):
        run_due()
    assert len(service.got) == 1


def test_a_browser_that_came_back_meanwhile_is_not_deleted(
    phone: Browser, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pwa.push import parcels

    service.answer(phone, 410)
    told(sari_id(), "a")
    original = parcels.settle

    def settle_late(*args: object) -> None:
        row = db.session.scalars(select(Subscription)).one()
        row.updated_at = clock.now() + timedelta(seconds=1)  # an upsert came in between
        db.session.flush()
        original(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(parcels, "settle", settle_late)
    run_due()
    assert states() == ["active"]


def test_429_pauses_the_whole_push_service_for_as_long_as_it_says(
    phone: Browser, service: PushService
) -> None:
    other = service.browser()
    tono = join("Tono")
    subscribe(tono.id, other)
    service.answer(phone, 429, Retry_After="90")
    told(sari_id(), "a")
    run_due()
    told(tono.id, "b")
    run_due()
    assert service.to(other) == []  # the same origin
    with clock.at(NOON + timedelta(seconds=89)):
        run_due()
        assert len(service.got) == 1
    with clock.at(NOON + timedelta(seconds=91)):
        run_due()
    assert len(service.to(phone)) == 2
    assert len(service.to(other)) == 1
    assert [state for state, _ in deliveries()] == ["accepted", "accepted"]


def test_5xx_backs_off_with_the_same_topic_and_a_smaller_ttl(
    phone: Browser, service: PushService
) -> None:
    for _ in range(2):
        service.answer(phone, 503)
    told(sari_id(), "a")
    run_due()
    assert deliveries() == [("deferred", "503")]
    with clock.at(NOON + timedelta(seconds=29)):
        run_due()
        assert len(service.got) == 1
    for seconds in (46, 46 + 91):
        with clock.at(NOON + timedelta(seconds=seconds)):
            run_due()
    first, second, third = service.to(phone)
    assert {m.headers["topic"] for m in (first, second, third)} == {"test"}
    ttls = [int(m.headers["ttl"]) for m in (first, second, third)]
    assert ttls == [6 * 3600, 6 * 3600 - 46, 6 * 3600 - 137]
    assert [phone.read(m)["notification"]["data"]["id"] for m in (first, third)] == [
        phone.read(first)["notification"]["data"]["id"]
    ] * 2
    assert deliveries() == [("accepted", None)]


def test_it_is_given_up_when_it_expires(phone: Browser, service: PushService) -> None:
    service.always = (503, {})
    told(sari_id(), "a", hours=1)
    for minutes in range(0, 90, 5):
        with clock.at(NOON + timedelta(minutes=minutes)):
            run_due()
    ((state, _),) = deliveries()
    assert state == "expired"
    assert all(int(m.headers["ttl"]) > 0 for m in service.got)


def test_nobody_there_is_tried_again(phone: Browser, push_app: Flask) -> None:
    row = db.session.scalars(select(Subscription)).one()
    row.endpoint, row.origin = "http://127.0.0.1:9/wpush/v2/x", "http://127.0.0.1:9"
    told(sari_id(), "a")
    run_due()
    assert deliveries() == [("deferred", "no answer")]


def test_five_400s_in_a_row_retire_a_subscription(phone: Browser, service: PushService) -> None:
    for number in range(4):
        service.answer(phone, 400)
        told(sari_id(), f"a{number}")
        run_due()
    assert states() == ["active"]
    told(sari_id(), "fine")
    run_due()  # a success resets the count
    for number in range(5):
        service.answer(phone, 400)
        told(sari_id(), f"b{number}")
        run_due()
    assert states() == ["retired"]
    assert deliveries().count(("rejected", "400")) == 9


def test_413_is_sent_once_more_with_title_and_link_only(
    phone: Browser, service: PushService
) -> None:
    service.answer(phone, 413)
    told(sari_id(), "a")
    run_due()
    large, small = service.to(phone)
    assert len(small.body) < len(large.body)
    note = phone.read(small)["notification"]
    assert set(note) == {"title", "navigate"}
    assert deliveries() == [("accepted", None)]


def test_413_twice_is_the_end_of_it(phone: Browser, service: PushService) -> None:
    service.always = (413, {})
    told(sari_id(), "a")
    run_due()
    assert len(service.got) == 2
    assert deliveries() == [("rejected", "413")]


def test_a_redirect_is_never_followed(phone: Browser, service: PushService) -> None:
    service.answer(phone, 307, Location=f"{service.url}/elsewhere")
    told(sari_id(), "a")
    run_due()
    assert len(service.got) == 1
    assert states() == ["aside"]


def test_a_single_refusal_is_that_subscriptions_own(phone: Browser, service: PushService) -> None:
    service.answer(phone, 403)
    told(sari_id(), "a")
    run_due()
    assert states() == ["mismatch"]
    assert deliveries() == [("rejected", "403")]
    subscribe(sari_id(), phone)  # at its next open
    assert states() == ["active"]


def test_many_refusals_open_the_breaker_and_delete_nothing(
    phone: Browser, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    member_id = sari_id()
    browsers = [service.browser() for _ in range(8)]
    for browser in browsers:
        subscribe(member_id, browser)
    service.always = (401, {})
    told(member_id, "a")
    run_due()
    assert states() == ["active"] * 9
    assert {reason for _, reason in deliveries()} == {"vapid"}
    assert "refuses our key" in caplog.text
    assert len(service.got) == 9
    service.always = None
    with clock.at(NOON + timedelta(minutes=5)):
        run_due()
        assert len(service.got) == 9  # still open
    with clock.at(NOON + timedelta(hours=1)):
        run_due()
        assert db.session.scalars(select(Origin.refusals)).one() == 0
    assert {state for state, _ in deliveries()} == {"accepted"}


def test_a_rotated_key_leaves_old_subscriptions_working(
    phone: Browser, service: PushService, push_app: Flask
) -> None:
    settings = push_app.config["SETIA"]
    old = vapid.public_key(settings)
    vapid.rotate(settings)
    new = vapid.public_key(settings)
    told(sari_id(), "a")
    run_due()
    assert service.to(phone)[0].headers["authorization"].endswith(f"k={old}")
    renewed = service.browser()
    offered = subscriptions.Offered(renewed.endpoint, renewed.p256dh, renewed.auth)
    subscriptions.subscribe(sari_id(), offered)
    outbox.commit()
    told(sari_id(), "b")
    run_due()
    assert service.to(renewed)[0].headers["authorization"].endswith(f"k={new}")
    assert len(service.to(phone)) == 2


def test_an_endpoint_that_left_the_list_is_not_posted_to(
    phone: Browser, service: PushService, push_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = replace(push_app.config["SETIA"], push_hosts=("fcm.googleapis.com",))
    monkeypatch.setitem(push_app.config, "SETIA", listed)
    told(sari_id(), "a")
    run_due()
    assert service.got == []
    assert states() == []


def test_an_expired_lease_is_sent_again_with_the_same_topic(
    phone: Browser, service: PushService
) -> None:
    from pwa.push import rounds

    told(sari_id(), "a")
    batch, _ = rounds.load("a worker that dies")
    outbox.commit()
    assert len(batch) == 1
    run_due()
    assert service.got == []  # it is leased
    with clock.at(NOON + timedelta(seconds=61)):
        run_due()
    assert [m.headers["topic"] for m in service.got] == ["test"]
    # The dead one speaks up after all: what is accepted stays accepted.
    rounds.unload("a worker that dies", batch, [(batch[0], Answer(503))])
    outbox.commit()
    assert deliveries() == [("accepted", None)]


def test_the_owners_pause_is_short_to_end(phone: Browser, service: PushService) -> None:
    origins.pause_all()
    outbox.commit()
    told(sari_id(), "a")
    run_due()
    assert deliveries() == [("deferred", "paused")]
    origins.resume_all()
    outbox.commit()
    with clock.at(NOON + timedelta(minutes=5)):
        run_due()
    assert deliveries() == [("accepted", None)]


def test_ttl_is_never_zero() -> None:
    assert sender.ttl(NOON, NOON) == 1
    assert sender.ttl(NOON + timedelta(seconds=90), NOON) == 90
    assert sender.ttl(datetime(2026, 1, 1, tzinfo=UTC), NOON) == 1
