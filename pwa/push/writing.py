"""Notices for the inbox and a delivery for each browser: written once, however often asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from pwa.clock import now
from pwa.db import db
from pwa.push import kinds
from pwa.push.kinds import Kind, Planned
from pwa.push.models import Delivery, Notice, Subscription

ROWS_A_STATEMENT = 500


def insert_new(table: Any) -> Any:
    """INSERT that leaves a row alone whose unique columns are taken."""
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    chosen = postgresql.insert if on_postgresql else sqlite.insert
    return chosen(table).on_conflict_do_nothing()


def record(kind: Kind, planned: Iterable[Planned], broadcast_id: int | None = None) -> int:
    """Write notices of one kind and a delivery for each of their members' browsers."""
    todo, made = iter(planned), 0
    while some := list(islice(todo, ROWS_A_STATEMENT)):
        instant = now()
        db.session.execute(
            insert_new(Notice),
            [
                {
                    "member_id": p.member_id,
                    "kind": kind.name,
                    "event_key": p.event_key,
                    "broadcast_id": broadcast_id,
                    "facts": dict(p.facts),
                    "made_at": max(p.due_at or instant, instant),
                    "expires_at": p.expires_at,
                }
                for p in some
            ],
        )
        made += _queue(kind, some)
    return made


def _queue(kind: Kind, planned: Sequence[Planned]) -> int:
    """Deliveries for the notices of `planned`, where there is a browser to tell."""
    keys = {(p.member_id, p.event_key): p for p in planned}
    found = db.session.execute(
        select(Notice.id, Notice.member_id, Notice.event_key, Notice.made_at, Subscription.id)
        .join(Subscription, Subscription.member_id == Notice.member_id)
        .where(
            Notice.kind == kind.name,
            Notice.member_id.in_({p.member_id for p in planned}),
            Notice.event_key.in_({p.event_key for p in planned}),
            Subscription.state == "active",
        )
    )
    rows = [
        {
            "notice_id": notice_id,
            "subscription_id": subscription_id,
            "rank": kind.rank,
            "state": "queued",
            "due_at": made_at,
            "attempts": 0,
        }
        for notice_id, member_id, event_key, made_at, subscription_id in found
        if (member_id, event_key) in keys
    ]
    if rows:
        db.session.connection().execute(insert_new(Delivery.__table__), rows)
    return len(planned)


def tell_one(kind_name: str, planned: Planned, subscription_id: int) -> int:
    """A notice for one member, delivered to one of her browsers only (a test): its id."""
    kind = kinds.kind(kind_name)
    notice = Notice(
        member_id=planned.member_id, kind=kind.name, event_key=planned.event_key,
        facts=dict(planned.facts), made_at=now(), expires_at=planned.expires_at,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(notice)
    except IntegrityError:
        return 0
    db.session.add(
        Delivery(
            notice_id=notice.id, subscription_id=subscription_id, rank=kind.rank,
            due_at=now(), state="queued", attempts=0,
        )
    )  # fmt: skip
    db.session.flush()
    return notice.id
