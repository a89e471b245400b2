"""The card's code that turns: signed for half a minute, so that a picture of it is soon worthless.

What the QR says is SC1.<card>.<turn>.<mac>: the turn is the number of half minutes since 1970
(base 36), the mac the first 6 bytes, base64url, of HMAC-SHA256 over "SC1.<card>.<turn>" under a
secret of this card's own. The phone keeps that secret and turns the code without a network too
(static/js/card.js). The ten digits under it stay good for typing, said aloud by who holds it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.members import codes, fingerprints
from pwa.members.models import Member
from pwa.members.service import NoSuchCard

MARK = "SC1"
TURN_S = 30
SLACK_TURNS = 10  # five minutes either way: phones' clocks are set by people
_TEXT = re.compile(r"SC1\.(\d{10})\.([0-9a-z]{1,8})\.([\w-]{8})", re.ASCII)


class StaleCard(LoyaltyError):
    code = "stale_card"
    words = _l("Kode kartu ini sudah lewat.")
    todo = _l("Minta kartunya dibuka lagi di HP, lalu pindai. Atau ketik angkanya.")


class ForgedCard(LoyaltyError):
    code = "forged_card"
    words = _l("Kode kartu ini bukan buatan toko.")
    todo = _l("Minta kartunya dibuka di aplikasi, lalu pindai sekali lagi.")


def secret_of(member: Member) -> str:
    """What this member's phone signs with. Ending all her sessions makes a new one."""
    return fingerprints.of("card", member.public_id, str(member.session_epoch))[:32]


def text_of(member: Member, at: datetime) -> str:
    """What the card's QR says at an instant."""
    return _text(member, turn_at(at))


def read(text: str, at: datetime) -> str:
    """The card's ten digits, if the code was genuine and fresh at `at`.

    Raises NoSuchCard, ForgedCard, StaleCard.
    """
    found = _TEXT.fullmatch(text)
    if found is None or not codes.is_card_code(found[1]):
        raise NoSuchCard()
    member = db.session.scalar(select(Member).where(Member.card_code == found[1]))
    if member is None:
        raise NoSuchCard()
    turn = int(found[2], 36)
    if not hmac.compare_digest(_text(member, turn), text):
        raise ForgedCard()
    if abs(turn - turn_at(at)) > SLACK_TURNS:
        raise StaleCard()
    return found[1]


def turn_at(at: datetime) -> int:
    return int(at.timestamp()) // TURN_S


def _text(member: Member, turn: int) -> str:
    said = f"{MARK}.{member.card_code}.{codes.base36(turn)}"
    mac = hmac.new(secret_of(member).encode(), said.encode(), hashlib.sha256).digest()
    return f"{said}.{urlsafe_b64encode(mac[:6]).decode()}"
