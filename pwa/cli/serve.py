"""`setia serve`: all of Setia on one machine."""

from __future__ import annotations

import logging
import sys

import click

from pwa.cli import _log
from pwa.cli._children import Child, Group
from pwa.cli._gunicorn import Server, check_port
from pwa.cli.web import THREADS

log = logging.getLogger(__name__)


@click.command()
@click.option("--demo", is_flag=True, help="First make what is missing, and load the demo.")
@click.option("--threads", default=THREADS, show_default=True, help="How many answer at once.")
def command(demo: bool, threads: int) -> None:
    """Serve the pages and do the work in the background, until SIGTERM or Ctrl-C.

    A part that dies is started again.

    \b
    Examples:
      setia serve --demo
      SETIA_PORT=8080 setia serve
    """
    from pwa.settings import read

    settings = read()
    check_port(settings)
    _log.start()
    sys.exit(_serve(demo, threads))


def _serve(demo: bool, threads: int) -> int:
    from pwa.cli._app import app_context
    from pwa.cli._setup import check_revision
    from pwa.cli._worker import work_until_stopped
    from pwa.cli.demo import refuse_in_production
    from pwa.db import db

    with app_context() as app:
        settings = app.config["SETIA"]
        if demo:
            refuse_in_production(settings.is_production)
            _prepare_demo()
        else:
            check_revision()
        # A connection must not be shared across a fork.
        db.session.remove()
        db.engine.dispose()
        click.echo(f"Setia serves on {settings.public_url}")
        server = Server(app, settings, processes=1, threads=threads)
        return Group([Child("web", server.run), Child("worker", work_until_stopped)]).run()


def _prepare_demo() -> None:
    from flask import current_app

    from pwa.cli import _demo
    from pwa.cli._setup import prepare
    from pwa.cli.demo import show_logins

    settings = current_app.config["SETIA"]
    prepare(settings)
    _demo.fill()
    show_logins(settings.public_url)
