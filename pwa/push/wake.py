"""Waking workers: huey carries "look now" from the web process, and the minutes of the calendar.

It carries nothing else. What there is to do stands in our own database, so a lost or doubled
wake costs half a second at most. SqliteHuey on one machine, in a file of its own; RedisHuey on
many.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from pwa.settings import Settings

log = logging.getLogger(__name__)
NAME = "setia-push"
FILE = "huey.db"
GAP_S = 0.2  # wakes closer together than this are one
POLL_MOST_S = 0.5
_last = 0.0
_made: dict[tuple[int, str], tuple[Huey, Callable[[], Any]]] = {}


def nudge(*_: object) -> None:
    """Ask the workers to look now. Never fails: they look by themselves soon enough."""
    global _last
    if time.monotonic() - _last < GAP_S:
        return
    _last = time.monotonic()
    try:
        _for(current_app.config["SETIA"])[1]()
    except Exception:
        log.warning(
            "the workers could not be woken; they will find out by themselves", exc_info=True
        )


class Listener:
    """Calls `woken` for each wake, and once a minute."""

    def __init__(self, app: Flask, woken: Callable[[], None]) -> None:
        self.app, self.woken = app, woken
        self._consumer: Consumer | None = None

    def start(self) -> None:
        _woken.add(self.woken)
        try:
            found, _ = _for(self.app.config["SETIA"])
            self._consumer = _Quiet(
                found, workers=1, worker_type="thread", initial_delay=0.05, backoff=1.2,
                max_delay=POLL_MOST_S, check_worker_health=False,
            )  # fmt: skip
            self._consumer.start()
        except Exception:
            log.warning("huey does not start; the worker looks by itself", exc_info=True)
            self._consumer = None

    def stop(self) -> None:
        _woken.discard(self.woken)
        if self._consumer is not None:
            self._consumer.stop(graceful=False)


_woken: set[Callable[[], None]] = set()


class _Quiet(Consumer):
    """Signals are the worker's own business."""

    def _set_signal_handlers(self) -> None:
        return


def _for(settings: Settings) -> tuple[Huey, Callable[[], Any]]:
    """This process's huey (a connection must not cross a fork) and its one task."""
    key = (os.getpid(), settings.redis_url or str(settings.var))
    with _lock:
        if key not in _made:
            _made[key] = _make(settings)
        return _made[key]


_lock = threading.Lock()


def _make(settings: Settings) -> tuple[Huey, Callable[[], Any]]:
    # Pickle from a shared Redis would be an open door: only what we signed is read.
    options: dict[str, Any] = {
        "results": False,
        "serializer": SignedSerializer(secret=settings.secret_key, salt=NAME),
    }
    made = (
        RedisHuey(NAME, url=settings.redis_url, **options)
        if settings.redis_url
        else SqliteHuey(NAME, filename=str(settings.var / FILE), **options)
    )

    @made.task(name="wake")
    def wake() -> None:
        for woken in list(_woken):
            woken()

    @made.periodic_task(crontab(), name="minute")
    def minute() -> None:
        """Every worker has its own minute; calls are unique in our database."""
        for woken in list(_woken):
            woken()

    return made, wake
