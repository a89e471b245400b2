"""Happy birthday, and the gift that waits: at 09:00 in the member's own zone, until midnight."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, extract, or_, select

from pwa.db import db
from pwa.members import service as members
from pwa.outbox import Event
from pwa.program import service as program
from pwa.push.kinds import Call, Facts, Planned, Reader, Sweep, Words
from pwa.push.words import plain_day
from pwa.tiers import perks
from pwa.tiers import service as tiers

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
            facts={"expires_at": midnight.isoformat()},
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
        yield _planned(member, local.date(), midnight)


EVENTS = {"member.joined": plan, "profile.completed": plan}


def _is_kept_on(birthday: date, on: date) -> bool:
    born = (birthday.month, birthday.day)
    if born == (2, 29) and not isleap(on.year):
        born = (2, 28)
    return born == (on.month, on.day)


def sweep(asked: Facts, cursor: int, limit: int) -> Sweep:
    """Born on this day; on 29 February it is kept on the 28th in other years (rule 5)."""
    on = date.fromisoformat(asked["on"])
    born = _born(on.month, on.day)
    if (on.month, on.day) == (2, 28) and not isleap(on.year):
        born = or_(born, _born(2, 29))
    hers = select(Member).where(
        Member.id > cursor, Member.zone == asked["zone"], born, Member.closed_at.is_(None)
    )
    found = db.session.scalars(hers.order_by(Member.id).limit(limit)).all()
    until = datetime.fromisoformat(asked["expires_at"])
    planned = [_planned(member, on, until) for member in found]
    return Sweep(planned, found[-1].id if len(found) == limit else None)


def _planned(member: Member, on: date, until: datetime) -> Planned:
    """Once a year, even if she moves."""
    gift = perks.birthday_gift(member, tiers.tier_of(member.id))
    facts = {"gift_until": gift.window.end.isoformat()} if gift and gift.window else {}
    return Planned(member.id, str(on.year), facts, until)


def _born(month: int, day: int) -> Any:
    return and_(extract("month", Member.birthday) == month, extract("day", Member.birthday) == day)


def tag(facts: Facts) -> str:
    return "bday"


def compose(reader: Reader, facts: Facts) -> Words:
    shop = program.current().program.name
    body = _("Semoga harimu manis. Salam dari semua di %(shop)s.", shop=shop)
    if until := facts.get("gift_until"):
        day = plain_day(until)
        body = _("Hadiahmu menunggu sampai %(day)s. Salam dari semua di %(shop)s.", day=day,
                 shop=shop)  # fmt: skip
    return Words(
        title=_("Selamat ulang tahun, %(name)s", name=reader.name),
        body=body,
        path="/tier" if until else "/",
        art="ultah",
        tone="pink",
    )
