"""Points expire: a warning two weeks ahead, and a last chance the day before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa import clock
from pwa.ledger import expiring
from pwa.ledger import service as ledger
from pwa.push import daily
from pwa.push.kinds import Action, Call, Facts, Planned, Reader, Sweep, Words, hashed_tag
from pwa.push.words import number, plain_day

NAME = _l("Poin akan hangus")
TOPIC = "expiry"
AHEAD = {"warning": timedelta(days=14), "last": timedelta(days=1)}
TO_EXPIRY = timedelta(days=14)


def calendar(now: datetime) -> Iterator[Call]:
    for stage in AHEAD:
        call = daily.call(now, f"points-{stage}", hour=10)
        yield call._replace(facts={**call.facts, "stage": stage})


def sweep(facts: Facts, cursor: int, limit: int) -> Sweep:
    stage = facts["stage"]
    on = daily.day(facts, AHEAD[stage])
    rows = expiring.expiring_on(on, cursor, limit)
    planned = [
        Planned(
            row.member_id, f"{on}:{stage}",
            {"stage": stage, "points": row.points, "on": on.isoformat(), "member": row.member_id},
            clock.day_end(on),
        )
        for row in rows
    ]  # fmt: skip
    return Sweep(planned, rows[-1].member_id if len(rows) == limit else None)


def untrue(facts: Facts, event_key: str) -> str | None:
    """Spent in the meantime: then there is nothing to warn of."""
    known = ledger.balance(facts["member"])
    still = known.expiring_on is not None and known.expiring_on.isoformat() <= facts["on"]
    return None if still else "spent"


def tag(facts: Facts) -> str:
    return hashed_tag("vx", "points", facts["on"])


def compose(reader: Reader, facts: Facts) -> Words:
    points, on = number(facts["points"]), plain_day(facts["on"])
    if facts["stage"] == "last":
        title = _("%(points)s poin hangus besok", points=points)
        body = _("Hari terakhirnya %(day)s, %(name)s. Masih sempat ditukar.", day=on,
                 name=reader.name)  # fmt: skip
    else:
        title = _("%(points)s poin hangus %(day)s", points=points, day=on)
        body = _("Tukar sesuatu sebelum itu, %(name)s. Poin terlama selalu dipakai lebih dulu.",
                 name=reader.name)  # fmt: skip
    return Words(title=title, body=body, path="/rewards?now=1", art="koin", tone="sky",
                 actions=(Action("rewards", _("Lihat hadiah"), "/rewards?now=1"),))  # fmt: skip
