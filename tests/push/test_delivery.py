"""A notice from its making to a browser, through a push service that really decrypts."""

from __future__ import annotations

from datetime import timedelta

import jwt
from flask import Flask
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.push import planner, vapid
from pwa.push.kinds import Planned
from pwa.push.models import Delivery
from tests.people import join
from tests.push.conftest import run_due, subscribe
from tests.push.service import PushService


def test_a_test_push_reaches_one_browser_in_words(push_app: Flask, service: PushService) -> None:
    sari = join("Sari")
    phone, laptop = service.browser(), service.browser()
    phone_id = subscribe(sari.id, phone)
    subscribe(sari.id, laptop)
    planner.tell_one(
        "test", Planned(sari.id, "t1", {}, clock.now() + timedelta(minutes=5)), phone_id
    )
    outbox.commit()
    run_due()
    (message,) = service.to(phone)
    assert service.to(laptop) == []
    said = phone.read(message)
    assert said["web_push"] == 8030
    assert said["notification"]["title"] == "Kabar sampai di sini"
    assert "Sari" in said["notification"]["body"]
    assert said["notification"]["navigate"] == "http://127.0.0.1:8000/inbox"
    assert said["notification"]["lang"] == "id"
    assert said["app_badge"] == int(said["notification"]["app_badge"]) >= 1
    assert message.headers["content-encoding"] == "aes128gcm"
    assert message.headers["urgency"] == "high"
    assert message.headers["topic"] == said["notification"]["tag"] == "test"
    assert 0 < int(message.headers["ttl"]) <= 300
    scheme, _, rest = message.headers["authorization"].partition(" ")
    token = rest.split("t=")[1].split(",")[0]
    key = vapid.current(push_app.config["SETIA"])
    claims = jwt.decode(token, key.private.public_key(), ["ES256"], audience=service.url)
    assert scheme == "vapid"
    assert claims["sub"].startswith("mailto:")
    assert db.session.scalar(select(Delivery.state)) == "accepted"
