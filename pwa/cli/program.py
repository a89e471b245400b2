"""`setia program`: the program file in and out."""

from __future__ import annotations

from pathlib import Path

import click

from pwa.cli._app import app_context, say, sign, unit_of_work
from pwa.program import diff, export, files, service, shelves

COLOURS = {"+": "green", "-": "red", "~": "yellow"}
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """The program file: all of the program as one readable TOML file.

    \b
    Examples:
      setia program apply kopi-kawan.toml --dry-run
      setia program export > kopi-kawan.toml
    """


@command.command()
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def apply(file: Path, dry_run: bool) -> None:
    """Put the program in FILE into force. Applying it again changes nothing.

    \b
    Example:
      setia program apply kopi-kawan.toml --dry-run
    """
    with app_context():
        program = files.load(file)
        changes = diff.changes(shelves.in_force(), shelves.after_applying(program))
        for change in changes:
            say(f"{sign(change.mark, COLOURS[change.mark])} {change.words}")
        if not changes:
            say("Nothing to change: this program is already in force.")
        elif dry_run:
            service.check(program)
            say(f"{_count(changes)}. Nothing was changed: this was a dry run.")
        else:
            with unit_of_work():
                files.put_in_force(program, actor="cli")
            say(f"{_count(changes)}. {program.program.name} is in force.")


@command.command("export")
@click.argument("file", type=FILE, required=False)
def export_(file: Path | None) -> None:
    """Write the program in force, with stock as it is now, to FILE or to the screen.

    Applying the export again changes nothing. Comments of the original are not kept.

    \b
    Example:
      setia program export kopi-kawan-backup.toml
    """
    with app_context():
        program = shelves.in_force()
        if program is None:
            raise service.NoProgram()
        text = export.to_toml(program)
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
        say(f"wrote {file}")


@command.command("holidays")
@click.argument("year", type=click.IntRange(2024, 2100))
def holidays_(year: int) -> None:
    """Print a year's feasts as the program file writes them, to check and paste.

    Feasts of the moon are estimates until the government's decree.

    \b
    Example:
      setia program holidays 2028
    """
    from pwa.cli import _holidays

    click.echo(_holidays.as_toml(_holidays.of_year(year)), nl=False)


def _count(changes: list[diff.Change]) -> str:
    return "1 change" if len(changes) == 1 else f"{len(changes)} changes"
