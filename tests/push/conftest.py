"""A push service of our own on 127.0.0.1, browsers with real keys, and a member with one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from flask import Flask

from pwa import jobs, outbox
from pwa.db import only_reads
from pwa.push import subscriptions, vapid
from tests.push.service import Browser, PushService

T = TypeVar("T")


@pytest.fixture
def service() -> Iterator[PushService]:
    """A push service that takes everything, unless a test scripts other answers."""
    with PushService() as running:
        yield running


@pytest.fixture
def push_app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The demo shop, allowed to post to 127.0.0.1, with VAPID keys."""
    settings = replace(app.config["SETIA"], push_hosts=("127.0.0.1", "fcm.googleapis.com"))
    monkeypatch.setitem(app.config, "SETIA", settings)
    vapid.ensure(settings.var)
    return app


def subscribe(member_id: int, browser: Browser, session_id: str | None = None) -> int:
    """Bind `browser` to the member; the subscription's id."""
    outbox.rollback()  # whatever was only read so far
    only_reads(False)
    row = subscriptions.subscribe(
        member_id,
        subscriptions.Offered(
            browser.endpoint, browser.p256dh, browser.auth, session_id=session_id
        ),
    )
    commit()
    return row.id


def commit() -> None:
    """Commit, and go on writing: on SQLite a worker in another thread writes as well."""
    outbox.commit(then_writes=True)


def run_due() -> None:
    """All that is due now, as `setia tick` does it."""
    list(jobs.run_due())


def wait_for(found: Callable[[], T], most_s: float = 30) -> T:
    """Wait until `found()` is true, and return it."""
    deadline = time.monotonic() + most_s
    while not (result := found()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return result
