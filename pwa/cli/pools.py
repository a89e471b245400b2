"""`setia pools`: partners' codes, uploaded in lists."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from pwa.cli._app import app_context, say, unit_of_work


@click.group()
def command() -> None:
    """Pools of partners' codes, for rewards of kind partner-code.

    \b
    Examples:
      setia pools load bioskop kode.txt
      setia pools show
    """


@command.command()
@click.argument("pool")
@click.argument("file", type=click.File("r", encoding="utf-8"))
def load(pool: str, file: TextIO) -> None:
    """Add the codes of FILE, one a line, to POOL. A code that is there already is left alone.

    \b
    Example:
      setia pools load bioskop kode.txt
    """
    from pwa.rewards import pools
    from pwa.staff import service as staff_service

    codes = [line.strip() for line in file]
    with app_context():
        known = _pools()
        if pool not in known:
            there = ", ".join(sorted(known)) or "none"
            raise click.UsageError(f"no reward gives codes of {pool!r}; the program has {there}")
        with unit_of_work():
            added = pools.upload(pool, codes)
            after = {"file": Path(file.name).name, "added": added}
            staff_service.record(None, "pool.loaded", f"pool:{pool}", after=after)
            left = pools.left(pool)
    say(f"{pool}: {added} added, {left} left")


@command.command()
def show() -> None:
    """How many codes each pool of the program still has.

    \b
    Example:
      setia pools show
    """
    from pwa.rewards import pools

    with app_context():
        for pool in sorted(_pools()):
            say(f"{pool}: {pools.left(pool)} left")


def _pools() -> set[str]:
    """The pools that the program's rewards give codes of."""
    from pwa.program import service as program

    rewards = program.current().rewards
    return {str(r.settings["pool"]) for r in rewards if r.kind == "partner-code"}
