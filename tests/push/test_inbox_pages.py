"""The inbox, its settings, the bell on a product, and the owner's page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pwa import clock, outbox
from pwa.db import db
from pwa.members import service as members
from pwa.push import inbox, planner, preferences, reminders
from pwa.push.kinds import Planned
from pwa.push.models import Delivery
from tests.people import hire, join, log_in
from tests.push.asking import (
    told,
)
from tests.push.conftest import run_due, subscribe
from tests.push.service import PushService


def test_the_inbox_is_complete_without_push(push_app: Flask, client: FlaskClient) -> None:
    sari, tono = join("Sari"), join("Tono")
    mine, his = told(sari.id), told(tono.id)
    log_in(client, sari)
    page = client.get("/inbox").text
    assert "Kabar sampai di sini" in page
    assert "1 belum dibaca" in page
    assert f"/inbox/{mine}/reads" in page
    assert f"/inbox/{his}/reads" not in page
    client.post(f"/inbox/{his}/reads")
    assert inbox.unread(tono.id) == 1
    client.post(f"/inbox/{mine}/reads")
    assert inbox.unread(sari.id) == 0
    told(sari.id, "k2")
    assert client.post("/inbox/reads").status_code == 303
    assert inbox.unread(sari.id) == 0


def test_a_long_inbox_comes_in_pages(push_app: Flask, client: FlaskClient) -> None:
    sari = join("Sari")
    for n in range(40):
        with clock.at(clock.now() + timedelta(seconds=n)):
            told(sari.id, f"k{n}")
    log_in(client, sari)
    with clock.at(clock.now() + timedelta(minutes=2)):
        first = inbox.page(sari)
        second = inbox.page(sari, first.next)
    assert len(first.items) == 30
    assert len(second.items) == 10
    assert second.next is None
    assert not {i.id for i in first.items} & {i.id for i in second.items}


@pytest.mark.parametrize("path", ["/inbox", "/inbox/settings", "/products/CROISSANT"])
def test_strangers_are_sent_to_log_in(push_app: Flask, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 303


def test_settings_are_kept_and_promos_are_a_consent(push_app: Flask, client: FlaskClient) -> None:
    sari = join("Sari")
    log_in(client, sari)
    form = {"topics": ["points", "promo"], "quiet_from": "1320", "quiet_until": "360",
            "day_cap": "2", "week_cap": "5", "zone": "Asia/Jayapura", "digest": "1"}  # fmt: skip
    assert client.post("/inbox/settings", data=form).status_code == 303
    wishes = preferences.of(sari.id)
    assert wishes.wants("points")
    assert not wishes.wants("restock")
    assert (wishes.quiet_from, wishes.quiet_until, wishes.day_cap, wishes.week_cap) == (
        1320,
        360,
        2,
        5,
    )
    assert wishes.digest
    db.session.refresh(sari)
    assert sari.zone == "Asia/Jayapura"
    assert members.consents(sari)["promo"] is True
    client.post("/inbox/settings", data={**form, "topics": ["points"], "quiet_from": "off",
                                         "zone": "Mars/Base", "day_cap": "9999"})  # fmt: skip
    assert members.consents(sari)["promo"] is False
    assert preferences.of(sari.id).quiet_from is None
    assert preferences.of(sari.id).day_cap == preferences.DAY_CAP
    db.session.refresh(sari)
    assert sari.zone == "Asia/Jayapura"


def test_the_bell_on_a_product_that_is_out(push_app: Flask, client: FlaskClient) -> None:
    from pwa.shop import stock

    sari = join("Sari")
    log_in(client, sari)
    for outlet in stock.pieces_of("CROISSANT"):
        stock.set_pieces("CROISSANT", outlet, 0)
    outbox.commit()
    assert "Kabari saya saat ada lagi" in client.get("/products/CROISSANT").text
    for _ in range(2):
        assert client.post("/products/CROISSANT/reminders").status_code == 303
    assert reminders.waits(sari.id, "CROISSANT")
    assert "Kamu akan dikabari" in client.get("/products/CROISSANT").text
    client.post("/products/CROISSANT/reminders/removals")
    assert not reminders.waits(sari.id, "CROISSANT")
    assert client.post("/products/NO-SUCH/reminders").status_code == 404


def test_only_the_owner_sees_figures_and_pauses_everything(
    push_app: Flask, client: FlaskClient, service: PushService
) -> None:
    sari, budi, ratna = join("Sari"), hire("budi"), hire("ratna", "owner")
    browser = service.browser()
    subscribe(sari.id, browser)
    assert client.get("/console/push").status_code == 303
    log_in(client, sari)
    assert client.get("/console/push").status_code == 303  # a member is nobody here
    client.post("/logout")
    subscribe(sari.id, browser)
    log_in(client, budi)
    assert client.get("/console/push").status_code == 403
    assert client.post("/console/push/pauses").status_code == 403
    client.post("/till/logout")
    log_in(client, ratna)
    assert client.post("/console/push/pauses").status_code == 303
    told_key = "while-paused"
    planner.record(
        planner.kinds.kind("test"),
        [Planned(sari.id, told_key, {}, clock.now() + timedelta(hours=8))],
    )
    outbox.commit()
    run_due()
    assert service.got == []
    assert client.post("/console/push/pauses/removals").status_code == 303
    with clock.at(clock.now() + timedelta(minutes=6)):
        run_due()
    assert len(service.to(browser)) == 1
    page = client.get("/console/push").text
    assert "Sidik kunci VAPID" in page
    assert 'data-kind="test"' in page


def test_the_owner_sends_a_message_to_those_who_agreed(
    push_app: Flask, client: FlaskClient, service: PushService, noon: object
) -> None:
    sari, tono, ratna = join("Sari"), join("Tono"), hire("ratna", "owner")
    members.set_consent(sari, "promo", True, "test")
    outbox.commit()
    hers, his = service.browser(), service.browser()
    subscribe(sari.id, hers)
    subscribe(tono.id, his)
    log_in(client, ratna)
    form = {"title": "Halo {nama}", "body": "Menu baru.", "path": "/rewards", "key": "abcd1234"}
    for _ in range(2):
        assert client.post("/console/push/campaigns", data=form).status_code == 303
    bad = {**form, "path": "https://evil.example/", "key": "abcd1235"}
    assert client.post("/console/push/campaigns", data=bad).status_code == 422
    run_due()
    (message,) = service.to(hers)
    said = hers.read(message)["notification"]
    assert said["title"] == "Halo Sari"
    assert said["navigate"].endswith("/rewards")
    assert service.to(his) == []
    assert inbox.unread(tono.id) == 1  # it stands in the inbox of everybody
    page = client.get("/console/push").text
    assert "Kabar promo: Halo {nama}" in page
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1
