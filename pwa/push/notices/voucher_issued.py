"""A voucher came without points being paid: a prize of a mission, the wheel, a gift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.outbox import Event
from pwa.push.kinds import Action, Facts, Planned, Reader, Words, hashed_tag
from pwa.push.rewards_words import is_unused, reward_facts
from pwa.push.words import moment, pick

NAME = _l("Voucher terbit")
TOPIC = "rewards"
LIFE = timedelta(days=3)


def plan(event: Event) -> Iterator[Planned]:
    if event.member_id is None or event.data.get("points"):
        return
    ends = datetime.fromisoformat(event.data["expires_at"])
    facts = reward_facts(event.data)
    yield Planned(event.member_id, event.key, facts, min(event.at + LIFE, ends))


EVENTS = {"reward.redeemed": plan}


def untrue(facts: Facts, event_key: str) -> str | None:
    return None if is_unused(facts["voucher"]) else "used"


def tag(facts: Facts) -> str:
    return hashed_tag("rw", facts["voucher"])


def compose(reader: Reader, facts: Facts) -> Words:
    path = f"/vouchers/{facts['voucher']}"
    return Words(
        title=_("Voucher untukmu: %(reward)s", reward=pick(facts["name"], reader)),
        body=_("Gratis, %(name)s. Berlaku sampai %(until)s.", name=reader.name,
               until=moment(facts["expires_at"], reader)),
        path=path,
        art=facts["art"],
        tone="pink",
        actions=(Action("voucher", _("Buka voucher"), path),),
    )  # fmt: skip
