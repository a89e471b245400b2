"""The members' blueprint; views.py gathers the modules that hang their pages on it."""

from __future__ import annotations

from flask import Blueprint, Response, g, request, session
from flask_limiter.util import get_remote_address

from pwa import outbox, sessions
from pwa.db import only_reads
from pwa.errors import LoyaltyError
from pwa.members import devices
from pwa.members.models import Member

bp = Blueprint("members", __name__)


def enter(member: Member, *, trusted: bool) -> None:
    """Begin this browser's session as `member`, note the device, and commit."""
    sessions.begin(member)
    devices.remember(member, user_agent(), trusted=trusted)
    outbox.commit()


def stay(member: Member) -> None:
    """Begin this browser's session again after all others were ended; it keeps its trust."""
    sid = session.get("sid")
    sessions.begin(member)
    session["sid"] = sid


def user_agent() -> str:
    return request.headers.get("User-Agent", "")


def network() -> str:
    """The address that asks, as codes are counted by."""
    return str(get_remote_address())


def in_words(error: LoyaltyError) -> str:
    """A refusal as one line under a field."""
    return f"{error.title} {error.advice}".strip()


@bp.after_app_request
def see_device(response: Response) -> Response:
    """Once a day, after a member's page is made: her browser is still in use."""
    if "member" in g and not devices.is_seen():
        outbox.rollback()  # what was read for the page may not become a write
        only_reads(False)
        devices.see()
        outbox.commit()
    return response
