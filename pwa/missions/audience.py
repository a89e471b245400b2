"""Whom a mission is for, and whether the one before it in its chain is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import select

from games import mission as rules
from games.mission import Person
from pwa.db import db
from pwa.members import service as members
from pwa.missions import definitions
from pwa.missions.models import MissionProgress
from pwa.program.schema import Mission
from pwa.tiers import service as tiers


def person(member_id: int) -> Person:
    """What audiences tell members apart by."""
    return Person(members.get(member_id).joined_on, tiers.tier_of(member_id).code)


def open_for(member_id: int, missions: Sequence[Mission], on: date) -> Iterator[Mission]:
    """Those of `missions` that this member may do on day `on`."""
    finished = finished_codes(member_id, (m.after for m in missions))
    invited = None
    for mission in missions:
        if not rules.is_unlocked(definitions.rule(mission), finished):
            continue
        if mission.tiers or mission.joined_within_days:
            invited = invited or person(member_id)
            if not definitions.invites(mission, invited, on):
                continue
        yield mission


def finished_codes(member_id: int, codes: Iterable[str | None]) -> frozenset[str]:
    """Which of these missions the member has ever done."""
    asked = sorted({code for code in codes if code})
    if not asked:
        return frozenset()
    done = select(MissionProgress.code).where(
        MissionProgress.member_id == member_id,
        MissionProgress.code.in_(asked),
        MissionProgress.done_on.is_not(None),
    )
    return frozenset(db.session.scalars(done))
