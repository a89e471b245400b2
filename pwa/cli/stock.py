"""`setia stock`: how many pieces lie where."""

from __future__ import annotations

import click

from pwa.cli._app import app_context, say, unit_of_work


@click.group()
def command() -> None:
    """Stock by product and outlet.

    \b
    Example:
      setia stock set CROISSANT 12 --outlet tebet
    """


@command.command("set")
@click.argument("sku")
@click.argument("pieces", type=click.IntRange(min=0))
@click.option("--outlet", required=True, help="Code of the outlet.")
def set_(sku: str, pieces: int, outlet: str) -> None:
    """Put PIECES of SKU on the shelf of an outlet; who waits for it is told.

    \b
    Example:
      setia stock set CROISSANT 12 --outlet tebet
    """
    from pwa.program import service as program
    from pwa.shop import stock

    with app_context():
        known = program.current()
        if known.product(sku) is None:
            raise click.UsageError(f"there is no product {sku!r}")
        if known.outlet(outlet) is None:
            codes = ", ".join(one.code for one in known.outlets)
            raise click.UsageError(f"there is no outlet {outlet!r}; the program has {codes}")
        with unit_of_work():
            before = stock.pieces_of(sku).get(outlet, 0)
            stock.set_pieces(sku, outlet, pieces)
    say(f"{sku} at {outlet}: {before} -> {pieces}")
