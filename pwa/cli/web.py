"""`setia web`: only the web server."""

from __future__ import annotations

import click

from pwa.cli import _log
from pwa.cli._gunicorn import Server, check_port

THREADS = 8


@click.command()
@click.option("--processes", default=1, show_default=True, help="More need SETIA_REDIS_URL.")
@click.option("--threads", default=THREADS, show_default=True, help="In each process.")
def command(processes: int, threads: int) -> None:
    """Serve the pages, without the worker: for when each has a machine of its own.

    \b
    Example:
      SETIA_REDIS_URL=redis://127.0.0.1/0 setia web --processes 4
    """
    from pwa import create_app
    from pwa.cli._setup import check_revision
    from pwa.db import db
    from pwa.settings import read

    settings = read()
    if processes > 1 and not settings.redis_url:
        raise click.UsageError("several processes share rate limits only with SETIA_REDIS_URL")
    check_port(settings)
    _log.start()
    app = create_app(settings)
    with app.app_context():
        check_revision()
        db.engine.dispose()
    Server(app, settings, processes, threads).run()
