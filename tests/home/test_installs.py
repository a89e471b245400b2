"""An installed app is counted once for each phone, and only for members."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import func, select

from pwa.db import db
from pwa.outbox import Event
from tests.people import join, log_in


def counted() -> int:
    return db.session.scalar(select(func.count()).where(Event.kind == "app.installed")) or 0


def test_a_phone_is_counted_once_and_a_second_phone_too(client: FlaskClient) -> None:
    log_in(client, join())
    for key in ("a", "a", "b"):
        assert client.post("/installs", data={"key": key}).status_code == 204
    assert counted() == 2


def test_nobody_is_not_counted(client: FlaskClient) -> None:
    assert client.post("/installs", data={"key": "a"}).status_code == 303
    assert counted() == 0
