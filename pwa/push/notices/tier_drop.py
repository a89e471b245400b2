"""A tier ends in a month, and what is missing to keep it. Once, and only if it can be helped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa import clock
from pwa.program import service as program
from pwa.push import daily
from pwa.push.kinds import Call, Facts, Planned, Reader, Sweep, Words
from pwa.push.words import dumped, pick, plain_day
from pwa.tiers import audience as tiers
from pwa.tiers import service as standings
from pwa.tiers.words import purchases

NAME = _l("Tingkat akan turun")
TOPIC = "tiers"
AHEAD = timedelta(days=30)
LIFE = timedelta(days=7)
STEP_MOST = 100  # one standing each


def calendar(now: datetime) -> Iterator[Call]:
    yield daily.call(now, "tier-drop", hour=11)


def sweep(facts: Facts, cursor: int, limit: int) -> Sweep:
    on = daily.day(facts, AHEAD)
    step = min(limit, STEP_MOST)
    rows = tiers.ending_on(on, cursor, step)
    planned = [found for row in rows if (found := _plan(row, facts)) is not None]
    return Sweep(planned, rows[-1].member_id if len(rows) == step else None)


def _plan(row: tiers.Ending, facts: Facts) -> Planned | None:
    standing = standings.standing(row.member_id)
    if standing.tier.code != row.tier_code or not any(standing.keep):
        return None  # a higher one lasts longer, or this one is already kept
    tier = program.current().tier(row.tier_code)
    kept = {
        "name": dumped(tier.name),
        "art": tier.art,
        "until": row.until_on.isoformat(),
        "rupiah": standings.in_rupiah(standing.keep),
        "orders": standing.keep.orders,
    }
    expires_at = min(clock.now() + LIFE, clock.day_end(row.until_on))
    return Planned(row.member_id, f"{row.tier_code}:{row.until_on}", kept, expires_at)


def tag(facts: Facts) -> str:
    return "tier"


def compose(reader: Reader, facts: Facts) -> Words:
    return Words(
        title=_("%(tier)s berlaku sampai %(day)s", tier=pick(facts["name"], reader),
                day=plain_day(facts["until"])),
        body=_("Belanja %(short)s lagi supaya tetap di sini lebih lama, %(name)s.",
               short=purchases(facts["rupiah"], facts["orders"]), name=reader.name),
        path="/tier",
        art=facts["art"],
        tone="nila",
    )  # fmt: skip
