"""What a member wants to hear and when. Callers commit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pwa import outbox
from pwa.clock import now
from pwa.db import claim, db
from pwa.push import departures
from pwa.push.models import Preference
from pwa.push.topics import CODES

QUIET_FROM, QUIET_UNTIL = 21 * 60, 7 * 60
DAY_CAP, WEEK_CAP = 1, 3
CAPS_MOST = 7
DAY_MINUTES = 24 * 60


class Wishes(NamedTuple):
    """One member's preferences, with the defaults where she said nothing."""

    muted: frozenset[str] = frozenset()
    quiet_from: int | None = QUIET_FROM  # minutes after midnight in her zone
    quiet_until: int | None = QUIET_UNTIL
    day_cap: int = DAY_CAP
    week_cap: int = WEEK_CAP
    digest: bool = False

    def wants(self, topic: str) -> bool:
        return topic not in self.muted


DEFAULT = Wishes()


def of(member_id: int) -> Wishes:
    return many([member_id]).get(member_id, DEFAULT)


def many(member_ids: Collection[int]) -> Mapping[int, Wishes]:
    """The preferences of those members who have any."""
    rows = db.session.execute(
        select(
            Preference.member_id, Preference.muted, Preference.quiet_from, Preference.quiet_until,
            Preference.day_cap, Preference.week_cap, Preference.digest,
        ).where(Preference.member_id.in_(member_ids))
    )  # fmt: skip
    return {row[0]: Wishes(frozenset(row[1]), *row[2:]) for row in rows}


def save(member_id: int, wishes: Wishes) -> None:
    """Put `wishes` in place of what was there. Newly muted topics count as departures."""
    before = of(member_id)
    row, _ = claim(_row(member_id, before), member_id=member_id)
    row.muted = sorted(wishes.muted & set(CODES))
    row.quiet_from, row.quiet_until = wishes.quiet_from, wishes.quiet_until
    row.day_cap = min(max(wishes.day_cap, 0), CAPS_MOST)
    row.week_cap = min(max(wishes.week_cap, 0), CAPS_MOST)
    row.digest = wishes.digest
    if wishes.muted - before.muted:
        departures.record(member_id, "topic")
    outbox.tell("push.preferences", f"{member_id}:{now().isoformat()}", member_id)


def mute(member_id: int, topics: Iterable[str]) -> None:
    wishes = of(member_id)
    save(member_id, wishes._replace(muted=wishes.muted | set(topics)))


def unmute(member_id: int, topics: Iterable[str]) -> None:
    wishes = of(member_id)
    if wishes.muted & set(topics):
        save(member_id, wishes._replace(muted=wishes.muted - set(topics)))


def quiet_ends(wishes: Wishes, zone: ZoneInfo, instant: datetime) -> datetime | None:
    """When the quiet hours that `instant` falls in are over; None outside of them."""
    start, end = wishes.quiet_from, wishes.quiet_until
    if start is None or end is None or start == end:
        return None
    local = instant.astimezone(zone)
    minute = local.hour * 60 + local.minute
    if (minute - start) % DAY_MINUTES >= (end - start) % DAY_MINUTES:
        return None
    ends_on = local.date() + timedelta(days=1 if minute >= end else 0)
    # The wall clock decides, whatever the zone did in between.
    wall = datetime(ends_on.year, ends_on.month, ends_on.day, end // 60, end % 60, tzinfo=zone)
    return wall.astimezone(instant.tzinfo)


def _row(member_id: int, wishes: Wishes) -> Preference:
    return Preference(
        member_id=member_id,
        muted=sorted(wishes.muted),
        quiet_from=wishes.quiet_from,
        quiet_until=wishes.quiet_until,
        day_cap=wishes.day_cap,
        week_cap=wishes.week_cap,
        digest=wishes.digest,
    )
