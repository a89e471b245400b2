"""A message of the owner's own. Callers commit."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from pwa.clock import now
from pwa.errors import LoyaltyError
from pwa.push import planner
from pwa.push.kinds import Call

LIFE = timedelta(hours=24)
TITLE_MOST_CHARS, BODY_MOST_CHARS = 60, 240
_PAGE = re.compile(r"/[a-zA-Z0-9/_-]{0,100}")


class BadMessage(LoyaltyError):
    code = "bad_message"
    words = _l("Kabarnya belum bisa dikirim.")
    todo = _l(
        "Isi judul sampai %(title)s huruf, isi sampai %(body)s huruf, dan halaman seperti /rewards."
    )


class Message(NamedTuple):
    title: str
    body: str
    path: str = "/"
    tier: str = ""  # only who is in this tier; "": everybody

    @property
    def facts(self) -> dict[str, Any]:
        return {"title": self.title.strip(), "body": self.body.strip(), "path": self.path}


def send(message: Message, key: str) -> int:
    """Start telling everybody, once for `key`: 1 if it is new. Raises BadMessage."""
    facts = message.facts
    fits = (
        0 < len(facts["title"]) <= TITLE_MOST_CHARS
        and 0 < len(facts["body"]) <= BODY_MOST_CHARS
        and _PAGE.fullmatch(message.path)
        and re.fullmatch(r"[0-9a-zA-Z:_-]{4,64}", key)
    )
    if not fits:
        raise BadMessage(title=TITLE_MOST_CHARS, body=BODY_MOST_CHARS)
    instant = now()
    audience = {"tier": message.tier} if message.tier else {}
    return planner.call_out("campaign", Call(key, facts, audience, instant, instant + LIFE))
