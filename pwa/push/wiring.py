"""What push hangs into the application: the bell's number, and unbinding at log-out."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, session
from flask_login import user_logged_out

from pwa import outbox, sessions
from pwa.push import inbox, subscriptions


def init(app: Flask) -> None:
    app.jinja_env.globals.update(unread_notices=unread_notices)
    user_logged_out.connect(unbind, app)


def unread_notices() -> int:
    """For a bell on any member's page; one statement, once a request."""
    found = sessions.member()
    if found is None:
        return 0
    if "unread_notices" not in g:
        g.unread_notices = inbox.unread(found.id)
    return int(g.unread_notices)


def unbind(sender: object, **_: Any) -> None:
    """Whoever logs out here must not be told here any more, script or no script."""
    if sid := session.get("sid"):
        subscriptions.unbind_session(sid)
        outbox.commit(then_writes=True)  # the view that logs out has its own to do
