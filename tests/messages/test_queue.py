"""The queue of messages: once for a key, tried again, sealed, and gone when it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import clock, outbox
from pwa.db import db, only_reads
from pwa.messages import jobs, senders, service
from pwa.messages.message import Message
from pwa.messages.models import QueuedMessage
from pwa.messages.senders import Undelivered
from tests.conftest import NOON

CODE = Message("code", "+6281210000001", "", "id", "Kode", "123456 adalah kodemu.", "123456")
TEN_MINUTES = timedelta(minutes=10)


class Scripted:
    """A sender that does what the test says, message by message: None sends."""

    name = "scripted"

    def __init__(self, *answers: Undelivered | None) -> None:
        self.answers = list(answers)
        self.sent: list[Message] = []

    def reaches(self, message: Message) -> bool:
        return True

    def send(self, message: Message) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.sent.append(message)


@pytest.fixture
def sender(app: Flask) -> Iterator[Scripted]:
    before = app.extensions[senders.KEY]
    found = Scripted()
    app.extensions[senders.KEY] = [found]
    yield found
    app.extensions[senders.KEY] = before


def queue(key: str = "k1") -> None:
    assert service.queue(CODE, key=key, expires_at=clock.now() + TEN_MINUTES)
    outbox.commit()


def work() -> int:
    only_reads(False)
    done = jobs.send_due(clock.now(), 10)
    outbox.commit()
    return done


def row() -> QueuedMessage:
    db.session.expire_all()
    return db.session.scalars(select(QueuedMessage)).one()


def test_a_message_goes_out_once_for_its_key(sender: Scripted) -> None:
    queue()
    queue()
    assert work() == 1
    assert work() == 0
    assert sender.sent == [CODE]
    assert (row().state, row().sealed) == ("sent", "")


def test_what_fails_for_now_is_tried_again_later(sender: Scripted) -> None:
    sender.answers = [Undelivered("TimeoutError"), None]
    with clock.at(NOON):
        queue()
        assert work() == 1
        assert work() == 0  # not at once
        assert row().trouble == "TimeoutError"
    with clock.at(NOON + timedelta(seconds=30)):
        assert work() == 1
    assert row().state == "sent"


def test_what_can_not_arrive_is_given_up_and_forgotten(sender: Scripted) -> None:
    sender.answers = [Undelivered("WhatsApp answers 400", is_final=True)]
    queue()
    work()
    assert (row().state, row().sealed, row().trouble) == ("failed", "", "WhatsApp answers 400")


def test_a_code_is_not_sent_after_it_ended(sender: Scripted) -> None:
    with clock.at(NOON):
        queue()
    with clock.at(NOON + TEN_MINUTES):
        work()
    assert sender.sent == []
    assert (row().state, row().trouble) == ("failed", "expired")


def test_a_worker_that_died_costs_a_minute_and_no_message(sender: Scripted) -> None:
    with clock.at(NOON):
        queue()
        only_reads(False)
        assert jobs._lease(clock.now()) is not None  # and here the power fails
        db.session.rollback()
        assert work() == 0
    with clock.at(NOON + timedelta(seconds=61)):
        assert work() == 1
    assert sender.sent == [CODE]


def test_the_next_sender_takes_over(app: Flask, sender: Scripted) -> None:
    second = Scripted()
    sender.answers = [Undelivered("WhatsApp answers 500")]
    app.extensions[senders.KEY] = [sender, second]
    queue()
    work()
    assert second.sent == [CODE]


def test_four_workers_at_once_send_each_message_once(app: Flask, sender: Scripted) -> None:
    for n in range(12):
        queue(f"k{n}")

    def run(_: int) -> None:
        with app.app_context():
            work()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    work()
    assert len(sender.sent) == 12


def test_without_a_sender_nothing_is_queued(app: Flask, sender: Scripted) -> None:
    app.extensions[senders.KEY] = []
    assert not service.queue(CODE, key="k1", expires_at=clock.now() + TEN_MINUTES)
    assert db.session.scalar(select(func.count(QueuedMessage.id))) == 0


def test_a_weeks_old_messages_are_dropped(sender: Scripted) -> None:
    with clock.at(NOON):
        queue()
        work()
    with clock.at(NOON + timedelta(days=7, seconds=1)):
        assert jobs.forget_old(clock.now(), 10) == 1
