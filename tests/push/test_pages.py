"""Subscribing, the inbox, settings, the bell on a product, and the owner's page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.push import inbox, payload, planner
from pwa.push.kinds import Planned
from pwa.push.models import Delivery, Subscription
from tests.people import join, log_in
from tests.push.asking import (
    JSON,
    offer,
    owners,
)
from tests.push.conftest import run_due, subscribe
from tests.push.service import Browser, PushService


def test_a_browser_is_bound_to_who_is_logged_in_and_named(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    sari = join("Sari")
    log_in(client, sari)
    browser = service.browser()
    assert offer(client, browser) == 201
    assert offer(client, browser) == 201  # at each opening again
    row = db.session.scalars(select(Subscription)).one()
    assert (row.member_id, row.label) == (sari.id, "Chrome, Android")
    page = client.get("/inbox/settings").text
    assert "Chrome, Android" in page


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com:8443/fcm/send/x",
        "https://evil.example/fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "https://169.254.169.254/latest/meta-data",
        "http://localhost:5432/",
        "https://fcm.googleapis.com/" + "x" * 2000,
        "javascript:alert(1)",
        "",
    ],
)
def test_an_endpoint_off_the_list_is_refused(
    push_app: Flask, client: FlaskClient, endpoint: str
) -> None:
    log_in(client, join("Sari"))
    assert offer(client, Browser(endpoint)) == 422
    assert owners() == []


def test_keys_that_are_no_keys_are_refused(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    log_in(client, join("Sari"))
    browser = service.browser()
    for keys in (
        {"p256dh": browser.p256dh[:-4], "auth": browser.auth},
        {"p256dh": browser.p256dh, "auth": "AAAA"},
        {"p256dh": "B" * 87, "auth": browser.auth},
        {"p256dh": browser.p256dh, "auth": browser.auth + "!"},
        {},
        None,
        ["x"],
    ):
        said = json.dumps({"endpoint": browser.endpoint, "keys": keys})
        assert client.post("/push/subscriptions", data=said, headers=JSON).status_code == 422
    for nonsense in ("", "[]", "null", "not json"):
        answer = client.post("/push/subscriptions", data=nonsense, headers=JSON)
        assert answer.status_code == 422
    assert owners() == []


def test_a_second_phone_never_evicts_the_first_and_a_browser_changes_hands(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    sari, tono = join("Sari"), join("Tono")
    first, second = service.browser(), service.browser()
    subscribe(sari.id, first)
    subscribe(sari.id, second)
    assert len(owners()) == 2
    subscribe(tono.id, first)
    assert sorted(owners()) == sorted([(first.endpoint, tono.id), (second.endpoint, sari.id)])


def test_devices_are_capped_and_the_oldest_unseen_gives_way(
    push_app: Flask, service: PushService
) -> None:
    from pwa.push.subscriptions import DEVICES_MOST, TooManyDevices

    sari = join("Sari")
    first = service.browser()
    subscribe(sari.id, first)
    for _ in range(DEVICES_MOST - 1):
        subscribe(sari.id, service.browser())
    with pytest.raises(TooManyDevices):
        subscribe(sari.id, service.browser())
    outbox.rollback()
    with clock.at(clock.now() + timedelta(days=200)):
        subscribe(sari.id, service.browser())
    assert len(owners()) == DEVICES_MOST


def test_logging_out_unbinds_this_browser_only(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    sari = join("Sari")
    here, elsewhere = service.browser(), service.browser()
    subscribe(sari.id, elsewhere)
    log_in(client, sari)
    offer(client, here)
    client.post("/logout")
    assert owners() == [(elsewhere.endpoint, sari.id)]


def test_only_the_owner_of_a_device_can_test_or_remove_it(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    sari, tono = join("Sari"), join("Tono")
    mine = subscribe(sari.id, service.browser())
    for act in ("tests", "removals"):
        assert client.post(f"/push/subscriptions/{mine}/{act}").status_code == 303  # to log in
    log_in(client, tono)
    for act in ("tests", "removals"):
        assert client.post(f"/push/subscriptions/{mine}/{act}").status_code == 404
    assert len(owners()) == 1


def test_send_me_a_test_reaches_only_that_device(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    sari = join("Sari")
    phone, laptop = service.browser(), service.browser()
    phone_id = subscribe(sari.id, phone)
    subscribe(sari.id, laptop)
    log_in(client, sari)
    for _ in range(2):  # tapped twice: the form's key makes it one
        answer = client.post(f"/push/subscriptions/{phone_id}/tests", data={"key": "k-1"})
        assert answer.status_code == 303
    run_due()
    assert len(service.to(phone)) == 1
    assert service.to(laptop) == []


def test_the_worker_renews_and_unbinds_by_the_endpoint_it_knows(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    sari = join("Sari")
    old, new = service.browser(), service.browser()
    subscribe(sari.id, old)
    said = {"old_endpoint": old.endpoint, "endpoint": new.endpoint,
            "keys": {"p256dh": new.p256dh, "auth": new.auth}}  # fmt: skip
    assert client.post("/push/renewals", data=json.dumps(said)).status_code == 204
    assert owners() == [(new.endpoint, sari.id)]
    said["old_endpoint"] = service.url + "/wpush/v2/guessed"
    assert client.post("/push/renewals", data=json.dumps(said)).status_code == 204
    assert owners() == [(new.endpoint, sari.id)]
    client.post("/push/unbindings", data=json.dumps({"endpoint": new.endpoint}))
    assert owners() == []


def test_beacons_count_only_with_the_signed_id(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    sari = join("Sari")
    browser = service.browser()
    planner.tell_one(
        "test", Planned(sari.id, "t", {}, clock.now() + timedelta(hours=1)),
        subscribe(sari.id, browser),
    )  # fmt: skip
    outbox.commit()
    run_due()
    said = browser.read(service.to(browser)[0])["notification"]["data"]["id"]
    number = said.split(".")[0]
    for forged in (number, f"{number}.AAAAAAAAAAAA", "x", "", None, 5):
        client.post("/push/beacons", data=json.dumps({"id": forged, "act": "shown"}))
    assert db.session.scalar(select(Delivery.state)) == "accepted"
    db.session.rollback()
    client.post("/push/beacons", data=json.dumps({"id": said, "act": "shown"}))
    row = db.session.scalars(select(Delivery)).one()
    db.session.refresh(row)
    assert row.state == "shown"
    assert row.shown_at is not None
    client.post("/push/beacons", data=json.dumps({"id": said, "act": "clicked"}))
    db.session.refresh(row)
    assert row.state == "clicked"
    assert inbox.unread(sari.id) == 0
    assert payload.proven("another secret", said) is None
