"""Counting events into missions, each once, and paying what is done."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from games import mission as rules
from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.missions import audience, daily_set, definitions
from pwa.missions.models import MissionCounted, MissionProgress
from pwa.program.schema import Mission
from pwa.rewards import service as rewards


def count(member_id: int, event_id: int, event: rules.Event) -> int:
    """Count one outbox event into every mission it feeds; the points that this paid.

    Counting an event again changes nothing. The caller commits.
    """
    feeds = [m for m in definitions.in_force(event.on).values() if _feeds(m, event)]
    mine = daily_set.keep_drawn(member_id, feeds, event.on)
    open_ones = list(audience.open_for(member_id, mine, event.on))
    # By code: two events of one member take their rows in one order, so they can't deadlock.
    return sum(
        _count_into(member_id, mission, event_id, event)
        for mission in sorted(open_ones, key=lambda m: m.code)
    )


def _feeds(mission: Mission, event: rules.Event) -> bool:
    return rules.amount(definitions.rule(mission), event) != 0


def _count_into(member_id: int, mission: Mission, event_id: int, event: rules.Event) -> int:
    row = _row(member_id, mission, event.on)
    if row is None or row.done_on is not None:
        return 0
    counted = MissionCounted(progress_id=row.id, event_id=event_id)
    _, is_ours = claim(counted, progress_id=row.id, event_id=event_id)
    if not is_ours:
        return 0
    kept = definitions.thaw(row.definition)  # the version that this window began with
    before = rules.Progress(row.done, frozenset(map(date.fromisoformat, row.days)))
    after = rules.step(definitions.rule(kept), before, event)
    row.done, row.days = after.done, sorted(day.isoformat() for day in after.days)
    if after.done_on is None:
        return 0
    row.done_on, row.done_at = after.done_on, now()
    return _pay(member_id, kept, row) + daily_set.award(member_id, kept, event.on)


def _row(member_id: int, mission: Mission, on: date) -> MissionProgress | None:
    """The member's row in the window of day `on`, locked until the caller commits."""
    window_key = definitions.window_key(mission, on)
    if window_key is None:
        return None
    unique = {"member_id": member_id, "code": mission.code, "window_key": window_key}
    locked = select(MissionProgress).filter_by(**unique).with_for_update()
    locked = locked.execution_options(populate_existing=True)
    row = db.session.scalar(locked)
    if row is not None:
        return row
    fresh = MissionProgress(
        **unique, began_on=on, done=0, days=[], definition=definitions.snapshot(mission)
    )
    row, is_ours = claim(fresh, **unique)
    return row if is_ours else db.session.scalar(locked)


def pay_key(row: MissionProgress) -> str:
    """What names the payment of this window; of each time, where a refund undid one."""
    key = f"{row.member_id}:{row.code}:{row.window_key}"
    return f"{key}:{row.returns}" if row.returns else key


def _pay(member_id: int, mission: Mission, row: MissionProgress) -> int:
    """Pay points here; other prizes are handed out by those who own them, from the event."""
    points = mission.prize.points
    key = pay_key(row)
    if points:
        ledger.earn(
            member_id,
            points,
            key=f"mission:{key}",
            source="mission",
            reason="mission",
            facts={"title": mission.name.model_dump(exclude_none=True)},
        )
    if mission.prize.reward:
        _give_voucher(member_id, mission.prize.reward, f"mission:{key}")
    outbox.tell(
        "mission.done",
        key,
        member_id,
        mission=mission.code,
        window=row.window_key,
        prize=mission.prize.model_dump(mode="json"),
    )
    return points


def _give_voucher(member_id: int, reward_code: str, key: str) -> None:
    """Give the voucher that was promised; where the shop has none left, tell the owner."""
    try:
        with db.session.begin_nested():
            rewards.issue_prize(member_id, reward_code, key=key, source="mission")
    except LoyaltyError as refusal:
        outbox.tell("prize.owed", key, member_id, reward=reward_code, why=refusal.code)


# What the outbox tells, as the rules want it


def event_of(told: outbox.Event, kind: str, **data: Any) -> rules.Event:
    """An outbox event in the rules' words; its day is the program day it happened on."""
    return rules.Event(kind, program_day(told.at), {**told.data, **data})


def event_on(on: date, kind: str, **data: Any) -> rules.Event:
    """Something that happened on program day `on`, in the rules' words."""
    return rules.Event(kind, on, data)
