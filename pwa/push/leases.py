"""Taking deliveries to send, and writing down how they ended. Callers commit.

A lease is `due_at` put into the future: who dies with it in hand loses it by the clock. The
same statement does it on both databases; PostgreSQL skips rows that another worker holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from pwa.db import db
from pwa.members import service as members
from pwa.push.kinds import RANKS
from pwa.push.models import OPEN, Broadcast, Delivery, Notice, Subscription

LEASE = timedelta(seconds=60)
Member = members.Member


class Leased(NamedTuple):
    """One delivery with all that sending it takes."""

    id: int
    attempts: int
    notice_id: int
    kind: str
    event_key: str
    broadcast_id: int | None
    facts: dict[str, Any] | None
    expires_at: datetime
    read_at: datetime | None
    withdrawn_at: datetime | None
    member_id: int
    name: str
    language: str
    zone: str
    closed_at: datetime | None
    subscription_id: int | None
    bound_to: int | None
    endpoint: str
    origin: str
    p256dh: str
    auth: str
    key_id: str
    state: str
    failures: int
    updated_at: datetime


class Ended(NamedTuple):
    """How one delivery goes on: a state of Delivery, why, and when to look again."""

    id: int
    state: str
    reason: str | None = None
    due_at: datetime | None = None
    attempts: int = 0


def take(worker: str, instant: datetime, limit: int, lease: timedelta = LEASE) -> list[Leased]:
    """Lease up to `limit` due deliveries, the urgent first."""
    ids: list[int] = []
    for rank in sorted(RANKS.values()):
        if len(ids) < limit:
            ids += _take(worker, instant, limit - len(ids), rank, lease)
    return _with_all(ids) if ids else []


def any_due(instant: datetime) -> bool:
    """Whether there is anything to take, asked without locking anything."""
    return any(
        db.session.scalar(
            select(Delivery.id)
            .where(Delivery.state.in_(OPEN), Delivery.rank == rank, Delivery.due_at <= instant)
            .limit(1)
        )
        is not None
        for rank in RANKS.values()
    )


def _take(worker: str, instant: datetime, limit: int, rank: int, lease: timedelta) -> Sequence[int]:
    due = (
        select(Delivery.id)
        .where(Delivery.state.in_(OPEN), Delivery.rank == rank, Delivery.due_at <= instant)
        .order_by(Delivery.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    mine = (
        update(Delivery)
        .where(Delivery.id.in_(select(due.c.id)), Delivery.state.in_(OPEN))
        .values(state="sending", worker=worker, due_at=instant + lease)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalars(mine).all()


def _with_all(ids: Sequence[int]) -> list[Leased]:
    rows = db.session.execute(
        select(
            Delivery.id, Delivery.attempts, Notice.id, Notice.kind, Notice.event_key,
            Notice.broadcast_id, Notice.facts, Notice.expires_at, Notice.read_at,
            Notice.withdrawn_at, Member.id, Member.name, Member.language, Member.zone,
            Member.closed_at, Subscription.id, Subscription.member_id, Subscription.endpoint,
            Subscription.origin, Subscription.p256dh, Subscription.auth, Subscription.key_id,
            Subscription.state, Subscription.failures, Subscription.updated_at,
        )
        .join(Notice, Notice.id == Delivery.notice_id)
        .join(Member, Member.id == Notice.member_id)
        .outerjoin(Subscription, Subscription.id == Delivery.subscription_id)
        .where(Delivery.id.in_(ids))
        .order_by(Delivery.id)
    )  # fmt: skip
    return [Leased(*row) for row in rows]


def facts_of_broadcasts(rows: Iterable[Leased]) -> dict[int, dict[str, Any]]:
    """The facts that many notices share, by broadcast."""
    ids = {row.broadcast_id for row in rows if row.broadcast_id and row.facts is None}
    if not ids:
        return {}
    found = db.session.execute(select(Broadcast.id, Broadcast.facts).where(Broadcast.id.in_(ids)))
    return {row[0]: row[1] for row in found}


def unread_counts(member_ids: set[int], instant: datetime) -> dict[int, int]:
    """How many notices each member has not read: the number on the icon."""
    rows = db.session.execute(
        select(Notice.member_id, func.count())
        .where(
            Notice.member_id.in_(member_ids),
            Notice.read_at.is_(None),
            Notice.withdrawn_at.is_(None),
            Notice.made_at <= instant,
        )
        .group_by(Notice.member_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def end(worker: str, ended: Sequence[Ended], instant: datetime) -> None:
    """Write down how deliveries ended: one statement for all that ended alike.

    An acceptance counts even if the lease ran out meanwhile; anything else only while it is ours.
    """
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for one in ended:
        alike[one[1:]].append(one.id)
    for (state, reason, due_at, attempts), ids in alike.items():
        these = update(Delivery).where(Delivery.id.in_(ids), Delivery.state.in_(OPEN))
        if state == "accepted":
            these = these.values(state=state, reason=None, sent_at=instant)
        else:
            these = these.where(Delivery.worker == worker).values(
                state=state, reason=reason, attempts=attempts, due_at=due_at or Delivery.due_at
            )
        db.session.execute(these, execution_options={"synchronize_session": False})


def give_back(worker: str, ids: Sequence[int], instant: datetime) -> None:
    """Unsent after all (we are stopping): due again at once."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.worker == worker, Delivery.state == "sending")
        .values(state="queued", due_at=instant),
        execution_options={"synchronize_session": False},
    )
