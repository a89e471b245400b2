"""Somebody gave the member something: points from a friend, or from the shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.outbox import Event
from pwa.push.kinds import Facts, Planned, Reader, Words
from pwa.push.words import number, pick

NAME = _l("Hadiah dari teman")
TOPIC = "rewards"
URGENCY = "normal"
LIFE = timedelta(days=3)


def plan(event: Event) -> Iterator[Planned]:
    """`gift.received` tells points, and by whom (a name) or what for (texts by language)."""
    if event.member_id is None:
        return
    facts = {"points": event.data.get("points", 0), "by": event.data.get("by", ""),
             "title": event.data.get("title", "")}  # fmt: skip
    yield Planned(event.member_id, event.key, facts, event.at + LIFE)


EVENTS = {"gift.received": plan}


def tag(facts: Facts) -> str:
    return "gift"


def compose(reader: Reader, facts: Facts) -> Words:
    by = facts["by"] or pick(facts["title"], reader)
    return Words(
        title=_("Hadiah untuk %(name)s", name=reader.name),
        body=_("%(points)s poin dari %(by)s sudah masuk.", points=number(facts["points"]), by=by)
        if by
        else _("%(points)s poin sudah masuk.", points=number(facts["points"])),
        path="/wallet",
        art="hadiah",
        tone="pink",
    )
