"""A member has reached a tier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.outbox import Event
from pwa.program import service as program
from pwa.push.kinds import Facts, Planned, Reader, Words
from pwa.push.words import dumped, pick, plain_day

NAME = _l("Naik tingkat")
TOPIC = "tiers"
LIFE = timedelta(days=2)


def plan(event: Event) -> Iterator[Planned]:
    tier = next((t for t in program.current().tiers if t.code == event.data["tier"]), None)
    if event.member_id is None or tier is None:
        return
    facts = {
        "name": dumped(tier.name),
        "art": tier.art,
        "until": event.data["until"],
        "benefits": [dumped(benefit) for benefit in tier.benefits[:2]],
    }
    yield Planned(event.member_id, event.key, facts, event.at + LIFE)


EVENTS = {"tier.reached": plan}


def tag(facts: Facts) -> str:
    return "tier"


def compose(reader: Reader, facts: Facts) -> Words:
    benefits = ", ".join(pick(benefit, reader) for benefit in facts["benefits"])
    return Words(
        title=_("Naik jadi %(tier)s", tier=pick(facts["name"], reader)),
        body=_("%(name)s, berlaku sampai %(day)s. %(benefits)s", name=reader.name,
               day=plain_day(facts["until"]), benefits=benefits).strip(),
        path="/tier",
        art=facts["art"],
        tone="nila",
    )  # fmt: skip
