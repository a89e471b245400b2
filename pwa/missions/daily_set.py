"""A member's set of the day: which missions are in it, its free swap, its bonus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

from sqlalchemy import select

from games import daily
from games.fairness import canonical
from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.ledger import service as ledger
from pwa.members import service as members
from pwa.members.models import Member
from pwa.missions import definitions
from pwa.missions.errors import NoSwap
from pwa.missions.models import MissionProgress, MissionSwap
from pwa.program import service as program
from pwa.program.schema import Mission

TITLE = {
    "id": "Semua misi hari ini", "en": "All of today's missions",
    "jv": "Kabèh misi dina iki", "su": "Sakabéh misi dinten ieu",
}  # fmt: skip


def codes(
    member: Member, known: Mapping[str, Mission], on: date, swapped: str | None
) -> tuple[str, ...]:
    """Codes of the member's set of day `on`; all can see why, see `seed_of`."""
    changed = daily.swapped_set(*_given(member, known, on), swapped) if swapped else None
    return changed or daily.daily_set(*_given(member, known, on))


def seed_of(on: date) -> str:
    """The recorded seed of a day's draw: public, so that anybody can repeat the draw.

    Nothing is won by foreseeing which missions one gets, so there is nothing to keep secret.
    """
    told = canonical({"daily": program.current().program.code, "on": on.isoformat()})
    return sha256(told.encode()).hexdigest()


def swap_of(member_id: int, on: date) -> str | None:
    """The mission that the member swapped away on day `on`."""
    mine = MissionSwap.member_id == member_id, MissionSwap.on == on
    return db.session.scalar(select(MissionSwap.code).where(*mine))


def swap(member: Member, code: str) -> bool:
    """Swap a drawn mission of today for the next of the same draw, once a day.

    False when this very swap was made before. Raises NoSwap.
    """
    on = program_day()
    known = definitions.in_force(on)
    is_begun = _done(member.id, [code], on, begun=True)
    changed = daily.swapped_set(*_given(member, known, on), code)
    if not program.current().daily.swaps or is_begun or changed is None:
        raise NoSwap()
    row = MissionSwap(member_id=member.id, on=on, code=code, at=now())
    stored, is_ours = claim(row, member_id=member.id, on=on)
    if stored.code != code:
        raise NoSwap()
    return is_ours


def keep_drawn(member_id: int, missions: Sequence[Mission], on: date) -> list[Mission]:
    """`missions` without those of the pool that were not drawn for this member."""
    if not any(m.in_set == "pool" for m in missions):
        return list(missions)
    known = definitions.in_force(on)
    mine = codes(members.get(member_id), known, on, swap_of(member_id, on))
    return [m for m in missions if not m.in_set or m.code in mine]


def award(member_id: int, done: Mission, on: date) -> int:
    """Pay the bonus when `done` was the last of the member's set of day `on`; the points paid."""
    bonus = program.current().daily.bonus_points
    if not (bonus and done.in_set):
        return 0
    member = members.get(member_id)
    wanted = codes(member, definitions.in_force(on), on, swap_of(member_id, on))
    db.session.flush()
    if not daily.is_complete(wanted, _done(member_id, wanted, on)):
        return 0
    told = outbox.tell("set.done", f"{member_id}:{on}", member_id, on=on.isoformat(), points=bonus)
    ledger.earn(
        member_id,
        bonus,
        key=f"set:{member_id}:{on}",
        source="mission",
        reason="mission",
        facts={"title": TITLE},
    )
    return bonus if told else 0


def _given(
    member: Member, known: Mapping[str, Mission], on: date
) -> tuple[str, str, date, list[str], list[str], int]:
    is_open = definitions.open_windows(on)
    fixed = [m.code for m in known.values() if m.in_set == "fixed"]
    pool = [m.code for m in known.values() if m.in_set == "pool" and m.code in is_open]
    return seed_of(on), member.public_id, on, fixed, pool, program.current().daily.drawn


def _done(
    member_id: int, wanted: tuple[str, ...] | list[str], on: date, begun: bool = False
) -> set[str]:
    """Which of these daily missions are done (or, with `begun`, begun) on day `on`."""
    rows = select(MissionProgress.code).where(
        MissionProgress.member_id == member_id,
        MissionProgress.code.in_(wanted),
        MissionProgress.window_key == on.isoformat(),
    )
    is_done = MissionProgress.done_on.is_not(None)
    return set(db.session.scalars(rows if begun else rows.where(is_done)))
