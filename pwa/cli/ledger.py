"""`setia ledger`: check, export and close the books."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime

import click

from pwa import clock
from pwa.cli._app import app_context, say, sign, unit_of_work
from pwa.db import reading

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Check, export and close the points ledger.

    \b
    Example:
      setia ledger verify
    """


@command.command()
@click.option("--most", default=1_000, show_default=True, help="Stop after so many differences.")
def verify(most: int) -> None:
    """Recompute every balance and lot from the entries; exit 1 if anything differs.

    It reads one moment of a running program and holds up nobody.

    \b
    Example:
      setia ledger verify
    """
    from pwa.ledger.verify import differences

    count = 0
    with app_context():
        for line in differences():
            count += 1
            say(f"{sign('x', 'red')} {line}")
            if count >= most:
                say(f"... and perhaps more: stopped after {most} (--most)")
                break
    if count:
        sys.exit(1)
    say(f"{sign('ok', 'green')} every balance and lot is what the entries say")


@command.command()
def expire() -> None:
    """Expire what is past its date now, as the worker does every day.

    \b
    Example:
      setia ledger expire
    """
    from pwa.ledger.service import expire_due

    _run_to_the_end(expire_due, "expired")


@command.command()
def mature() -> None:
    """Make spendable what has waited its time now, as the worker does.

    \b
    Example:
      setia ledger mature
    """
    from pwa.ledger.service import mature_due

    _run_to_the_end(mature_due, "matured")


def _run_to_the_end(job: Callable[[datetime, int], int], word: str) -> None:
    total, done = 0, 1
    with app_context():
        while done:
            with unit_of_work():
                done = job(clock.now(), 500)
            total += done
    say(f"{word}: {total}")


@command.command()
@click.option("--since", type=DAY, help="First program day, like 2026-11-01.")
@click.option("--until", type=DAY, help="Last program day.")
@click.option("--rupiah", default=0, help="What --per-points are worth, in rupiah.")
@click.option("--per-points", default=1, type=click.IntRange(1))
@click.option(
    "--out", type=click.File("w", encoding="utf-8"), default="-", help="A file, not stdout."
)
def journal(
    since: datetime | None, until: datetime | None, rupiah: int, per_points: int, out: click.File
) -> None:
    """Write every entry as CSV, for a bookkeeper to import.

    \b
    Example:
      setia ledger journal --since 2026-11-01 --until 2026-11-30 --rupiah 10 --out nov.csv
    """
    from pwa.ledger.reports import write_journal

    with app_context(), reading():
        write_journal(out, rupiah, per_points, _day(since), _day(until))  # type: ignore[arg-type]


@command.command()
def totals() -> None:
    """The balance of each account of the program and of all members together: they sum to 0.

    \b
    Example:
      setia ledger totals
    """
    from pwa.ledger.reports import totals as read_totals

    with app_context(), reading():
        found = read_totals()
    for name, points in found.items():
        say(f"{name:24}{points:>16,}")
    say(f"{'together':24}{sum(found.values()):>16,}")


@command.command()
@click.option("--rupiah", default=1, show_default=True, help="What --per-points are worth.")
@click.option("--per-points", default=1, show_default=True, type=click.IntRange(1))
def liability(rupiah: int, per_points: int) -> None:
    """What the program owes, by the month that it expires in, with expected breakage.

    \b
    Example:
      setia ledger liability --rupiah 10
    """
    from pwa.ledger.reports import liability as read_liability

    with app_context(), reading():
        found = read_liability(rupiah, per_points)
    say(f"{'month':10}{'points':>16}{'rupiah':>16}{'breakage':>16}{'in rupiah':>16}")
    for owed in found:
        month = f"{owed.month:%Y-%m}" if owed.month else "never"
        amounts = (
            owed.points,
            owed.rupiah,
            owed.expected_breakage_points,
            owed.expected_breakage_rupiah,
        )
        say(f"{month:10}" + "".join(f"{amount:>16,}" for amount in amounts))


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
