"""Points were exchanged for a reward: the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.outbox import Event
from pwa.push.kinds import Action, Facts, Planned, Reader, Words
from pwa.push.rewards_words import reward_facts
from pwa.push.words import moment, number, pick

NAME = _l("Bukti penukaran")
TOPIC = "points"
URGENCY = "high"
QUIET = "bypass"
LIFE = timedelta(hours=1)


def plan(event: Event) -> Iterator[Planned]:
    if event.member_id is not None and event.data.get("points"):
        yield Planned(event.member_id, event.key, reward_facts(event.data), event.at + LIFE)


EVENTS = {"reward.redeemed": plan}


def tag(facts: Facts) -> str:
    return "pts"


def compose(reader: Reader, facts: Facts) -> Words:
    path = f"/vouchers/{facts['voucher']}"
    return Words(
        title=_("%(reward)s sudah jadi milikmu", reward=pick(facts["name"], reader)),
        body=_("%(points)s poin ditukar, %(name)s. Tunjukkan voucher di kasir sebelum %(until)s.",
               points=number(facts["points"]), name=reader.name,
               until=moment(facts["expires_at"], reader)),
        path=path,
        art=facts["art"],
        tone="pink",
        actions=(Action("voucher", _("Buka voucher"), path),),
    )  # fmt: skip
