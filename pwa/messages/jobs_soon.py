"""A thread that sends what is queued right after a commit. The worker's rounds do the rest."""

from __future__ import annotations

import logging
import threading

from flask import Flask, current_app

from pwa import outbox
from pwa.clock import now
from pwa.db import db
from pwa.messages.jobs import send_due

log = logging.getLogger(__name__)
_awake = threading.Lock()
SOON_MOST = 20


def send_soon() -> None:
    """Send what is queued in a thread of this process: nobody waits for a mail server.

    That nobody waits is also what keeps the answer as quick for a stranger's number as for a
    member's. Tests send by the job instead.
    """
    if current_app.testing:
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_send_now, args=(app,), daemon=True, name="messages").start()


def _send_now(app: Flask) -> None:
    # One at a time: the next call finds what this one left.
    with _awake, app.app_context():
        try:
            send_due(now(), SOON_MOST)
            outbox.commit()
        except Exception:
            log.exception("messages were not sent; the worker will try again")
            outbox.rollback()
        finally:
            db.session.remove()
