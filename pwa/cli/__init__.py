"""`setia ...`: one module for each command or group, found by name. Each offers `command`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import Any

import click

REFUSED = 2


class Commands(click.Group):
    """The modules beside this one; one is imported only when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        names = (info.name for info in pkgutil.iter_modules(__path__))
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        found: click.Command = importlib.import_module(f"pwa.cli.{name}").command
        return found


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="setia")
def setia() -> None:
    """Setia: a membership program that a small shop hosts itself.

    Settings come from the environment, see docs/settings.md.

    \b
    Examples:
      setia serve --demo
      setia program apply kopi-kawan.toml --dry-run
      setia doctor
    """


def main(arguments: list[str] | None = None) -> None:
    """Run one command. What we expect to go wrong is one line and exit code 2."""
    try:
        setia.main(args=arguments, prog_name="setia", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as error:
        lines = _plain_words(error)
        if lines is None:
            raise
        for line in lines:
            click.echo(f"setia: {line}", err=True)
        sys.exit(REFUSED)


def _plain_words(error: Exception) -> list[str] | None:
    """What an expected failure says to an operator; None for a bug."""
    from sqlalchemy.exc import OperationalError

    from pwa.errors import LoyaltyError
    from pwa.program.files import BadFile
    from pwa.settings import SettingsError

    if isinstance(error, SettingsError):
        return [str(error)]
    if isinstance(error, BadFile):
        return [f"{error.path}: {problem}" for problem in error.problems]
    if isinstance(error, LoyaltyError):
        return [" ".join(part for part in (error.title, error.advice) if part)]
    if isinstance(error, OperationalError):
        return [_database_words(error.orig)]
    if isinstance(error, OSError):
        return [f"{error.filename}: {error.strerror}" if error.filename else str(error)]
    return None


def _database_words(error: Any) -> str:
    first = (str(error).strip().splitlines() or ["no answer"])[0]
    behind = any(words in first for words in ("no such table", "no column", "does not exist"))
    advice = "run: setia init" if behind else (
        "is it there, running, and may this account write to it? See SETIA_DATABASE_URL, SETIA_VAR"
    )  # fmt: skip
    return f"the database refuses: {first}; {advice}"
