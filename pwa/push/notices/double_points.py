"""Double points: announced the day before, on now, and the last hours.

From the dates of a campaign in the program file; changing them there changes this.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa import clock
from pwa.program import service as program
from pwa.program.schema import Campaign
from pwa.push.kinds import Action, Call, Facts, Reader, Words
from pwa.push.words import dumped, moment, number, pick
from pwa.shop import history

NAME = _l("Poin ganda")
TOPIC = "promo"
URGENCY = "low"
PROMO = True
ANNOUNCED_AT = time(17)  # program time, the day before
LAST_HOURS = timedelta(hours=4)
LONG = timedelta(hours=8)  # shorter ones have no last hours
LIFE = timedelta(hours=24)


def calendar(now: datetime) -> Iterator[Call]:
    for campaign in program.campaigns(now):
        if campaign.multiplier_percent > 100:
            yield from _calls(campaign)


def _calls(campaign: Campaign) -> Iterator[Call]:
    start, end = campaign.starts_at, campaign.ends_at
    local = start.astimezone(clock.program_zone())
    eve = datetime.combine(local.date() - timedelta(days=1), ANNOUNCED_AT, local.tzinfo)
    yield _call(campaign, "soon", eve, start)
    yield _call(campaign, "now", start, min(end, start + LIFE))
    if end - start >= LONG:
        yield _call(campaign, "last", end - LAST_HOURS, end)


def _call(campaign: Campaign, stage: str, starts_at: datetime, expires_at: datetime) -> Call:
    facts = {
        "stage": stage,
        "code": campaign.code,
        "title": dumped(campaign.name),
        "text": dumped(campaign.text),
        "art": campaign.art,
        "percent": campaign.multiplier_percent,
        "starts_at": campaign.starts_at.isoformat(),
        "ends_at": campaign.ends_at.isoformat(),
    }
    key = f"{campaign.code}:{stage}:{campaign.starts_at:%Y%m%dT%H%M%z}"
    return Call(key, facts, {"campaign": campaign.code}, starts_at, expires_at)


def audience(asked: Facts) -> Any:
    """Those the campaign is for, as Home shows it and quote() counts it."""
    found = [c for c in program.campaigns(clock.now()) if c.code == asked.get("campaign")]
    return history.among_members(found[0]) if found else None


def untrue(facts: Facts, event_key: str) -> str | None:
    """Called off, or moved, since it was planned."""
    found = next((c for c in program.campaigns(clock.now()) if c.code == facts["code"]), None)
    same = found is not None and found.starts_at == datetime.fromisoformat(facts["starts_at"])
    return None if same else "called off"


def tag(facts: Facts) -> str:
    return "promo"


def compose(reader: Reader, facts: Facts) -> Words:
    return Words(
        title=_title(facts, reader),
        body=_body(facts, reader),
        path="/",
        art=facts["art"],
        tone="sun",
        actions=(Action("card", _("Buka kartu"), "/card"),
                 Action("settings", _("Atur kabar"), "/inbox/settings")),
    )  # fmt: skip


def _title(facts: Facts, reader: Reader) -> str:
    name = pick(facts["title"], reader)
    if facts["stage"] == "soon":
        return _("Besok: %(campaign)s", campaign=name)
    if facts["stage"] == "last":
        return _("%(campaign)s, tinggal sebentar", campaign=name)
    return _("%(campaign)s mulai sekarang", campaign=name)


def _body(facts: Facts, reader: Reader) -> str:
    text = pick(facts["text"], reader)
    if facts["stage"] == "soon":
        when = moment(facts["starts_at"], reader)
        return _("%(name)s, mulai %(when)s. %(text)s", name=reader.name, when=when, text=text)
    until = moment(facts["ends_at"], reader)
    if facts["percent"] % 100:
        times = number(facts["percent"]) + "%"
    else:
        times = number(facts["percent"] // 100) + "x"
    return _("%(name)s, poinmu %(times)s sampai pukul %(until)s. %(text)s",
             name=reader.name, times=times, until=until, text=text)  # fmt: skip
