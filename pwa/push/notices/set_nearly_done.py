"""One mission is missing to today's set. Told once, in the evening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa import clock
from pwa.members import service as members
from pwa.missions import service as missions
from pwa.missions.board import Item
from pwa.outbox import Event
from pwa.push.kinds import Action, Facts, Planned, Reader, Words
from pwa.push.words import dumped, number, pick

NAME = _l("Satu misi lagi")
TOPIC = "missions"
QUIET = "drop"
AT = time(18)


def plan(event: Event) -> Iterator[Planned]:
    """Something was done today; if one of the set is left now, remind of it at six."""
    on = clock.program_day(event.at)
    if event.member_id is None or on != clock.program_day():
        return
    found = _left(event.member_id)
    if found is None:
        return
    due_at = datetime.combine(on, AT, clock.program_zone())
    facts = {"name": dumped(found[0].name), "bonus": found[1], "member": event.member_id,
             "on": on.isoformat()}  # fmt: skip
    due = max(due_at, clock.now())
    yield Planned(event.member_id, on.isoformat(), facts, clock.day_end(on), due)


EVENTS = {"mission.done": plan}


def untrue(facts: Facts, event_key: str) -> str | None:
    if facts["on"] != clock.program_day().isoformat():
        return "over"
    return None if _left(facts["member"]) else "done"


def tag(facts: Facts) -> str:
    return "set"


def compose(reader: Reader, facts: Facts) -> Words:
    return Words(
        title=_("Satu misi lagi hari ini"),
        body=_("%(mission)s, lalu bonus %(points)s poin masuk, %(name)s.",
               mission=pick(facts["name"], reader), points=number(facts["bonus"]),
               name=reader.name),
        path="/missions",
        art="tiket",
        tone="leaf",
        actions=(Action("missions", _("Buka misi"), "/missions"),
                 Action("settings", _("Atur kabar"), "/inbox/settings")),
    )  # fmt: skip


def _left(member_id: int) -> tuple[Item, int] | None:
    """The one mission that is missing, and the bonus for the set; None: none or several."""
    board = missions.board(members.get(member_id))
    wanted = [item for item in board.daily if item.code in board.set_codes]
    open_ = [item for item in wanted if item.state != "done"]
    return (open_[0], board.bonus_points) if len(open_) == 1 < len(wanted) else None
