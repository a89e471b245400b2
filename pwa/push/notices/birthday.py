"""Happy birthday, at 09:00 in the member's own zone, until her midnight."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, extract, or_

from pwa.members import service as members
from pwa.outbox import Event
from pwa.program import service as program
from pwa.push.kinds import Call, Facts, Planned, Reader, Words

NAME = _l("Ulang tahun")
TOPIC = "birthday"
QUIET = "bypass"  # 09:00 is her own choice of zone, and today is the only day
BUNDLES = False
AT = time(9)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
Member = members.Member


def calendar(now: datetime) -> Iterator[Call]:
    for name in dict.fromkeys((*ZONES, program.current().program.zone)):
        zone = ZoneInfo(name)
        today = now.astimezone(zone).date()
        midnight = datetime.combine(today + timedelta(days=1), time(), zone)
        yield Call(
            event_key=f"{name}:{today}",
            notice_key=str(today.year),  # once a year, even if she moves
            facts={},
            audience={"zone": name, "on": today.isoformat()},
            starts_at=datetime.combine(today, AT, zone),
            expires_at=midnight,
        )


def plan(event: Event) -> Iterator[Planned]:
    """Who joins, or tells her birthday, on the very day and after nine is not left out."""
    member = members.get(event.member_id) if event.member_id else None
    if member is None or member.birthday is None:
        return
    local = event.at.astimezone(ZoneInfo(member.zone))
    if local.time() >= AT and _is_kept_on(member.birthday, local.date()):
        midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
        yield Planned(member.id, str(local.year), {}, midnight)


EVENTS = {"member.joined": plan, "profile.completed": plan}


def _is_kept_on(birthday: date, on: date) -> bool:
    born = (birthday.month, birthday.day)
    if born == (2, 29) and not isleap(on.year):
        born = (2, 28)
    return born == (on.month, on.day)


def audience(asked: Facts) -> Any:
    """Born on this day; on 29 February it is kept on the 28th in other years (rule 5)."""
    on = datetime.fromisoformat(asked["on"])
    born = _born(on.month, on.day)
    if (on.month, on.day) == (2, 28) and not isleap(on.year):
        born = or_(born, _born(2, 29))
    return and_(Member.zone == asked["zone"], born)


def _born(month: int, day: int) -> Any:
    return and_(extract("month", Member.birthday) == month, extract("day", Member.birthday) == day)


def tag(facts: Facts) -> str:
    return "bday"


def compose(reader: Reader, facts: Facts) -> Words:
    shop = program.current().program.name
    return Words(
        title=_("Selamat ulang tahun, %(name)s", name=reader.name),
        body=_("Semoga harimu manis. Salam dari semua di %(shop)s.", shop=shop),
        path="/",
        art="ultah",
        tone="pink",
    )
