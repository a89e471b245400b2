"""A friend offers her a voucher: it goes back if she does not take it within the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.outbox import Event
from pwa.push.kinds import Action, Facts, Planned, Reader, Words
from pwa.push.rewards_words import of
from pwa.push.words import moment, pick

NAME = _l("Voucher dari teman")
TOPIC = "rewards"
URGENCY = "normal"


def plan(event: Event) -> Iterator[Planned]:
    """`gift.offered` tells the reward and until when; not from whom: she may be forgotten."""
    if event.member_id is None:
        return
    until = event.data["until"]
    facts = {**of(event.data["reward"]), "until": until}
    yield Planned(event.member_id, event.key, facts, datetime.fromisoformat(until))


EVENTS = {"gift.offered": plan}


def tag(facts: Facts) -> str:
    return "gift"


def compose(reader: Reader, facts: Facts) -> Words:
    return Words(
        title=_("Ada voucher untukmu: %(reward)s", reward=pick(facts["name"], reader)),
        body=_("%(name)s, seorang teman mengirimnya. Terima sebelum %(until)s.", name=reader.name,
               until=moment(facts["until"], reader)),
        path="/vouchers",
        art=facts["art"],
        tone="pink",
        actions=(Action("accept", _("Lihat kiriman"), "/vouchers"),),
    )  # fmt: skip
