"""How a browser offers its subscription, and what a member was told."""

from __future__ import annotations

import json
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.push import planner
from pwa.push.kinds import Planned
from pwa.push.models import Notice, Subscription
from tests.push.service import Browser

JSON = {"Accept": "application/json"}


def offer(client: FlaskClient, browser: Browser, **more: str) -> int:
    said = {
        "endpoint": browser.endpoint,
        "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
        **more,
    }
    answer = client.post(
        "/push/subscriptions", data=json.dumps(said), headers={**JSON, "User-Agent": CHROME}
    )
    return answer.status_code


CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"


def owners() -> list[tuple[str, int]]:
    rows = db.session.execute(select(Subscription.endpoint, Subscription.member_id)).all()
    return [tuple(row) for row in rows]


def told(member_id: int, key: str = "k1") -> int:
    """A notice in her inbox."""
    planned = Planned(member_id, key, {}, clock.now() + timedelta(hours=1))
    planner.record(planner.kinds.kind("test"), [planned])
    outbox.commit()
    return db.session.scalars(
        select(Notice.id).where(Notice.member_id == member_id, Notice.event_key == key)
    ).one()
