"""`setia tick`: once, all that is due."""

from __future__ import annotations

from datetime import datetime

import click

from pwa import clock, jobs
from pwa.cli._app import app_context, say


def _instant(given: str | None) -> datetime:
    if given is None:
        return clock.now()
    try:
        instant = datetime.fromisoformat(given)
    except ValueError as error:
        raise click.UsageError("--now must be ISO 8601, like 2026-12-12T00:00:00+07:00") from error
    # Without an offset, the program's own time is meant.
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.program_zone())


@click.command()
@click.option("--now", "given", metavar="ISO", help="As of this time, instead of the present.")
def command(given: str | None) -> None:
    """Do once all that is due: left-over events, points that mature or expire, notices.

    The worker does this by itself; this is for catching up after downtime, and for trying out
    what a coming day will do.

    \b
    Examples:
      setia tick
      setia tick --now 2026-12-12T00:00:00+07:00
    """
    with app_context():
        instant = _instant(given)
        with clock.at(instant):
            did = list(jobs.run_due())
        say(f"As of {instant.astimezone(clock.program_zone()):%Y-%m-%d %H:%M:%S %Z}:")
        for name, count in did:
            say(f"  {name}: {count}")
        if not did:
            say("  nothing was due")
