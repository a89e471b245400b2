"""Goods that come back: what their purchase did for missions goes, too. Callers commit.

A mission that was paid for is undone when what is left no longer reaches it, unless the program
says `on_refund = "keep"`: its points are taken back once, as a movement of its own, from what she
has and else as a debt. Other purchases of the window that came too late to count then count now.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import select

from games import mission as rules
from games.window import key_of
from pwa import outbox
from pwa.clock import program_day
from pwa.db import claim, db
from pwa.ledger import service as ledger
from pwa.missions import definitions, progress
from pwa.missions.models import MissionCounted, MissionProgress
from pwa.program.schema import Mission

BOUGHT, RETURNED = "purchase.recorded", "purchase.refunded"


def goods_returned(member_id: int, purchase_id: int, returned: int, left: int, paid: int) -> None:
    """Of a purchase of `paid` rupiah, `returned` came back now and `left` stays bought. Once."""
    told = db.session.scalar(
        select(outbox.Event).where(outbox.Event.key == f"{BOUGHT}:{purchase_id}")
    )
    if told is None:
        return
    before, after = _as_left(told, left + returned, paid), _as_left(told, left, paid)
    found = db.session.execute(
        select(MissionProgress, MissionCounted)
        .join(MissionCounted, MissionCounted.progress_id == MissionProgress.id)
        .where(MissionProgress.member_id == member_id, MissionCounted.event_id == told.id)
        .order_by(MissionProgress.code)
        .with_for_update(of=MissionProgress)
    ).all()
    for row, counted in found:
        mission = definitions.thaw(row.definition)
        if row.done_on is None or _can_be_undone(mission):
            _take_out(row, counted, mission, before, after)


def _as_left(told: outbox.Event, left: int, paid: int) -> rules.Event:
    """The purchase as if only so much of it had been bought: each line in proportion."""
    event = progress.event_of(told, "purchase" if left else "nothing")
    lines = [
        {**line, "amount_rupiah": line["amount_rupiah"] * left // paid}
        for line in event.data.get("lines", ())
    ]
    return event._replace(data={**event.data, "amount_rupiah": left, "lines": lines})


def _can_be_undone(mission: Mission) -> bool:
    """Points are taken back; a voucher, a spin or a freeze may be used by now, and stays."""
    return mission.on_refund == "take_back" and mission.prize.kind == "points"


def _take_out(
    row: MissionProgress,
    counted: MissionCounted,
    mission: Mission,
    before: rules.Event,
    after: rules.Event,
) -> None:
    ruled = definitions.rule(mission)
    lost = rules.amount(ruled, before) - rules.amount(ruled, after)
    if lost:
        _lower(row, ruled, lost, before.on)
    if after.kind == "nothing":
        db.session.delete(counted)
    if row.done_on is not None and row.done < mission.wanted:
        _undo(row, mission)


def _lower(row: MissionProgress, ruled: rules.Mission, lost: int, on: date) -> None:
    if ruled.measure != rules.DAYS:
        row.done = max(0, row.done - lost)
    elif _is_only_of_its_day(row, on):
        row.days = [day for day in row.days if day != on.isoformat()]
        row.done = len(row.days)


def _is_only_of_its_day(row: MissionProgress, on: date) -> bool:
    others = select(outbox.Event.at).join(
        MissionCounted, MissionCounted.event_id == outbox.Event.id
    )
    mine = others.where(MissionCounted.progress_id == row.id)
    return [program_day(at) for at in db.session.scalars(mine)].count(on) <= 1


def _undo(row: MissionProgress, mission: Mission) -> None:
    """Open it again; what later purchases fill stays paid, else its points come back."""
    paid_key = progress.pay_key(row)
    row.done_on, row.done_at = None, None
    if _fill_again(row, definitions.rule(mission)):
        return
    row.returns += 1
    if mission.prize.points:
        ledger.reverse(
            f"mission:{paid_key}",
            key=f"mission.returned:{paid_key}",
            reason="mission_returned",
        )


def _fill_again(row: MissionProgress, ruled: rules.Mission) -> bool:
    """Count the window's purchases that came after it was done; whether that does it again."""
    counted = select(MissionCounted.event_id).where(MissionCounted.progress_id == row.id)
    known = set(db.session.scalars(counted))
    hers = select(outbox.Event).where(
        outbox.Event.member_id == row.member_id, outbox.Event.kind.in_((BOUGHT, RETURNED))
    )
    events = db.session.scalars(hers.order_by(outbox.Event.id)).all()
    back: Counter[str] = Counter()
    for event in events:
        if event.kind == RETURNED:
            back[f"{BOUGHT}:{event.data['purchase']}"] += event.data["amount_rupiah"]
    for event in events:
        left = event.data["amount_rupiah"] - back[event.key]
        is_open = event.kind == BOUGHT and event.id not in known and left > 0
        if is_open and key_of(ruled.window, program_day(event.at)) == row.window_key:
            _count(row, ruled, event, _as_left(event, left, event.data["amount_rupiah"]))
    return row.done_on is not None


def _count(
    row: MissionProgress, ruled: rules.Mission, told: outbox.Event, event: rules.Event
) -> None:
    if row.done_on is not None or not rules.amount(ruled, event):
        return
    claim(
        MissionCounted(progress_id=row.id, event_id=told.id),
        progress_id=row.id, event_id=told.id,
    )  # fmt: skip
    so_far = rules.Progress(row.done, frozenset(map(date.fromisoformat, row.days)))
    now_done = rules.step(ruled, so_far, event)
    row.done, row.days = now_done.done, sorted(day.isoformat() for day in now_done.days)
    if now_done.done_on is not None:
        row.done_on, row.done_at = now_done.done_on, told.at
