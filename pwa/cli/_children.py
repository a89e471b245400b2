"""Processes of one group: started by fork, restarted when they die, stopped together."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)
GRACE_S = 25
WAIT_FIRST_S = 1.0
WAIT_MOST_S = 30.0
HEALTHY_AFTER_S = 60.0  # who ran so long starts with a short wait again
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    run: Callable[[], object]
    pid: int = 0
    started: float = 0.0
    start_at: float = 0.0
    wait_s: float = WAIT_FIRST_S


class Group:
    """Runs children until told to stop. Fork costs no second import of everything."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = False

    def run(self) -> int:
        """Supervise until SIGTERM or SIGINT; the exit code is 0 if all stopped by themselves."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            self._start_due()
            self._collect()
            time.sleep(0.2)
        return self._end()

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _start_due(self) -> None:
        for child in self.children:
            if not child.pid and time.monotonic() >= child.start_at:
                child.started = time.monotonic()
                child.pid = _fork(child.run)

    def _collect(self) -> None:
        for child in self.children:
            code = _ended(child)
            if code is None:
                continue
            if time.monotonic() - child.started > HEALTHY_AFTER_S:
                child.wait_s = WAIT_FIRST_S
            again = "%s ended with %s; starting it again in %.0f s"
            log.error(again, child.name, code, child.wait_s)
            child.start_at = time.monotonic() + child.wait_s
            child.wait_s = min(WAIT_MOST_S, child.wait_s * 2)

    def _end(self) -> int:
        """Ask all to stop, wait, and kill who does not."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        codes: list[int] = []
        while any(child.pid for child in self.children) and time.monotonic() < deadline:
            codes += [code for child in self.children if (code := _ended(child)) is not None]
            time.sleep(0.05)
        late = [child.name for child in self.children if child.pid]
        if late:
            log.error("killing %s: not stopped after %d s", ", ".join(late), GRACE_S)
            self._signal(signal.SIGKILL)
        return 1 if late or any(codes) else 0

    def _signal(self, number: int) -> None:
        for child in self.children:
            if child.pid:
                os.kill(child.pid, number)


def _ended(child: Child) -> int | None:
    """The exit code if the child has ended (negative: the signal that ended it)."""
    if not child.pid:
        return None
    pid, status = os.waitpid(child.pid, os.WNOHANG)
    if pid == 0:
        return None
    child.pid = 0
    return os.waitstatus_to_exitcode(status)


def _fork(run: Callable[[], object]) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _die_with_parent()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        code = 0
    except BaseException:
        log.exception("a child of setia serve failed")
    finally:
        os._exit(code)


def _die_with_parent() -> None:
    """On Linux: end when the supervisor is killed, rather than hold its port for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
