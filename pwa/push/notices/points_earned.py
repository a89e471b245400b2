"""A purchase has brought points: the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.outbox import Event
from pwa.program import service as program
from pwa.push.kinds import Facts, Planned, Reader, Words
from pwa.push.words import dumped, number, pick, rupiah

NAME = _l("Poin masuk")
TOPIC = "points"
URGENCY = "high"
QUIET = "bypass"
LIFE = timedelta(hours=1)


def plan(event: Event) -> Iterator[Planned]:
    if event.member_id is None or not event.data.get("points"):
        return
    outlet = program.current().outlet(event.data["outlet"])
    facts = {
        "points": event.data["points"],
        "amount_rupiah": event.data["amount_rupiah"],
        "outlet": dumped(outlet.name) if outlet else event.data["outlet"],
    }
    yield Planned(event.member_id, event.key, facts, event.at + LIFE)


EVENTS = {"purchase.recorded": plan}


def tag(facts: Facts) -> str:
    return "pts"


def compose(reader: Reader, facts: Facts) -> Words:
    return Words(
        title=_("%(points)s poin masuk", points=number(facts["points"])),
        body=_("%(name)s, belanja %(amount)s di %(outlet)s sudah dicatat.", name=reader.name,
               amount=rupiah(facts["amount_rupiah"]), outlet=pick(facts["outlet"], reader)),
        path="/wallet",
        art="koin",
        tone="sun",
    )  # fmt: skip
