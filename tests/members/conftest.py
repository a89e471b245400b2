"""What members' tests share: a shop with a name of its own, and messages that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask, has_request_context
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pwa import clock, outbox
from pwa.db import is_reading, only_reads
from pwa.messages import jobs, senders
from pwa.messages.message import Message

ORIGIN = "https://kartu.example.id"


@dataclass
class Kept:
    """A sender that brings messages no further than the test."""

    name: str = "kept"
    phones: bool = True
    messages: list[Message] = field(default_factory=list)

    def reaches(self, message: Message) -> bool:
        return bool(self.phones and message.phone) or bool(message.email)

    def send(self, message: Message) -> None:
        self.messages.append(message)

    def arrived(self) -> list[Message]:
        """What has arrived by now, after the worker's round."""
        only_reads(False)
        jobs.send_due(clock.now(), 100)
        outbox.commit()
        return self.messages

    def code(self) -> str:
        """The code of the newest message."""
        return self.arrived()[-1].code


@pytest.fixture
def inbox(app: Flask) -> Iterator[Kept]:
    before = app.extensions[senders.KEY]
    kept = Kept()
    app.extensions[senders.KEY] = [kept]
    yield kept
    app.extensions[senders.KEY] = before


@pytest.fixture
def shop(app: Flask) -> Iterator[str]:
    """The shop at its own https address: its origin."""
    before = app.config["SETIA"]
    app.config["SETIA"] = replace(before, public_url=ORIGIN)
    yield ORIGIN
    app.config["SETIA"] = before


@pytest.fixture(autouse=True)
def nothing_is_written_where_only_reading_was_said() -> Iterator[None]:
    """On SQLite such a write is refused whenever another has written meanwhile, so now and then."""

    def check(_: Any, cursor: Any, statement: str, params: Any, context: Any, many: bool) -> None:
        writes = statement.startswith(("INSERT", "UPDATE", "DELETE"))
        assert not (has_request_context() and writes and is_reading()), statement

    event.listen(Engine, "before_cursor_execute", check)
    yield
    event.remove(Engine, "before_cursor_execute", check)
