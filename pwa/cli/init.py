"""`setia init`: what a machine needs before the first start."""

from __future__ import annotations

import click

from pwa.cli._app import app_context, say
from pwa.cli._setup import prepare


@click.command()
def command() -> None:
    """Make the folder for data, secret and VAPID keys, and bring the database up to date.

    Run it before the first start and after every upgrade. What is there already stays.

    \b
    Example:
      SETIA_VAR=/srv/setia setia init
    """
    with app_context() as app:
        did = prepare(app.config["SETIA"])
    for line in did:
        say(line)
    if not did:
        say("Nothing to do: all is there already.")
