"""Tills in real processes, one of them killed in the middle, on both databases."""

from __future__ import annotations

import os
import random
import signal
import time
import warnings
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import clock, outbox
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.ledger.verify import differences
from pwa.rewards import service as rewards
from pwa.rewards.models import Voucher
from pwa.staff.models import Staff, StaffAct
from pwa.till import offline
from pwa.till.models import OfflineAct
from tests import people
from tests.racing import race
from tests.till.test_till import voucher_of

TIMES = 50
LONGEST_S = INSIDE_S = 0.25
BEFORE_COMMIT, WHENEVER = "before its commit", "whenever"


def use(voucher: str, staff_id: int, index: int, inside: int | None) -> str:
    """One tap at one till, as its view does it; a till that dies does so with the use unsaid."""
    staff = db.session.get_one(Staff, staff_id)
    try:
        rewards.use(voucher, staff, "tebet", f"use-{staff_id}-{index}")
        if inside is not None:
            os.write(inside, b".")
            time.sleep(INSIDE_S)  # the other till's taps come up behind this one
            os.kill(os.getpid(), signal.SIGKILL)
        outbox.commit()
    except LoyaltyError as refusal:
        outbox.rollback()
        return refusal.code
    return "won"


def till(app: Flask, tap: Callable[[int], str], tell: int) -> None:
    """A till's process: 25 taps at once, each told as soon as it is answered."""
    barrier = Barrier(TIMES // 2)

    def one(index: int) -> None:
        with app.app_context():
            barrier.wait()
            os.write(tell, f"{tap(index)}\n".encode())

    with ThreadPoolExecutor(TIMES // 2) as pool:
        list(pool.map(one, range(TIMES // 2)))


def fork(app: Flask, tap: Callable[[int], str]) -> tuple[int, int]:
    """Start a till: its process and where it tells."""
    into, out = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: other threads may be alive
        pid = os.fork()
    if pid:
        os.close(out)
        return pid, into
    try:
        till(app, tap, out)
    finally:
        os._exit(0)


def hear(into: int) -> list[str]:
    with os.fdopen(into, "rb") as rest:
        return rest.read().decode().split()


@pytest.mark.parametrize("moment", [BEFORE_COMMIT, WHENEVER])
@pytest.mark.parametrize("round_", range(3))
def test_fifty_uses_at_two_tills_of_which_one_is_killed_in_the_middle(
    app: Flask, moment: str, round_: int
) -> None:
    sari, staff = people.join(), [people.hire("budi").id, people.hire("ayu").id]
    code = voucher_of(sari.id)
    before = ledger.balance(sari.id).spendable
    db.session.remove()
    db.engine.dispose()  # a fork must not share a connection
    is_inside, inside = os.pipe()
    dies = inside if moment == BEFORE_COMMIT else None
    first, its_words = fork(app, lambda i: use(code, staff[0], i, dies))
    if moment == BEFORE_COMMIT:
        assert os.read(is_inside, 1) == b"."
    second, others_words = fork(app, lambda i: use(code, staff[1], i, None))
    if moment == WHENEVER:
        time.sleep(random.Random(round_).uniform(0, LONGEST_S))
        os.kill(first, signal.SIGKILL)
    told = [*hear(its_words), *hear(others_words)]
    status = {pid: os.waitpid(pid, 0)[1] for pid in (first, second)}
    os.close(is_inside)
    os.close(inside)
    assert status[second] == 0
    assert Counter(told)["won"] <= 1
    assert set(told) <= {"won", "already_used"}
    voucher = rewards.by_code(code)
    uses = select(func.count(StaffAct.id)).where(StaffAct.act == "voucher.used")
    # The till that lived has tapped 25 times: the voucher is used, by one of them, once.
    assert voucher.state == "used"
    assert db.session.scalar(uses) == 1
    if moment == BEFORE_COMMIT:
        assert os.WTERMSIG(status[first]) == signal.SIGKILL
        assert voucher.used_by == staff[1]
        assert Counter(told)["won"] == 1
    outbox.commit()
    assert list(differences()) == []
    assert ledger.balance(sari.id).spendable >= before  # and she paid nothing again


def test_a_till_that_dies_between_reserving_and_using_leaves_nothing_stuck(app: Flask) -> None:
    sari, budi, ayu = people.join(), people.hire("budi"), people.hire("ayu")
    code = voucher_of(sari.id)
    staff = [budi.id, ayu.id]
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid == 0:  # a till that holds the voucher, and is gone before anybody presses
        with app.app_context():
            rewards.reserve(code, db.session.get_one(Staff, staff[0]))
            outbox.commit()
            rewards.use(code, db.session.get_one(Staff, staff[0]), "tebet", "never-told")
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    other = db.session.get_one(Staff, staff[1])
    voucher = rewards.by_code(code)
    assert rewards.state_of(voucher) == "reserved"
    refusal = rewards.why_not(voucher, other.id)
    assert refusal is not None
    assert refusal.code == "voucher_held"
    assert voucher.reserved_until is not None
    with clock.at(voucher.reserved_until - timedelta(seconds=1)):
        assert rewards.why_not(voucher, other.id) is not None
    with clock.at(voucher.reserved_until):
        assert rewards.state_of(voucher) == "issued"
        assert rewards.use(code, other, "tebet", "after-it").state == "used"


def tell_one_use(index: int, facts: dict[str, Any]) -> str:
    """A till that comes back online, with one use of the same voucher; some tell it twice."""
    sender = db.session.get_one(Staff, facts["staff"][index % 2])
    told = offline.Told("voucher", f"offline-{index // 2}", facts["text"], facts["at"])
    act = offline.reconcile(told, sender, "tebet")
    result = act.result
    outbox.commit()
    return result


def test_fifty_offline_uses_told_at_once_and_the_first_alone_counts(app: Flask) -> None:
    sari, staff = people.join(), [people.hire("budi").id, people.hire("ayu").id]
    text = rewards.signed_text(rewards.by_code(voucher_of(sari.id)))
    facts = {"staff": staff, "text": text, "at": clock.now()}
    results = Counter(race(app, tell_one_use, TIMES, facts))
    db.session.rollback()
    assert results == {"done": 1, "double": TIMES - 1}
    assert db.session.scalar(select(func.count(OfflineAct.id))) == TIMES
    assert db.session.scalars(select(Voucher)).one().state == "used"


def tell_one_queue(index: int, facts: dict[str, Any]) -> str:
    """Two tabs of one till, sending the same queue at once."""
    sender = db.session.get_one(Staff, facts["staff"])
    at = facts["at"]
    told = offline.Told("purchase", f"queued-{index % 5}", facts["card"], at, 20_000)
    act = offline.reconcile(told, sender, "tebet")
    subject = act.subject
    outbox.commit()
    return subject


def test_a_queue_sent_from_many_tabs_at_once_is_recorded_once(app: Flask) -> None:
    sari, budi = people.join(), people.hire()
    facts = {"staff": budi.id, "card": sari.card_code, "at": clock.now()}
    before = ledger.balance(sari.id).spendable
    subjects = Counter(race(app, tell_one_queue, TIMES, facts))
    db.session.rollback()
    assert len(subjects) == 5
    assert set(subjects.values()) == {TIMES // 5}
    recorded = select(func.count(StaffAct.id)).where(StaffAct.act == "purchase.recorded")
    assert db.session.scalar(recorded) == 5
    assert ledger.balance(sari.id).spendable >= before + 5 * 20
    assert list(differences()) == []
