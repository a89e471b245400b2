"""Telling somebody later: once, in the same transaction, and whatever the followers do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import clock, outbox
from pwa.db import db
from pwa.outbox import Event


@pytest.fixture
def heard() -> Iterator[list[str]]:
    kept = {kind: list(known) for kind, known in outbox._followers.items()}
    calls: list[str] = []
    outbox.follow("test.told", lambda event: calls.append(event.key))
    yield calls
    outbox._followers.clear()
    outbox._followers.update(kept)


def test_a_follower_hears_after_the_commit_and_once(empty_app: Flask, heard: list[str]) -> None:
    outbox.tell("test.told", 1)
    assert heard == []
    outbox.commit()
    outbox.tell("test.told", 1)  # the same thing did not happen twice
    outbox.commit()
    assert heard == ["test.told:1"]
    assert outbox.hand_out_due() == 0


def test_what_is_rolled_back_was_never_told(empty_app: Flask, heard: list[str]) -> None:
    outbox.tell("test.told", 1)
    outbox.rollback()
    outbox.commit()
    assert heard == []
    assert db.session.scalar(select(func.count(Event.id))) == 0


def test_a_crash_after_the_commit_is_made_good_by_the_worker(
    empty_app: Flask, heard: list[str]
) -> None:
    outbox.tell("test.told", 1)
    db.session.info.clear()  # as if the process had died right after its commit
    db.session.commit()
    assert outbox.hand_out_due() == 1
    assert heard == ["test.told:1"]


def test_a_follower_that_fails_is_tried_again_later_and_undoes_nothing(
    empty_app: Flask, heard: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    broken = [True]

    def fragile(event: Event) -> None:
        if broken[0]:
            raise RuntimeError("not today")
        heard.append("fragile")

    outbox.follow("test.fragile", fragile)
    outbox.tell("test.fragile", 1)
    outbox.commit()
    assert db.session.scalar(select(func.count(Event.id))) == 1
    assert "was not followed" in caplog.text
    broken[0] = False
    assert outbox.hand_out_due() == 0, "it waits before it tries again"
    with clock.at(clock.now() + timedelta(hours=2)):
        assert outbox.hand_out_due() == 1
    assert heard == ["fragile"]


def test_what_a_follower_tells_is_followed_too(empty_app: Flask, heard: list[str]) -> None:
    outbox.follow("test.first", lambda event: outbox.tell("test.told", "second"))
    outbox.tell("test.first", 1)
    outbox.commit()
    assert heard == ["test.told:second"]
