"""What the worker does when it is due. A feature offers jobs in pwa/<feature>/jobs.py:

    JOBS = {"expire points": expire_due}

A job is called with the instant and a limit, does at most so many things that are due, does
not commit, and says how many it did. It is called again, each time in a transaction of its
own, until it did none.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache

from pwa import clock, outbox
from pwa.db import only_reads

Job = Callable[[datetime, int], int]
BATCH = 200
ROUNDS_MOST = 10_000  # a job that always finds more is a bug, not a reason to hang
log = logging.getLogger(__name__)


@cache
def all_jobs() -> Mapping[str, Job]:
    """Every feature's jobs by name, in the order of the features."""
    from pwa import features

    found: dict[str, Job] = {}
    for feature in features():
        full = f"pwa.{feature}.jobs"
        if importlib.util.find_spec(full):
            found.update(importlib.import_module(full).JOBS)
    return found


def run_due() -> Iterator[tuple[str, int]]:
    """Do all that is due now(): the name of each job that did something, and how much it did.

    A job that fails is logged and rolled back; the others still run.
    """
    only_reads(False)
    if done := outbox.hand_out_due():
        yield "outbox", done
    for name, job in all_jobs().items():
        if done := _until_none(name, job):
            yield name, done


def _until_none(name: str, job: Job) -> int:
    total = 0
    for _ in range(ROUNDS_MOST):
        only_reads(False)
        try:
            done = job(clock.now(), BATCH)
            outbox.commit()
        except Exception:
            log.exception("job %r failed", name)
            outbox.rollback()
            return total
        total += done
        if not done:
            return total
    raise AssertionError(f"job {name!r} never finishes")
