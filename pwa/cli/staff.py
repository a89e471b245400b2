"""`setia staff`: accounts of those who work for the shop."""

from __future__ import annotations

import click

from pwa.cli._app import app_context, say, unit_of_work
from pwa.staff import service

PASSWORD_LEAST_CHARS = 8


@click.group()
def command() -> None:
    """Staff accounts: cashiers, managers and owners.

    \b
    Example:
      setia staff add budi --name Budi --role cashier --outlet tebet
    """


@command.command()
@click.argument("login")
@click.option("--name", required=True, help="As the shop's people call them.")
@click.option("--role", type=click.Choice(service.ROLES), default="cashier", show_default=True)
@click.option("--outlet", help="Code of the outlet where this person usually works.")
@click.password_option(help="Asked for when it is not given.")
def add(login: str, name: str, role: str, outlet: str | None, password: str) -> None:
    """Add a staff account that logs in at /till.

    \b
    Example:
      setia staff add budi --name Budi --role cashier --outlet tebet
    """
    if len(password) < PASSWORD_LEAST_CHARS:
        raise click.UsageError(f"the password needs at least {PASSWORD_LEAST_CHARS} characters")
    with app_context():
        _check_outlet(outlet)
        with unit_of_work():
            service.add(login, name, role, password, outlet)
    say(f"{login.strip().lower()} can log in at /till as {role}.")


def _check_outlet(code: str | None) -> None:
    from pwa.program import service as program

    if code and program.current().outlet(code) is None:
        known = ", ".join(outlet.code for outlet in program.current().outlets)
        raise click.UsageError(f"there is no outlet {code!r}; the program has {known}")
