"""Tells a member that their streak ends tonight, program time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pwa import clock
from pwa.members import service as members
from pwa.missions import service as missions
from pwa.push import daily
from pwa.push.kinds import Action, Call, Facts, Planned, Reader, Sweep, Words
from pwa.push.words import number

NAME = _l("Runtun hampir putus")
TOPIC = "missions"
QUIET = "drop"  # a reminder that comes too late is noise
LEAST_DAYS = 3  # nobody mourns a streak of one day
STEP_MOST = 100  # one streak each


def calendar(now: datetime) -> Iterator[Call]:
    yield daily.call(now, "streak", hour=19)


def sweep(facts: Facts, cursor: int, limit: int) -> Sweep:
    on = daily.day(facts)
    ids = missions.with_open_streak(on)
    start = bisect_right(ids, cursor)
    some = ids[start : start + min(limit, STEP_MOST)]
    known = members.by_ids(some)
    planned = []
    for member_id in some:
        days = missions.streak(known[member_id]).length if member_id in known else 0
        if days >= LEAST_DAYS:
            facts_of = {"days": days, "member": member_id, "on": on.isoformat()}
            planned.append(Planned(member_id, on.isoformat(), facts_of, clock.day_end(on)))
    return Sweep(planned, some[-1] if start + len(some) < len(ids) else None)


def untrue(facts: Facts, event_key: str) -> str | None:
    streak = missions.streak(members.get(facts["member"]))
    return "done" if streak.today_done else None


def tag(facts: Facts) -> str:
    return "streak"


def compose(reader: Reader, facts: Facts) -> Words:
    days = facts["days"]
    return Words(
        title=ngettext("%(days)s hari beruntun", "%(days)s hari beruntun", days, days=number(days)),
        body=_("Hari ini belum, %(name)s. Cukup satu ketukan sebelum tengah malam.",
               name=reader.name),
        path="/missions",
        art="payung",
        tone="leaf",
        actions=(Action("missions", _("Buka misi"), "/missions"),
                 Action("settings", _("Atur kabar"), "/inbox/settings")),
    )  # fmt: skip
