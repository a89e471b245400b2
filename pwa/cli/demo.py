"""`setia demo`: something to look at."""

from __future__ import annotations

import click

from pwa.cli import _demo
from pwa.cli._app import app_context, say


@click.command()
def command() -> None:
    """Load the demo program, its people and some history. Repeating it changes nothing.

    \b
    Example:
      SETIA_VAR=/tmp/try setia demo
    """
    with app_context() as app:
        settings = app.config["SETIA"]
        refuse_in_production(settings.is_production)
        made = _demo.fill()
    say("The demo is loaded." if made else "The demo was loaded already; nothing changed.")
    show_logins(settings.public_url)


def refuse_in_production(is_production: bool) -> None:
    if is_production:
        raise click.UsageError("the demo's passwords are known to everybody: not in production")


def show_logins(url: str) -> None:
    """Print who can log in, and where."""
    for path, who, login, password in _demo.logins():
        say(f"  {who:<8} {url + path:<30} {login:<16} {password}")
