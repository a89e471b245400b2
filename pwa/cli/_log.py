"""Logs of the long-running commands: one line each, to standard error."""

from __future__ import annotations

import logging


def start() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for chatty in ("gunicorn.error", "alembic", "huey", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
