"""What the owner sees of push, counted from the deliveries of the last 30 days."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import case, func, select

from pwa.clock import now
from pwa.db import db
from pwa.push.models import Broadcast, Delivery, Departure, Notice, Subscription

SINCE = timedelta(days=30)
SENT = ("accepted", "shown", "clicked")
FAILED = ("expired", "gone", "rejected", "withheld")


@dataclass
class Figures:
    """One kind, or one campaign of it. Numbers are deliveries, but for `planned` (notices)."""

    kind: str
    title: str = ""  # of a campaign
    planned: int = 0
    waiting: int = 0
    sent: int = 0  # left for a push service, whatever it said
    accepted: int = 0
    shown: int = 0
    clicked: int = 0
    left: int = 0  # unsubscribed or muted within a day
    failed: Counter[str] = field(default_factory=Counter)


class Health(NamedTuple):
    """The subscriptions of one push service."""

    origin: str
    active: int
    other: int
    accepted: int
    failed: int
    newest_at: datetime | None


def by_kind() -> list[Figures]:
    """For each kind and, where there are broadcasts, for each of them. Four statements."""
    since = now() - SINCE
    found: dict[tuple[str, int], Figures] = defaultdict(lambda: Figures(""))
    group = (Notice.kind, func.coalesce(Notice.broadcast_id, 0))
    planned = select(*group, func.count()).where(Notice.made_at > since).group_by(*group)
    for kind, broadcast, count in db.session.execute(planned):
        found[kind, broadcast] = Figures(kind, planned=int(count))
    _count_deliveries(found, since)
    left = (
        select(*group, func.count())
        .join(Departure, Departure.notice_id == Notice.id)
        .where(Departure.at > since)
        .group_by(*group)
    )
    for kind, broadcast, count in db.session.execute(left):
        found[kind, broadcast].kind, found[kind, broadcast].left = kind, int(count)
    _name_broadcasts(found)
    return sorted(found.values(), key=lambda row: (row.kind, row.title))


def _count_deliveries(found: dict[tuple[str, int], Figures], since: datetime) -> None:
    group = (Notice.kind, func.coalesce(Notice.broadcast_id, 0), Delivery.state, Delivery.reason)
    counts = (
        select(
            *group, func.count(), func.count(Delivery.sent_at), func.count(Delivery.shown_at),
            func.count(Delivery.clicked_at),
        )
        .join(Delivery, Delivery.notice_id == Notice.id)
        .where(Notice.made_at > since)
        .group_by(*group)
    )  # fmt: skip
    for kind, broadcast, state, reason, count, sent, shown, clicked in db.session.execute(counts):
        row = found[kind, broadcast]
        row.kind = kind
        row.shown += int(shown)
        row.clicked += int(clicked)
        row.accepted += int(count) if state in SENT else 0
        answered = state in ("gone", "rejected") and (reason or "").isdecimal()
        row.sent += int(count) if state in SENT or answered else int(sent)
        if state in FAILED:
            row.failed[f"{state}: {reason}" if reason else state] += int(count)
        elif state not in SENT:
            row.waiting += int(count)


def _name_broadcasts(found: dict[tuple[str, int], Figures]) -> None:
    ids = {broadcast for _, broadcast in found if broadcast}
    if not ids:
        return
    for row in db.session.execute(
        select(Broadcast.id, Broadcast.kind, Broadcast.facts, Broadcast.event_key).where(
            Broadcast.id.in_(ids)
        )
    ):
        title = row.facts.get("title", "")
        name = title.get("id", "") if isinstance(title, dict) else title
        found[row.kind, row.id].title = name or row.event_key


def health() -> list[Health]:
    """Subscriptions by push service, and how its deliveries ended. Two statements."""
    active = func.sum(case((Subscription.state == "active", 1), else_=0))
    rows = db.session.execute(
        select(Subscription.origin, active, func.count(), func.max(Subscription.seen_at)).group_by(
            Subscription.origin
        )
    ).all()
    ended: dict[str, Counter[str]] = defaultdict(Counter)
    for origin, state, count in db.session.execute(
        select(Subscription.origin, Delivery.state, func.count())
        .join(Delivery, Delivery.subscription_id == Subscription.id)
        .where(Delivery.due_at > now() - SINCE)
        .group_by(Subscription.origin, Delivery.state)
    ):
        ended[origin]["accepted" if state in SENT else state] += int(count)
    return [
        Health(
            origin, int(on), int(count) - int(on), ended[origin]["accepted"],
            ended[origin]["rejected"] + ended[origin]["expired"], newest,
        )
        for origin, on, count, newest in rows
    ]  # fmt: skip
