"""Tickets that other features' events give, and promises made in good time."""

from __future__ import annotations

from pwa import outbox
from pwa.play import preferences, service
from pwa.program.schema import Prize


def _mission_done(told: outbox.Event) -> None:
    """A mission whose prize is a spin."""
    prize = Prize.model_validate(told.data["prize"])
    if prize.kind == "spin" and told.member_id is not None:
        service.give_ticket(told.member_id, told.key)


def _purchase(told: outbox.Event) -> None:
    """A ticket for each so many rupiah, where the wheel says so."""
    wheel = service.wheel_now()
    each = wheel.ticket_rupiah if wheel else None
    if each and told.member_id is not None:
        for n in range(min(int(told.data.get("amount_rupiah", 0)) // each, TICKETS_MOST)):
            service.give_ticket(told.member_id, f"{told.key}:{n}")


def _promise(told: outbox.Event) -> None:
    """The first event of a day makes the promise for tomorrow, if no worker has."""
    service.prepare_ahead()


TICKETS_MOST = 10  # from one purchase
FOLLOWS = {
    "mission.done": _mission_done,
    "purchase.recorded": _purchase,
    "check_in.made": _promise,
    "member.joined": _promise,
    "consent.changed": preferences.follow_consent,
}
