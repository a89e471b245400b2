"""Taking turns at writing, on SQLite, among the threads and processes that push.

SQLite has one writer at a time, and who waits for it sleeps and looks again, ever later: a
planner in full swing would starve the senders beside it, and members' own requests. So push's
writers queue on a file lock, which wakes the next one at once. PostgreSQL needs none of this.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager as Context
from contextlib import contextmanager, nullcontext
from pathlib import Path

from pwa.db import db
from pwa.push.subscriptions import settings

FILE = "push.lock"


def turn() -> Context[None]:
    """Hold from before the first statement to after the commit."""
    is_shared = db.engine.dialect.name == "sqlite"
    return _locked(settings().var / FILE) if is_shared else nullcontext()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    # Opened anew each time: a lock belongs to the open file, so threads queue like processes.
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
