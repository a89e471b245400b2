"""A free voucher lies unused for three days: told once, at 11:00 program time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.push import daily
from pwa.push.kinds import Action, Call, Facts, Planned, Reader, Sweep, Words, hashed_tag
from pwa.push.rewards_words import is_unused, of
from pwa.push.words import moment, pick
from pwa.rewards import expiring

NAME = _l("Manfaat belum dipakai")
TOPIC = "rewards"
URGENCY = "low"
SINCE = timedelta(days=-3)


def calendar(now: datetime) -> Iterator[Call]:
    yield daily.call(now, "benefit-unused", hour=11)


def sweep(facts: Facts, cursor: int, limit: int) -> Sweep:
    after, until = daily.span(facts, SINCE)
    rows = expiring.unused_gifts(after, until, cursor, limit)
    planned = [
        Planned(
            row.member_id, f"{row.code}:unused",
            {**of(row.reward_code), "voucher": row.code, "expires_at": row.expires_at.isoformat()},
            row.expires_at,
        )
        for row in rows
    ]  # fmt: skip
    return Sweep(planned, rows[-1].id if len(rows) == limit else None)


def untrue(facts: Facts, event_key: str) -> str | None:
    return None if is_unused(facts["voucher"]) else "used"


def tag(facts: Facts) -> str:
    return hashed_tag("rw", facts["voucher"])


def compose(reader: Reader, facts: Facts) -> Words:
    path = f"/vouchers/{facts['voucher']}"
    return Words(
        title=_("%(reward)s masih menunggumu", reward=pick(facts["name"], reader)),
        body=_("Gratis, %(name)s, sampai %(until)s.", name=reader.name,
               until=moment(facts["expires_at"], reader)),
        path=path,
        art=facts["art"],
        tone="pink",
        actions=(Action("voucher", _("Buka voucher"), path),),
    )  # fmt: skip
