"""`setia doctor`: is everything as it should be, and how to mend what is not."""

from __future__ import annotations

import sys

import click

from pwa.cli import _checks
from pwa.cli._app import say, sign


@click.command()
def command() -> None:
    """Check settings, folder, database, keys, clock and disk, and say how to mend each.

    Exit code 1 when something is bad.

    \b
    Example:
      setia doctor
    """
    found = list(_checks.run())
    for check in found:
        mark = sign("ok ", "green") if check.ok else sign("bad", "red")
        say(f"{mark}  {check.name:<12} {check.words}")
        if not check.ok:
            say(f"     mend it: {check.mend}")
    sys.exit(0 if all(check.ok for check in found) else 1)
