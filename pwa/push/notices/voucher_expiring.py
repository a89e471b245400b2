"""A voucher's last day is tomorrow, told at 10:00 program time."""

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

NAME = _l("Voucher hampir habis masa")
TOPIC = "rewards"
AHEAD = timedelta(days=1)


def calendar(now: datetime) -> Iterator[Call]:
    yield daily.call(now, "voucher-expiring", hour=10)


def sweep(facts: Facts, cursor: int, limit: int) -> Sweep:
    after, until = daily.span(facts, AHEAD)
    rows = expiring.expiring(after, until, cursor, limit)
    planned = [
        Planned(
            row.member_id, f"{row.code}:last",
            {**of(row.reward_code), "voucher": row.code, "expires_at": row.expires_at.isoformat()},
            row.expires_at,
        )
        for row in rows
    ]  # fmt: skip
    return Sweep(planned, rows[-1].id if len(rows) == limit else None)


def untrue(facts: Facts, event_key: str) -> str | None:
    return None if is_unused(facts["voucher"]) else "used"


def tag(facts: Facts) -> str:
    return hashed_tag("vx", facts["voucher"])


def compose(reader: Reader, facts: Facts) -> Words:
    path = f"/vouchers/{facts['voucher']}"
    return Words(
        title=_("%(reward)s tinggal sampai %(until)s", reward=pick(facts["name"], reader),
                until=moment(facts["expires_at"], reader)),
        body=_("Vouchermu belum dipakai, %(name)s. Tunjukkan di kasir sebelum itu.",
               name=reader.name),
        path=path,
        art=facts["art"],
        tone="sun",
        actions=(Action("voucher", _("Buka voucher"), path),),
    )  # fmt: skip
