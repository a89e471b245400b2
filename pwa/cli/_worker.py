"""The worker's loop: what is due is done, then a short rest."""

from __future__ import annotations

import logging
import signal
import threading

from flask import current_app
from sqlalchemy.exc import OperationalError

from pwa import jobs, outbox
from pwa.db import db
from pwa.push.worker import Worker

log = logging.getLogger(__name__)
POLL_S = 1.0
IDLE_MOST_S = 5.0
DOWN_MOST_S = 60.0


def work_until_stopped() -> None:
    """Do what is due, about once a second, until SIGTERM or SIGINT; finishes what it is at."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    push = Worker(current_app._get_current_object())  # type: ignore[attr-defined]
    push.start()
    wait_s = POLL_S
    while not stop.is_set():
        wait_s = _next_wait(wait_s)
        stop.wait(wait_s)
    push.stop()


def _next_wait(before_s: float) -> float:
    try:
        did = list(jobs.run_due())
    except OperationalError as error:
        # The database is away: say it once in a while, and come back later and later.
        log.warning("the database does not answer: %s", str(error.orig).splitlines()[0])
        outbox.rollback()
        return min(DOWN_MOST_S, before_s * 2)
    finally:
        db.session.remove()
    for name, count in did:
        log.info("%s: %d", name, count)
    return POLL_S if did else min(IDLE_MOST_S, before_s * 1.5)
