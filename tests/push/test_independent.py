"""npm web-push-testing: a push service by somebody else, which checks VAPID and decrypts."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import outbox
from pwa.db import db
from pwa.push import preferences, vapid
from pwa.push.models import Delivery, Subscription
from tests.browser.npm import packages
from tests.browser.shop import free_port
from tests.people import join
from tests.push.conftest import run_due, subscribe, wait_for
from tests.push.service import Browser

FOLDER = Path(__file__).parent / "node"
SCRIPT = """
const Server = require("web-push-testing/src/server.js");
const { PushApiModel } = require("web-push-testing/src/PushApiModel.js");
new Server(new PushApiModel(), Number(process.argv[1])).startServer();
"""


class Independent:
    """The service, running."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"

    def ask(self, path: str, **said: str) -> Any:
        request = urllib.request.Request(
            self.url + path, json.dumps(said).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read().decode()
        return json.loads(text)["data"] if text.startswith("{") else None

    def is_up(self) -> bool:
        try:
            self.ask("/status")
        except urllib.error.URLError:
            return False
        return True

    def messages(self, client_hash: str) -> list[dict[str, Any]]:
        found = self.ask("/get-notifications", clientHash=client_hash)["messages"]
        return [json.loads(text) for text in found]


@pytest.fixture(scope="module")
def independent() -> Iterator[Independent]:
    packages(FOLDER)
    port = free_port()
    command = ["node", "-e", SCRIPT, str(port)]
    process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.DEVNULL)
    found = Independent(port)
    try:
        wait_for(found.is_up)
        yield found
    finally:
        process.terminate()
        process.wait(10)


def test_it_accepts_checks_and_decrypts_ours(push_app: Flask, independent: Independent) -> None:
    public = vapid.public_key(push_app.config["SETIA"])
    given = independent.ask("/subscribe", userVisibleOnly="true", applicationServerKey=public)
    sari = join("Sari")
    _subscribe(sari.id, given)
    outbox.tell("security.password_changed", "s1", sari.id)
    outbox.commit()
    run_due()
    (said,) = independent.messages(given["clientHash"])
    assert said["web_push"] == 8030
    assert said["notification"]["title"] == "Kata sandimu diganti"
    assert "Sari" in said["notification"]["body"]


def test_it_refuses_another_key_and_tells_of_an_expired_subscription(
    push_app: Flask, independent: Independent
) -> None:
    settings = push_app.config["SETIA"]
    other = vapid.public_key(settings)
    vapid.rotate(settings)
    given = independent.ask("/subscribe", userVisibleOnly="true", applicationServerKey=other)
    sari = join("Sari")
    _subscribe(sari.id, given)
    outbox.tell("security.password_changed", "s1", sari.id)
    outbox.commit()
    run_due()
    assert db.session.scalar(select(Delivery.reason)) == "400"  # signed with the new key
    assert independent.messages(given["clientHash"]) == []
    db.session.scalars(select(Subscription)).one().key_id = vapid.key_id(other)
    preferences.unmute(sari.id, [])
    outbox.tell("security.password_changed", "s2", sari.id)
    outbox.commit()
    run_due()
    assert len(independent.messages(given["clientHash"])) == 1  # the old key still signs
    independent.ask(f"/expire-subscription/{given['clientHash']}")
    outbox.tell("security.password_changed", "s3", sari.id)
    outbox.commit()
    run_due()
    assert db.session.scalars(select(Subscription)).all() == []


def _subscribe(member_id: int, given: dict[str, Any]) -> None:
    class Theirs(Browser):
        p256dh = given["keys"]["p256dh"]
        auth = given["keys"]["auth"]

    subscribe(member_id, Theirs(given["endpoint"].replace("localhost", "127.0.0.1")))
