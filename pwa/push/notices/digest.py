"""One message a day instead of many, for who wants it so: at nine in her own zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import exists, func, select

from pwa.db import db
from pwa.members import service as members
from pwa.program import service as program
from pwa.push.kinds import Call, Facts, Planned, Reader, Sweep, Words
from pwa.push.models import Delivery, Notice, Preference
from pwa.push.notices.birthday import ZONES
from pwa.push.words import number

NAME = _l("Rangkuman harian")
TOPIC = "digest"
QUIET = "bypass"  # the hour was chosen for it
BUNDLES = False
AT = time(9)
Member = members.Member


def calendar(now: datetime) -> Iterator[Call]:
    for name in dict.fromkeys((*ZONES, program.current().program.zone)):
        zone = ZoneInfo(name)
        on = now.astimezone(zone).date()
        yield Call(
            event_key=f"digest:{name}:{on}",
            facts={"zone": name, "on": on.isoformat()},
            audience={},
            starts_at=datetime.combine(on, AT, zone),
            expires_at=datetime.combine(on + timedelta(days=1), time(), zone),
        )


def sweep(facts: Facts, cursor: int, limit: int) -> Sweep:
    """Who has something unread that was kept back for this since yesterday's."""
    on, zone = date.fromisoformat(facts["on"]), ZoneInfo(facts["zone"])
    until = datetime.combine(on, AT, zone)
    rows = db.session.execute(_kept_back(facts["zone"], until, cursor).limit(limit)).all()
    midnight = datetime.combine(on + timedelta(days=1), time(), zone)
    planned = [Planned(row[0], on.isoformat(), {"count": int(row[1])}, midnight) for row in rows]
    return Sweep(planned, rows[-1][0] if len(rows) == limit else None)


def _kept_back(zone: str, until: datetime, cursor: int) -> Any:
    held = exists().where(
        Delivery.notice_id == Notice.id, Delivery.state == "withheld", Delivery.reason == "digest"
    )
    return (
        select(Notice.member_id, func.count())
        .join(Preference, Preference.member_id == Notice.member_id)
        .join(Member, Member.id == Notice.member_id)
        .where(
            Preference.digest.is_(True), Member.zone == zone, Member.id > cursor, held,
            Notice.read_at.is_(None), Notice.withdrawn_at.is_(None),
            Notice.made_at > until - timedelta(days=1), Notice.made_at <= until,
        )
        .group_by(Notice.member_id)
        .order_by(Notice.member_id)
    )  # fmt: skip


def tag(facts: Facts) -> str:
    return "digest"


def compose(reader: Reader, facts: Facts) -> Words:
    count = facts["count"]
    return Words(
        title=ngettext("%(n)s kabar untukmu", "%(n)s kabar untukmu", count, n=number(count)),
        body=_("Sudah kami kumpulkan, %(name)s. Dibaca kapan saja.", name=reader.name),
        path="/inbox",
        art="tiket",
        tone="sky",
    )
