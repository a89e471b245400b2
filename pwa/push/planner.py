"""From what happened, and from the calendar, to notices and their deliveries.

Everything is done in bounded steps, each in a transaction of the caller, and may be done
twice: (member, kind, event) is unique, and so is (notice, browser).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, exists, func, literal, select, update

from pwa.clock import now
from pwa.db import db
from pwa.members import service as members
from pwa.outbox import Event
from pwa.push import kinds
from pwa.push.kinds import Call, Kind
from pwa.push.models import Broadcast, Delivery, Mark, Notice, PlannedEvent, Subscription
from pwa.push.writing import insert_new, record, tell_one

log = logging.getLogger(__name__)
RETRY_FIRST = timedelta(seconds=10)
RETRY_MOST = timedelta(hours=1)
TRIES_MOST = 20
# Events are numbered when written and seen when committed, which is not the same order.
LOOK_BACK = timedelta(minutes=15)
EVENTS = "events"
FLOOR_STEP = 200
AHEAD = timedelta(minutes=10)  # calls are planned so long before they start
BROADCAST_STEP = 2_000
Member = members.Member
__all__ = ["call_out", "fan_out", "insert_new", "plan_events", "record", "start_due", "tell_one"]


# --- events ---


def plan_events(instant: datetime, limit: int) -> int:
    """Turn at most `limit` outbox events into notices; how many were dealt with."""
    ids = _open_events(instant, limit)
    if not ids:
        _raise_floor(instant)
    wanted = kinds.events_wanted()
    return sum(_plan_event(event_id, wanted) for event_id in ids)


def _open_events(instant: datetime, limit: int) -> list[int]:
    """Events that nobody has planned yet, and those that failed and are due again."""
    fresh = (
        select(Event.id)
        .where(Event.id > _floor(), Event.kind.in_(kinds.events_wanted()))
        .where(~exists().where(PlannedEvent.event_id == Event.id))
    )
    failed = select(PlannedEvent.event_id).where(
        PlannedEvent.done_at.is_(None), PlannedEvent.retry_at <= instant
    )
    ids = list(db.session.scalars(fresh.order_by(Event.id).limit(limit)))
    return ids + list(db.session.scalars(failed.limit(limit)))


def _floor() -> int:
    return db.session.scalar(select(Mark.value).where(Mark.name == EVENTS)) or 0


def _raise_floor(instant: datetime) -> None:
    """Nothing is open: what is old enough to have been committed needs no second look."""
    after = _floor()
    settled = select(func.max(Event.id)).where(Event.id > after, Event.at < instant - LOOK_BACK)
    upto = db.session.scalar(settled)
    if upto is None or upto - after < FLOOR_STEP:
        return
    db.session.execute(insert_new(Mark).values(name=EVENTS, value=0))
    db.session.execute(update(Mark).where(Mark.name == EVENTS).values(value=upto))
    db.session.execute(
        delete(PlannedEvent).where(PlannedEvent.event_id <= upto, PlannedEvent.done_at.is_not(None))
    )


def _plan_event(event_id: int, wanted: Any) -> bool:
    """One event, whole or not at all; a failure is noted and tried again later."""
    try:
        with db.session.begin_nested():
            if not _claim_event(event_id):
                return False
            event = db.session.get_one(Event, event_id)
            for kind in wanted[event.kind]:
                record(kind, kind.events[event.kind](event))
        return True
    except Exception:
        log.exception("event %s was not planned", event_id)
        _note_failure(event_id)
        return True


def _claim_event(event_id: int) -> bool:
    """Whether this transaction is the one that plans the event (a row lock, or a unique key)."""
    mine = update(PlannedEvent).where(
        PlannedEvent.event_id == event_id, PlannedEvent.done_at.is_(None)
    )
    if db.session.execute(mine.values(done_at=now())).rowcount:  # type: ignore[attr-defined]
        return True
    fresh = insert_new(PlannedEvent).values(
        event_id=event_id, done_at=now(), tries=0, retry_at=now()
    )
    return db.session.scalar(fresh.returning(PlannedEvent.event_id)) is not None


def _note_failure(event_id: int) -> None:
    row = db.session.get(PlannedEvent, event_id)
    if row is None:
        row = PlannedEvent(event_id=event_id, tries=0, retry_at=now())
        db.session.add(row)
    row.tries += 1
    row.retry_at = now() + min(RETRY_MOST, RETRY_FIRST * 2 ** min(row.tries, 12))
    row.done_at = now() if row.tries >= TRIES_MOST else None
    db.session.flush()


# --- the calendar, and broadcasts ---


def start_due(instant: datetime, limit: int) -> int:
    """Write down the calls that are to start about now; each once."""
    return sum(call_out(name, call) for name, call in _calls_due(instant))


def _calls_due(instant: datetime) -> list[tuple[str, Call]]:
    due = [
        (kind.name, call)
        for kind in kinds.all_kinds().values()
        for call in (kind.calendar(instant) if kind.calendar else ())
        if call.starts_at <= instant + AHEAD and call.expires_at > instant
    ]
    asked = select(Broadcast.kind, Broadcast.event_key).where(
        Broadcast.event_key.in_({call.event_key for _, call in due})
    )
    begun = {tuple(row) for row in db.session.execute(asked)} if due else set()
    return [(name, call) for name, call in due if (name, call.event_key) not in begun]


def call_out(kind_name: str, call: Call) -> int:
    """Begin a broadcast, once for its event key: 1 if it is new."""
    fresh = insert_new(Broadcast).values(
        kind=kind_name,
        event_key=call.event_key,
        notice_key=call.notice_key or call.event_key,
        facts=dict(call.facts),
        audience=dict(call.audience),
        starts_at=call.starts_at,
        expires_at=call.expires_at,
        cursor=0,
        planned=0,
        made_at=now(),
    )
    return int(db.session.scalar(fresh.returning(Broadcast.id)) is not None)


def fan_out(instant: datetime, limit: int) -> int:
    """One step of the oldest open broadcast; how many members were planned (at least 1)."""
    row = db.session.scalar(
        _open_broadcasts(instant)
        .order_by(Broadcast.starts_at, Broadcast.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return 0
    kind = kinds.kind(row.kind)
    step = _sweep if kind.sweep else _spread
    upto, made = step(kind, row, max(limit, BROADCAST_STEP))
    row.planned += made
    if upto is None:
        row.done_at = now()
    else:
        row.cursor = upto
    db.session.flush()
    return max(made, 1)


def _sweep(kind: Kind, row: Broadcast, limit: int) -> tuple[int | None, int]:
    """Notices with facts of their own, worked out member by member."""
    assert kind.sweep is not None
    found = kind.sweep({**row.facts, **row.audience}, row.cursor, limit)
    planned = [p._replace(due_at=p.due_at or row.starts_at) for p in found.planned]
    return found.cursor, record(kind, planned, row.id)


def _spread(kind: Kind, row: Broadcast, limit: int) -> tuple[int | None, int]:
    """The same facts for everyone: two INSERT ... SELECT over a stretch of members."""
    ahead = select(Member.id).where(Member.id > row.cursor).order_by(Member.id).limit(limit)
    upto = db.session.scalar(select(func.max(ahead.subquery().c.id)))
    if upto is None:
        return None, 0
    made_at = max(row.starts_at, now())
    stretch = (Member.id > row.cursor, Member.id <= upto, Member.closed_at.is_(None))
    audience = kind.audience(row.audience) if kind.audience else None
    chosen = select(
        Member.id, literal(kind.name), literal(row.notice_key), literal(row.id),
        literal(made_at, type_=Notice.made_at.type),
        literal(row.expires_at, type_=Notice.expires_at.type),
    ).where(*stretch)  # fmt: skip
    if audience is not None:
        chosen = chosen.where(audience)
    columns = ["member_id", "kind", "event_key", "broadcast_id", "made_at", "expires_at"]
    fresh = insert_new(Notice.__table__).from_select(columns, chosen.where(_NO_CLASH))
    made = db.session.connection().execute(fresh)
    _spread_deliveries(kind, row, upto, made_at)
    return upto, max(made.rowcount, 0)


# SQLite reads "SELECT ... ON CONFLICT" as a join without a WHERE that ends the SELECT.
_NO_CLASH = literal(1) == 1


def _spread_deliveries(kind: Kind, row: Broadcast, upto: int, made_at: datetime) -> None:
    told = (
        select(
            Notice.id, Subscription.id, literal(kind.rank), literal("queued"),
            literal(made_at, type_=Delivery.due_at.type), literal(0),
        )
        .join(Subscription, Subscription.member_id == Notice.member_id)
        .where(
            Notice.member_id > row.cursor,
            Notice.member_id <= upto,
            Notice.kind == kind.name,
            Notice.event_key == row.notice_key,
            Notice.broadcast_id == row.id,
            Subscription.state == "active",
        )
    )  # fmt: skip
    if kind.promo:
        told = told.where(members.has_consented(Notice.member_id, "promo"))
    columns = ["notice_id", "subscription_id", "rank", "state", "due_at", "attempts"]
    db.session.connection().execute(insert_new(Delivery.__table__).from_select(columns, told))


def _open_broadcasts(instant: datetime) -> Select[Broadcast]:
    return select(Broadcast).where(
        Broadcast.done_at.is_(None), Broadcast.starts_at <= instant + AHEAD
    )


# Whether a step has anything to do, asked by the worker without a write lock.
PEEKS: dict[str, Callable[[datetime], bool]] = {
    "plan_events": lambda instant: bool(_open_events(instant, 1)) or _may_raise_floor(instant),
    "start_due": lambda instant: bool(_calls_due(instant)),
    "fan_out": lambda instant: db.session.scalar(_open_broadcasts(instant).limit(1)) is not None,
}


def _may_raise_floor(instant: datetime) -> bool:
    newest = db.session.scalar(select(func.max(Event.id))) or 0
    return newest - _floor() > 2 * FLOOR_STEP and newest % FLOOR_STEP < FLOOR_STEP // 4
