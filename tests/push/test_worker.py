"""The long-running worker: it plans, delivers, rests, wakes and stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import clock
from pwa.db import db
from pwa.push import campaign_notices, planner, reminders
from pwa.push.kinds import Planned
from pwa.push.models import Delivery, Preference
from pwa.push.worker import Worker
from pwa.shop import stock
from tests.people import join
from tests.push.conftest import commit, subscribe, wait_for
from tests.push.service import PushService


@pytest.fixture
def worker(push_app: Flask) -> Iterator[Worker]:
    running = Worker(push_app)
    running.start()
    yield running
    running.stop()


def test_a_notice_leaves_within_a_second_and_once(
    worker: Worker, push_app: Flask, service: PushService
) -> None:
    sari = join("Sari")
    commit()
    browser = service.browser()
    subscription = subscribe(sari.id, browser)
    took = []
    for n in range(4):  # the quickest counts: this machine may be busy with another test
        began = time.monotonic()
        planned = Planned(sari.id, f"t{n}", {}, clock.now() + timedelta(hours=1))
        planner.tell_one("test", planned, subscription)
        commit()
        wait_for(lambda n=n: len(service.to(browser)) > n)
        took.append(time.monotonic() - began)
        wait_for(lambda: _states() == {"accepted"})
    assert min(took) < 1
    time.sleep(0.7)
    assert len(service.to(browser)) == 4


def _states() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Delivery.state)))


def test_an_event_is_planned_and_delivered_by_the_worker(
    worker: Worker, push_app: Flask, service: PushService
) -> None:
    sari = join("Sari")
    commit()
    db.session.add(Preference(member_id=sari.id, muted=[], day_cap=1, week_cap=1, digest=False))
    commit()
    browser = service.browser()
    subscribe(sari.id, browser)
    stock.set_pieces("CROISSANT", "tebet", 0)
    reminders.ask(sari.id, "CROISSANT")
    commit()
    stock.set_pieces("CROISSANT", "tebet", 4)
    commit()
    (message,) = wait_for(lambda: service.to(browser))
    assert "sudah ada lagi" in browser.read(message)["notification"]["title"]


def test_two_workers_send_each_message_once(push_app: Flask, service: PushService) -> None:
    browsers = []
    sari = join("Sari")
    commit()
    for _ in range(8):
        browsers.append(service.browser())
        subscribe(sari.id, browsers[-1])
    for n in range(25):
        planned = Planned(sari.id, f"t{n}", {}, clock.now() + timedelta(hours=1))
        planner.record(planner.kinds.kind("test"), [planned])
    commit()
    workers = [Worker(push_app), Worker(push_app)]
    for number, one in enumerate(workers):
        one.name = f"worker {number}"
        one.start()
    try:
        wait_for(lambda: len(service.got) >= 200)
        time.sleep(0.3)
    finally:
        for one in workers:
            one.stop()
    assert len(service.got) == 200
    db.session.rollback()
    assert set(db.session.scalars(select(Delivery.state))) == {"accepted"}


def test_stopping_finishes_what_is_on_the_wire(push_app: Flask, service: PushService) -> None:
    sari = join("Sari")
    commit()
    subscribe(sari.id, service.browser())
    for n in range(30):
        planned = Planned(sari.id, f"t{n}", {}, clock.now() + timedelta(hours=1))
        planner.record(planner.kinds.kind("test"), [planned])
    commit()
    running = Worker(push_app)
    running.start()
    wait_for(lambda: service.got)
    running.stop()
    db.session.rollback()
    states = list(db.session.scalars(select(Delivery.state)))
    assert states.count("accepted") == len(service.got)
    assert "sending" not in states


def test_a_wake_from_the_web_process_reaches_the_worker(worker: Worker, push_app: Flask) -> None:
    from pwa.push import wake

    woken = threading.Event()
    worker._nudged.clear()
    listener_calls: list[float] = []
    wake._woken.add(lambda: (woken.set(), listener_calls.append(time.monotonic()))[0])
    wake._last = 0.0
    wake.nudge()
    assert woken.wait(3)


def test_a_campaign_is_fanned_out_behind_a_cursor(
    worker: Worker, push_app: Flask, service: PushService
) -> None:
    from pwa.members import service as members

    with clock.at(clock.now()):
        sari = join("Sari")
        commit()
        db.session.add(Preference(member_id=sari.id, muted=[], day_cap=1, week_cap=1, digest=False))
        members.set_consent(sari, "promo", True, "test")
        commit()
    browser = service.browser()
    subscribe(sari.id, browser)
    campaign_notices.send(campaign_notices.Message("Menu baru", "Coba hari ini."), "abcd1234")
    commit()
    (message,) = wait_for(lambda: service.to(browser))
    assert message.headers["urgency"] == "low"
    assert message.headers["topic"] == "promo"
