"""`setia tiers`: give a tier by hand, and take it back."""

from __future__ import annotations

import secrets
from datetime import datetime

import click

from pwa.cli._app import app_context, say, unit_of_work
from pwa.members import service as members


@click.group()
def command() -> None:
    """Tiers given by hand: with a last day and a reason, in the audit log.

    \b
    Examples:
      setia tiers grant 081234567890 kawan-setia --until 2027-06-30 --reason "Tamu pembukaan"
      setia tiers end 081234567890 --reason "Salah orang"
    """


@command.command()
@click.argument("card")
@click.argument("tier")
@click.option("--until", "until", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--reason", required=True, help="Why; it is kept in the audit log.")
def grant(card: str, tier: str, until: datetime, reason: str) -> None:
    """Let a member hold TIER until a day. CARD is a card's number, or a phone number.

    What she reaches by herself counts beside it; on its last day it ends.

    \b
    Example:
      setia tiers grant 4471903521 kawan-setia --until 2027-06-30 --reason "Tamu pembukaan"
    """
    from pwa.tiers import manual

    with app_context():
        member = members.by_card_or_phone(card)
        with unit_of_work():
            manual.grant(member.id, tier, until.date(), reason, None, secrets.token_hex(8))
    say(f"{card}: {tier} until {until:%Y-%m-%d}")


@command.command()
@click.argument("card")
@click.option("--reason", required=True, help="Why; it is kept in the audit log.")
def end(card: str, reason: str) -> None:
    """End today what was given by hand.

    \b
    Example:
      setia tiers end 4471903521 --reason "Salah orang"
    """
    from pwa.tiers import manual

    with app_context():
        member = members.by_card_or_phone(card)
        with unit_of_work():
            ended = manual.end(member.id, reason, None)
    say(f"{card}: {ended} ended" if ended else f"{card}: nothing was given by hand")
