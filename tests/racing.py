"""Real processes at once against one database: the only proof that a guard guards.

    results = race(app, redeem_last, 50, {"reward": "tote"})

Each call runs in a thread of one of PROCESSES forks, each with database connections of its own.
"""

from __future__ import annotations

import json
import os
import traceback
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from pwa.db import db

PROCESSES = 2
Act = Callable[[int, dict[str, Any]], str]


def race(app: Flask, act: Act, times: int, facts: dict[str, Any]) -> list[str]:
    """What `act(i, facts)` returned for each i below `times`, all begun at once."""
    db.session.remove()
    db.engine.dispose()  # a fork must not share a connection
    gate, opener = os.pipe()
    runs = [_fork(app, act, times // PROCESSES, number, facts, gate, opener) for number in (0, 1)]
    os.close(gate)
    os.close(opener)  # all forks read the end of it at once
    results = [result for run in runs for result in _wait(run)]
    assert len(results) == times, results
    return results


def _fork(
    app: Flask, act: Act, threads: int, number: int, facts: dict[str, Any], gate: int, opener: int
) -> tuple[int, int]:
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: other threads may be alive
        pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    status = 1
    try:
        os.close(opener)
        results = _run(app, act, threads, number, facts, gate)
        os.write(writing, json.dumps(results).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)  # without pytest's own ending


def _run(
    app: Flask, act: Act, threads: int, number: int, facts: dict[str, Any], gate: int
) -> list[str]:
    barrier = Barrier(threads)

    def one(index: int) -> str:
        with app.app_context():
            barrier.wait()
            return act(number * threads + index, facts)

    os.read(gate, 1)
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


def _wait(run: tuple[int, int]) -> list[str]:
    pid, reading = run
    with os.fdopen(reading) as file:
        said = file.read()
    _, status = os.waitpid(pid, 0)
    assert status == 0, said
    found: list[str] = json.loads(said)
    return found
