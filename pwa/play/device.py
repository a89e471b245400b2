"""A random mark of one browser, to count plays by device. It names nobody and is ours alone."""

from __future__ import annotations

import secrets

from flask import current_app, request
from werkzeug.wrappers import Response

COOKIE = "setia_device"
CHARS = 22
YEAR_S = 365 * 24 * 3600


def mark() -> str:
    """This browser's mark; "" on its first play, before `remember` gave it one."""
    found = request.cookies.get(COOKIE, "")
    return found if len(found) == CHARS and found.isascii() else ""


def remember(response: Response) -> Response:
    """Give a browser without a mark one, for the next time."""
    if not mark():
        response.set_cookie(
            COOKIE,
            secrets.token_urlsafe(16),
            max_age=YEAR_S,
            httponly=True,
            samesite="Lax",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        )
    return response
