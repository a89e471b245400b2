"""What other features and the edges ask of missions and streaks. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from games import streak as streak_rules
from games.streak import Facts, Pause
from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.missions import board as boards
from pwa.missions import daily_set, progress, streaks
from pwa.missions.board import Board, Item
from pwa.missions.definitions import rule
from pwa.missions.errors import LateCheckIn, NoPause, NoRepair
from pwa.missions.models import CHECK_IN, FREEZE, PAUSE, REPAIR, StreakFact
from pwa.missions.streaks import Streak

__all__ = [
    "Board", "CheckIn", "Item", "Streak", "board", "check_in", "draw_seed", "facts", "give_freeze",
    "pause", "repair", "rule", "streak", "streak_of", "swap", "today", "with_open_streak",
]  # fmt: skip

REPAIR_TITLE = {
    "id": "Perbaiki hari yang lewat", "en": "A missed day put right",
    "jv": "Ndandani dina sing kliwat", "su": "Ngabenerkeun dinten nu kaliwat",
}  # fmt: skip


class CheckIn(NamedTuple):
    """What a check-in came to."""

    on: date  # the program day it counts for
    is_new: bool  # False: this day had its check-in already, and nothing changed
    points: int  # paid by it: missions and streak bonuses


def check_in(member_id: int, made_at: datetime | None = None) -> CheckIn:
    """Check in for today, once a program day; again changes nothing and says so.

    `made_at` is when an offline phone made it, if it comes late (at most 24 h). Pays the
    missions it completes and the streak's milestones. Raises LateCheckIn.
    """
    instant = made_at or now()
    on = program_day(instant)
    is_late = on != program_day()
    if is_late:
        _refuse_late(member_id, instant, on)
    row = _fact(member_id, CHECK_IN, f"check_in:{on}", on, made_at=instant, is_late=is_late)
    stored, is_new = claim(row, member_id=member_id, kind=CHECK_IN, on=on)
    if not is_new:
        return CheckIn(stored.on, False, 0)
    told = outbox.tell("check_in.made", f"{member_id}:{on}", member_id, on=on.isoformat())
    points = progress.count(member_id, told.id, progress.event_on(on, "check_in"))
    return CheckIn(on, True, points + streaks.award(member_id, program_day()))


def give_freeze(member_id: int, key: str) -> bool:
    """Give one streak freeze, once for `key`; False when she holds as many as can be held."""
    if streaks.freezes_full(member_id, key):
        return False
    on = program_day()
    row = _fact(member_id, FREEZE, f"freeze:{key}", on, made_at=now())
    claim(row, member_id=member_id, key=row.key)
    return True


def repair(member_id: int, missed_on: date) -> bool:
    """Put a missed day right for points, once; False when it was right already.

    Raises NoRepair, NotEnoughPoints.
    """
    key = f"repair:{missed_on}"
    row = _fact(member_id, REPAIR, key, missed_on, made_at=now())
    ledger.lock_members([member_id])
    found = streaks.read(member_id)
    if found.has(key):
        return False
    known, ruled = streaks.facts(found), streaks.rules_of_program()
    if why := streak_rules.refuse_repair(known, ruled, missed_on, program_day()):
        raise NoRepair(why)
    ledger.burn(
        member_id,
        ruled.repair_points,
        key=f"repair:{member_id}:{missed_on}",
        reason="repair",
        facts={"title": REPAIR_TITLE},
    )
    claim(row, member_id=member_id, key=key)
    return True


def pause(member_id: int, first_on: date, last_on: date, key: str) -> bool:
    """Announce days off: they neither count nor break the streak. Once for `key`.

    Raises NoPause.
    """
    ruled = streaks.rules_of_program()
    found = streaks.read(member_id)
    if found.has(f"pause:{key}"):
        return False
    announced = Pause(first_on, last_on, program_day())
    if why := streak_rules.refuse_pause(streaks.facts(found), ruled, announced):
        raise NoPause(why, ruled.pause_max_days)
    row = _fact(member_id, PAUSE, f"pause:{key}", first_on, made_at=now())
    row.until_on, row.announced_on = last_on, program_day()
    return claim(row, member_id=member_id, key=row.key)[1]


def swap(member: Member, code: str) -> bool:
    """Swap one drawn mission of today's set, once a day. Raises NoSwap."""
    return daily_set.swap(member, code)


def draw_seed() -> str:
    """The published seed that today's drawn missions come from: anybody can repeat the draw."""
    return daily_set.seed_of(program_day())


def today(member: Member) -> Sequence[Item]:
    """Today's missions, in the program's order, for Home. One statement, more with audiences."""
    return boards.board(member).daily


def board(member: Member) -> Board:
    """All of a member's missions, for their own page."""
    return boards.board(member)


def streak(member: Member) -> Streak:
    """The member's streak with its week. One statement."""
    return streak_of(facts(member))


def facts(member: Member) -> Facts:
    """What the member's streak is made of, read once for a whole page. One statement."""
    return streaks.facts(streaks.read(member.id))


def streak_of(known: Facts) -> Streak:
    """`streak`, from facts that were read before."""
    return streaks.show(known, program_day())


def with_open_streak(on: date) -> Sequence[int]:
    """Ids of members who checked in on the day before `on` and not yet on `on`, in id order."""
    later = aliased(StreakFact)
    done_today = select(later.id).where(
        later.member_id == StreakFact.member_id, later.kind == CHECK_IN, later.on == on
    )
    yesterday = select(StreakFact.member_id).where(
        StreakFact.kind == CHECK_IN,
        StreakFact.on == on - streaks.DAY,
        ~done_today.exists(),
    )
    return db.session.scalars(yesterday.order_by(StreakFact.member_id)).all()


def _refuse_late(member_id: int, made_at: datetime, on: date) -> None:
    found = streaks.read(member_id)
    late_ons = [row.on for row in found.check_ins() if row.is_late]
    known = streaks.facts(found)
    if on in known.check_ins:
        return  # a replay: claim() will say so
    why = streak_rules.refuse_late(known, streaks.rules_of_program(), made_at, now(), on, late_ons)
    if why:
        raise LateCheckIn(why)


def _fact(
    member_id: int, kind: str, key: str, on: date, *, made_at: datetime, is_late: bool = False
) -> StreakFact:
    return StreakFact(
        member_id=member_id,
        kind=kind,
        key=key,
        on=on,
        is_late=is_late,
        made_at=made_at,
        at=now(),
    )
