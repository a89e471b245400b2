"""`setia games`: what they would cost, and prizes that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from pwa.cli._app import app_context, say, unit_of_work

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Try out a program's games before they are switched on; decide on prizes that wait.

    \b
    Example:
      setia games simulate --program kopi-kawan.toml --days 30
    """


@command.command()
@click.option("--program", "file", type=FILE, required=True, help="A program file (TOML).")
@click.option("--members", default=10_000, show_default=True, type=click.IntRange(1))
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3660))
@click.option("--runs", default=1, show_default=True, type=click.IntRange(1, 1000))
@click.option("--seed", default=1, show_default=True, help="The same seed, the same report.")
@click.option("--point-rupiah", default=100, show_default=True, help="What a point costs you.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day; today.")
@click.option("--by-day", is_flag=True, help="The cost of each day, all games together.")
@click.option("--plot", type=click.Path(path_type=Path), help="Write a drawing (SVG) here.")
def simulate(
    file: Path,
    members: int,
    days: int,
    runs: int,
    seed: int,
    point_rupiah: int,
    first: datetime | None,
    by_day: bool,
    plot: Path | None,
) -> None:
    """Play a program's games with made-up members, by the very rules that members play.

    \b
    Example:
      setia games simulate --program pwa/programs/kopi-kawan.toml --members 1000 --days 30
    """
    from pwa.clock import now
    from pwa.play import simulation
    from pwa.program import files

    program = files.load(file)
    first_on = first.date() if first else now().date()
    report = simulation.run(
        program, members, days, first_on, seed=seed, runs=runs, point_rupiah=point_rupiah
    )
    for line in told(report, members, days, first_on):
        say(line)
    for line in told_by_day(report, first_on) if by_day else ():
        say(line)
    if plot:
        plot.write_text(simulation.svg(report))
        say(f"Drawn in {plot}")


def told(report: object, members: int, days: int, first_on: date) -> Iterator[str]:
    """The report, for a person."""
    from games.simulate import Report

    assert isinstance(report, Report)
    yield f"{members} members, {days} days from {first_on}. Cost of a day:"
    yield f"  {'game':<16}{'points':>12}{'95th pct':>12}{'rupiah':>16}{'95th pct':>16}"
    for name, found in report.by_game.items():
        mean, high = found.mean, found.p95
        yield (
            f"  {name:<16}{mean.points:>12,}{high.points:>12,}{mean.rupiah:>16,}{high.rupiah:>16,}"
        )
    whole = report.whole
    yield f"All {days} days: {whole.mean.points:,} points, Rp{whole.mean.rupiah:,}"
    yield f"  95th percentile over the runs: {whole.p95.points:,} points, Rp{whole.p95.rupiah:,}"
    for name, out_on in sorted(report.run_outs.items()):
        yield f"  {name} ran out on {len(out_on)} days, first on day {min(out_on) + 1}"
    for name, count in sorted(report.unpaid.items()):
        if count:
            yield f"  {name}: {count:,} plays fell to the consolation"
    for length, share in sorted(report.streak_shares.items()):
        yield f"  streak of {length} days or more at the end: {share / 100:.1f} % of members"


def told_by_day(report: object, first_on: date) -> Iterator[str]:
    """The cost of each day, for a person."""
    from games.simulate import Report

    assert isinstance(report, Report)
    yield f"  {'day':<16}{'points':>12}{'95th pct':>12}{'rupiah':>16}{'95th pct':>16}"
    for n, (mean, high) in enumerate(report.by_day):
        on = (first_on + timedelta(days=n)).isoformat()
        yield f"  {on:<16}{mean.points:>12,}{high.points:>12,}{mean.rupiah:>16,}{high.rupiah:>16,}"


@command.command()
def held() -> None:
    """List prizes that wait because a play looked odd.

    \b
    Example:
      setia games held
    """
    from pwa.play import held as prizes

    with app_context():
        found = prizes.waiting()
        for one in found:
            why = ", ".join(one.suspicions)
            say(f"{one.kind} {one.public_id}  member {one.member_id}  {one.points} points  {why}")
        if not found:
            say("no prize waits")


@command.command()
@click.argument("play")
def release(play: str) -> None:
    """Pay the prize of a PLAY that waits (its id from `setia games held`).

    \b
    Example:
      setia games release 7f3k9m2p4q6r
    """
    from pwa.play import held as prizes

    with app_context(), unit_of_work():
        prizes.release(play, None)
    say(f"{play} was paid")


@command.command()
@click.argument("play")
def refuse(play: str) -> None:
    """Refuse the prize of a PLAY that waits.

    \b
    Example:
      setia games refuse 7f3k9m2p4q6r
    """
    from pwa.play import held as prizes

    with app_context(), unit_of_work():
        prizes.refuse(play, None)
    say(f"{play} was refused")
