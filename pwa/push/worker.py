"""The long-running sender of `setia worker`: plans and delivers until it is told to stop.

Two threads. One plans: events, calendar, broadcasts. One delivers: while a batch is on the wire,
the results of the last one are written down and the next one is leased, in one transaction.
Memory is bounded by three batches, whatever the audience. Any number of workers may run; the
database is the truth, and a killed one loses its leases by the clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import OperationalError

from pwa import outbox
from pwa.clock import now
from pwa.db import db, only_reads, reading
from pwa.push import leases, planner, rounds, turns, vapid, wake
from pwa.push.parcels import Parcel
from pwa.push.sender import Sender
from pwa.push.verdict import Answer

log = logging.getLogger(__name__)
IDLE_S = 0.5
ERROR_S = 2.0
NICE = 10  # members' pages come first
PLAN_ROWS = 200
REST_MOST_S = 0.5

Done = tuple[Sequence[Parcel], Sequence[tuple[Parcel, Answer]]]
_running = threading.Event()


def is_running() -> bool:
    """Whether this process has a worker of its own: then its jobs need not send as well."""
    return _running.is_set()


class Worker:
    """Plans and delivers in threads of its own, from `start` to `stop`."""

    def __init__(self, app: Flask, lease: timedelta = leases.LEASE) -> None:
        self.app = app
        self.lease = lease
        self.name = rounds.worker_name()
        self.stopping = threading.Event()
        self._nudged = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due: asyncio.Event | None = None
        self._threads = [
            threading.Thread(target=self._plan, name="push planner", daemon=True),
            threading.Thread(target=self._deliver, name="push sender", daemon=True),
        ]
        self._wakes = wake.Listener(app, self.nudge)

    def start(self) -> None:
        _running.set()
        # What is there by now stays: looking through it again and again is a tenth of the time.
        gc.collect()
        gc.freeze()
        self._wakes.start()
        for thread in self._threads:
            thread.start()

    def stop(self, within_s: float = 20) -> None:
        """Finish what is on the wire, give back the rest."""
        self.stopping.set()
        self.nudge()
        for thread in self._threads:
            thread.join(within_s)
        self._wakes.stop()
        _running.clear()

    def nudge(self) -> None:
        """There may be something to do."""
        self._nudged.set()
        if self._loop is not None and self._due is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._due.set)

    # --- planning ---

    def _plan(self) -> None:
        _be_nice()
        while not self.stopping.is_set():
            with self._work() as did:
                did(self._plan_round())
            if did.count:
                self.nudge()
            else:
                self._nudged.wait(ERROR_S if did.failed else IDLE_S)
            self._nudged.clear()

    def _plan_round(self) -> int:
        total = 0
        steps: tuple[Callable[..., int], ...] = (
            planner.plan_events, planner.start_due, planner.fan_out,
        )  # fmt: skip
        for step in steps:
            with reading():
                todo = planner.PEEKS[step.__name__](now())
                db.session.rollback()
            if todo:
                total += self._step(step)
        return total

    def _step(self, step: Callable[..., int]) -> int:
        """One transaction of planning, and as long a rest after it: members write meanwhile."""
        began = time.monotonic()
        with turns.turn():
            only_reads(False)
            made = step(now(), PLAN_ROWS)
            outbox.commit()
        self.stopping.wait(min(REST_MOST_S, time.monotonic() - began))
        return made

    # --- delivering ---

    def _deliver(self) -> None:
        _be_nice()
        asyncio.run(self._deliver_until_stopped())

    async def _deliver_until_stopped(self) -> None:
        self._loop, self._due = asyncio.get_running_loop(), asyncio.Event()
        sender = Sender(self.app.config["SETIA"])
        batch: list[Parcel] = []
        done: Done | None = None
        with ThreadPoolExecutor(1, "push-db", initializer=_be_nice) as pool:
            while batch or done or not self.stopping.is_set():
                turn = self._loop.run_in_executor(pool, self._turn, done)
                answers = await sender.send(batch)
                found = await turn
                if found is None:  # the database is away; what was answered is still to be written
                    done = _joined(done, (batch, answers))
                    batch = []
                    await asyncio.sleep(ERROR_S)
                    continue
                done = (batch, answers) if batch else None
                batch, taken = found
                if not (batch or done or taken):
                    await self._rest()
        await sender.close()

    async def _rest(self) -> None:
        assert self._due is not None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._due.wait(), IDLE_S)
        self._due.clear()

    def _turn(self, done: Done | None) -> tuple[list[Parcel], int] | None:
        """Write down the last batch and lease the next. None: the database did not take it."""
        found: list[tuple[list[Parcel], int]] = []
        with self._work():
            found.append(self._settle_and_lease(done))
        return found[0] if found else None

    def _settle_and_lease(self, done: Done | None) -> tuple[list[Parcel], int]:
        if done is None:
            with reading():
                due = leases.any_due(now())
                db.session.rollback()
            if not due:
                return [], 0
        found: tuple[list[Parcel], int] = ([], 0)
        with turns.turn():
            only_reads(False)
            if done is not None:
                rounds.unload(self.name, *done)
            if not self.stopping.is_set():
                found = rounds.load(self.name, rounds.BATCH, self.lease)
            outbox.commit()
        return found

    @contextlib.contextmanager
    def _work(self) -> Iterator[_Did]:
        """A stretch of database work; a failure is logged and leaves nothing half done."""
        did = _Did()
        with self.app.app_context():
            try:
                yield did
            except OperationalError as error:
                did.failed = True
                log.warning("the database does not answer: %s", str(error.orig).splitlines()[0])
                outbox.rollback()
            except vapid.NoKeys as error:
                did.failed = True
                log.error("%s", error)
                outbox.rollback()
            except Exception:
                did.failed = True
                log.exception("a round of push failed")
                outbox.rollback()
            finally:
                db.session.remove()


class _Did:
    """How much a stretch of work did."""

    count = 0
    failed = False

    def __call__(self, count: int) -> None:
        self.count = count


def _joined(one: Done | None, other: Done) -> Done:
    if one is None:
        return other
    return ([*one[0], *other[0]], [*one[1], *other[1]])


def _be_nice() -> None:
    """Linux has priorities by thread; elsewhere this is left out."""
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
