"""`setia members`: merge two accounts, export one, erase one, give a code."""

from __future__ import annotations

import json

import click

from pwa.cli._app import app_context, say, unit_of_work
from pwa.members import service
from pwa.members.models import Member


@click.group()
def command() -> None:
    """Members: merging, exporting, erasing. CARD is a card's number, or a phone number.

    \b
    Examples:
      setia members merge 4471903521 8812345609 --dry-run
      setia members export 081234567890 > sari.json
      setia members delete 4471903521
    """


@command.command()
@click.argument("kept", metavar="CARD1")
@click.argument("closed", metavar="CARD2")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def merge(kept: str, closed: str, dry_run: bool, yes: bool) -> None:
    """Move CARD2's points and vouchers to CARD1, and close CARD2's account.

    Both must be one person's. CARD2 keeps working at the till, as CARD1. Points that still
    wait follow when they mature. Running it again changes nothing.

    \b
    Example:
      setia members merge 4471903521 8812345609 --dry-run
    """
    from pwa.members import merging

    with app_context():
        first, second = service.by_card_or_phone(kept), service.by_card_or_phone(closed)
        if first.id == second.id:
            say(f"{_told(first)} is one account already.")
            return
        planned = merging.plan(first, second)
        say(f"keep  {_told(first)}")
        say(f"close {_told(second)}")
        later = planned.pending + planned.held
        say(f"move  {planned.points} points now, {later} when they are free")
        if planned.debt:
            say(f"pay   {planned.debt} points of debt")
        if dry_run:
            say("Nothing was changed.")
            return
        if not yes:
            click.confirm("Is this the same person?", abort=True)
        with unit_of_work():
            merging.merge(first, second, key=f"cli:{first.id}:{second.id}")
    say("Merged.")


@command.command()
@click.argument("card")
@click.option("--html", is_flag=True, help="For people instead of machines.")
def export(card: str, html: bool) -> None:
    """Print all that is kept of a member, as JSON.

    \b
    Example:
      setia members export 081234567890 > sari.json
    """
    from flask import g, render_template

    from pwa import clock
    from pwa.members import exporting

    with app_context() as app, app.test_request_context():
        member = g.member = service.by_card_or_phone(card)
        data = exporting.everything(member)
        if not html:
            say(json.dumps(data, ensure_ascii=False, indent=2))
            return
        parts = exporting.readable(data["data"])
        merged = [exporting.readable(each) for each in data["merged"]]
        page = "members/export_data.html"
        now = clock.now()
        say(render_template(page, parts=parts, merged=merged, made_at=now, member=member))


@command.command()
@click.argument("card")
@click.option("--now", "at_once", is_flag=True, help="Without the clock of 3 x 24 hours.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def delete(card: str, at_once: bool, yes: bool) -> None:
    """Erase a member who asked for it: after 3 x 24 hours, or at once.

    Name, number, card, vouchers, passkeys and inbox go; what is left of the points expires;
    purchases stay without a name. Until the clock ends the member can cancel in the app.

    \b
    Example:
      setia members delete 4471903521
    """
    from pwa.members import erasure
    from pwa.staff import service as staff_service

    with app_context():
        member = service.by_card_or_phone(card)
        told = _told(member)
        if not yes:
            click.confirm(f"Erase {told}{' now' if at_once else ' in 72 hours'}?", abort=True)
        with unit_of_work():
            staff_service.record(None, "member.erasure_asked", f"member:{member.id}")
            if at_once:
                erasure.erase(member.id)
                say("Erased.")
                return
            ends_at = erasure.start_clock(member)
    say(f"Will be erased at {ends_at.isoformat(timespec='minutes')}.")
    say(f"To stop it: setia members keep {card}")


@command.command()
@click.argument("card")
def keep(card: str) -> None:
    """Stop the clock of an erasure.

    \b
    Example:
      setia members keep 4471903521
    """
    from pwa.members import erasure

    with app_context():
        member = service.by_card_or_phone(card)
        with unit_of_work():
            stopped = erasure.cancel(member)
    say("Stays." if stopped else "No clock was running.")


def _told(member: Member) -> str:
    return f"{service.card_text(member)} ({member.name}, member {member.id})"
