"""`setia worker`: only the worker."""

from __future__ import annotations

import click

from pwa.cli import _log
from pwa.cli._app import app_context
from pwa.cli._setup import check_revision
from pwa.cli._worker import work_until_stopped


@click.command()
def command() -> None:
    """Do in the background what is due: left-over events, expiry, notices. Ends on SIGTERM.

    Several may run: each piece of work is claimed in the database, and done once.

    \b
    Example:
      setia worker
    """
    _log.start()
    with app_context():
        check_revision()
        work_until_stopped()
