"""Processes that post for random members for a while, ours and by hand in turns."""

from __future__ import annotations

import os
import pickle
import random
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask

from benchmarks import ledger_bare
from pwa import outbox
from pwa.db import db, only_reads, reading
from pwa.ledger import service as ledger

WARM_UP_S = 1.0
Act = Callable[[int, int, str], None]


@dataclass
class Timings:
    """Seconds that each posting took, its commit included."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def add(self, more: Timings) -> None:
        self.ours += more.ours
        self.bare += more.bare


def setia() -> tuple[Act, Act]:
    """(earn, burn) as a view does them."""

    def earn(member: int, points: int, key: str) -> None:
        only_reads(False)
        ledger.earn(
            member, points, key=key, source="purchase", reason="purchase",
            refers_to=f"purchase:{key}", facts=ledger_bare.FACTS,
        )  # fmt: skip
        outbox.commit()

    def burn(member: int, points: int, key: str) -> None:
        only_reads(False)
        ledger.burn(
            member, points, key=key, reason="redemption",
            refers_to=f"purchase:{key}", facts=ledger_bare.FACTS,
        )  # fmt: skip
        outbox.commit()

    return earn, burn


def by_hand(app: Flask) -> tuple[Act, Act]:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.startswith("sqlite"):
        return ledger_bare.on_sqlite(url.removeprefix("sqlite:///"))
    return ledger_bare.on_postgresql(url)


def run(app: Flask, writers: int, members: int, slice_s: float) -> Timings:
    """All writers post our way for `slice_s`, then by hand for as long."""
    begin = time.monotonic() + WARM_UP_S + 0.5 + 0.2 * writers
    children = [_fork(app, number, begin, members, slice_s) for number in range(writers)]
    found = Timings()
    for pid, into in children:
        with os.fdopen(into, "rb") as pipe:
            found.add(pickle.load(pipe))
        os.waitpid(pid, 0)
    return found


def _fork(app: Flask, number: int, begin: float, members: int, slice_s: float) -> tuple[int, int]:
    into, out = os.pipe()
    pid = os.fork()
    if pid:
        os.close(out)
        return pid, into
    try:
        with app.app_context():
            timings = _write(app, number, begin, members, slice_s)
        with os.fdopen(out, "wb") as pipe:
            pickle.dump(timings, pipe)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)  # a child never runs the parent's clean-up


def _write(app: Flask, number: int, begin: float, members: int, slice_s: float) -> Timings:
    dice = random.Random(f"{number} {begin}")
    ways = (setia(), by_hand(app))
    for way in ways:
        _post_until(time.monotonic() + WARM_UP_S / 2, way, dice, members)
    found = Timings()
    time.sleep(max(0.0, begin - time.monotonic()))
    end = begin
    for way, timings in zip(ways, (found.ours, found.bare), strict=True):
        end += slice_s
        timings += _post_until(end, way, dice, members)
    return found


def _post_until(end: float, way: tuple[Act, Act], dice: random.Random, members: int) -> list[float]:
    earn, burn = way
    timings = []
    start = time.monotonic()
    while start < end:
        member, points = dice.randint(1, members), dice.randint(5, 15)
        act = earn if dice.random() < 0.6 else burn
        key = f"bench:{dice.getrandbits(64):016x}"
        act(member, points, key)
        now = time.monotonic()
        timings.append(now - start)
        start = now
    return timings


def time_reads(app: Flask, members: int, count: int) -> dict[str, list[float]]:
    """Seconds for a balance and for a first statement page, of `count` random members each."""
    dice = random.Random(7)
    found: dict[str, list[float]] = {"balance": [], "statement": []}
    with app.app_context(), reading():
        for _ in range(count + 50):
            for name, read in (("balance", ledger.balance), ("statement", ledger.statement)):
                member = dice.randint(1, members)
                start = time.monotonic()
                read(member)
                db.session.rollback()
                found[name].append(time.monotonic() - start)
    return {name: timings[50:] for name, timings in found.items()}
