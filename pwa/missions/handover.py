"""Two accounts of one person made one: her missions and days together, and nothing paid for it.

Callers commit.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from games import streak as rules
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.missions import streaks
from pwa.missions.models import CHECK_IN, MissionProgress, StreakAward, StreakBase, StreakFact


def missions(kept_id: int, closed_id: int) -> None:
    """In each window, how far she is with the account that got further: what one account has
    done, the other can't do again.
    """
    for theirs in _of(MissionProgress, closed_id):
        unique = {"member_id": kept_id, "code": theirs.code, "window_key": theirs.window_key}
        fresh = MissionProgress(
            **unique, began_on=theirs.began_on, done=0, days=[], definition=theirs.definition
        )
        row, _ = claim(fresh, **unique)
        is_further = theirs.done_on is not None or theirs.done > row.done
        if row.done_on is None and is_further:
            row.done, row.days = theirs.done, list(theirs.days)
            row.done_on, row.done_at = theirs.done_on, theirs.done_at


def streak(kept_id: int, closed_id: int) -> None:
    """Every day that either account came counts; milestones so reached are not paid again."""
    base = db.session.get(StreakBase, kept_id)
    held = _of(StreakFact, kept_id)
    keys = {row.key for row in held}
    days = {row.on for row in held if row.kind == CHECK_IN}
    if not held:
        base = _copy_base(kept_id, closed_id)
    for row in _of(StreakFact, closed_id):
        is_there = row.key in keys or (row.kind == CHECK_IN and row.on in days)
        if not is_there and (base is None or row.on >= base.until_on):
            _copy_fact(kept_id, row)
    db.session.flush()
    _mark_paid(kept_id)


def _copy_base(kept_id: int, closed_id: int) -> StreakBase | None:
    theirs = db.session.get(StreakBase, closed_id)
    if theirs is None:
        return None
    mine = StreakBase(member_id=kept_id, until_on=theirs.until_on, state=dict(theirs.state))
    db.session.add(mine)
    return mine


def _copy_fact(kept_id: int, row: StreakFact) -> None:
    kept = ("kind", "key", "on", "until_on", "announced_on", "is_late", "made_at", "at")
    db.session.add(StreakFact(member_id=kept_id, **{name: getattr(row, name) for name in kept}))


def _mark_paid(member_id: int) -> None:
    known = streaks.facts(streaks.read(member_id))
    for one in rules.reached(known, streaks.rules_of_program(), program_day()):
        unique = {
            "member_id": member_id, "milestone_days": one.milestone, "started_on": one.started_on,
        }  # fmt: skip
        claim(StreakAward(**unique, points=0, at=now()), **unique)


def _of(table: Any, member_id: int) -> list[Any]:
    asked = select(table).where(table.member_id == member_id).order_by(table.id)
    return list(db.session.scalars(asked))
