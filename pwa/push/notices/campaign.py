"""A message of the owner's own, to everybody or to one tier."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.members import service as members
from pwa.push.kinds import Action, Facts, Reader, Words
from pwa.push.words import pick
from pwa.tiers import audience as tiers

NAME = _l("Kabar promo")
TOPIC = "promo"
URGENCY = "low"
PROMO = True


def tag(facts: Facts) -> str:
    return "promo"


def audience(asked: Facts) -> Any:
    return tiers.holding(members.Member.id, asked["tier"]) if asked.get("tier") else None


def compose(reader: Reader, facts: Facts) -> Words:
    """The owner's words, with {nama} for the member's name."""
    return Words(
        title=_named(facts["title"], reader),
        body=_named(facts["body"], reader),
        path=facts.get("path") or "/",
        art="ganda",
        tone="sun",
        actions=(Action("open", _("Lihat"), facts.get("path") or "/"),
                 Action("settings", _("Atur kabar"), "/inbox/settings")),
    )  # fmt: skip


def _named(text: Any, reader: Reader) -> str:
    return pick(text, reader).replace("{nama}", reader.name).replace("{name}", reader.name)
