"""What is kept of push: subscriptions, preferences, notices, deliveries.

A notice is one message for one member and stands in her inbox whether or not any browser is
told. A delivery is one sending of one notice to one browser. Texts are not kept: a notice
names its kind and its facts, and is worded when it is read or sent.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey

OPEN = ("queued", "deferred", "sending")
STATES = (*OPEN, "accepted", "shown", "clicked", "expired", "gone", "rejected", "withheld")
SUBSCRIPTION_STATES = ("active", "mismatch", "aside", "retired")
_STILL_OPEN = "state in ('queued', 'deferred', 'sending')"


class Subscription(Base):
    """One browser of one member. The endpoint is a secret: whoever knows it can be a nuisance."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        Index("ix_push_subscription_member", "member_id"),
        Index("ix_push_subscription_session", "session_id"),
        CheckConstraint(f"state in {SUBSCRIPTION_STATES}", name="state_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    endpoint: Mapped[str] = mapped_column(unique=True)
    origin: Mapped[str]  # the push service: scheme, host, port
    p256dh: Mapped[str]  # base64url, as the browser gave it
    auth: Mapped[str]
    key_id: Mapped[str]  # the VAPID key it was made with
    label: Mapped[str]  # "Chrome, Android"
    session_id: Mapped[str | None]  # logging that session out unbinds it
    state: Mapped[str] = mapped_column(default="active")
    failures: Mapped[int] = mapped_column(default=0)  # 400s in a row
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Preference(Base):
    """What one member wants to hear, and when. No row: everything at its default."""

    __tablename__ = "push_preference"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    muted: Mapped[list[Any]] = mapped_column(JSON, default=list)  # topics switched off
    quiet_from: Mapped[int | None]  # minutes after midnight, her zone; both None: no quiet hours
    quiet_until: Mapped[int | None]
    day_cap: Mapped[int]  # promotional notices a day and a week, pushed
    week_cap: Mapped[int]
    digest: Mapped[bool]  # one message a day instead of many


class Broadcast(Base):
    """One message to an audience, planned in batches behind a cursor."""

    __tablename__ = "push_broadcast"
    __table_args__ = (
        UniqueConstraint("kind", "event_key"),
        Index(
            "ix_push_broadcast_open",
            "starts_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str]
    event_key: Mapped[str]  # what a notice is unique by; several broadcasts may share `notice_key`
    notice_key: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    starts_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    cursor: Mapped[int] = mapped_column(BigKey, default=0)  # the last member planned
    planned: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    made_at: Mapped[datetime]


class Notice(Base):
    """One message for one member. (member, kind, event) is unique: never two for one."""

    __tablename__ = "push_notice"
    __table_args__ = (
        UniqueConstraint("member_id", "kind", "event_key"),
        Index("ix_push_notice_made", "made_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str]
    event_key: Mapped[str]
    broadcast_id: Mapped[int | None] = mapped_column(BigKey)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # None: the broadcast's
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # after this it is not pushed any more
    read_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]  # no longer true before it was told: not shown


class Delivery(Base):
    """One sending to one browser. `due_at` is when to look at it next: a lease is a later one."""

    __tablename__ = "push_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "subscription_id"),
        Index(
            "ix_push_delivery_due",
            "rank",
            "due_at",
            postgresql_where=text(_STILL_OPEN),
            sqlite_where=text(_STILL_OPEN),
        ),
        CheckConstraint(f"state in {STATES}", name="state_known"),
        # Most updates touch no index but the partial one; room on the page keeps them there.
        {"postgresql_with": {"fillfactor": "70"}},
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    notice_id: Mapped[int] = mapped_column(BigKey)
    subscription_id: Mapped[int] = mapped_column(BigKey)  # may be gone by now
    rank: Mapped[int]  # 0 waits for nothing, 1 is usual, 2 is promotional
    state: Mapped[str] = mapped_column(default="queued")
    reason: Mapped[str | None]  # why it ended or waits: "410", "muted", "quiet", ...
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]  # whose lease it is
    sent_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    clicked_at: Mapped[datetime | None]


class PromoSlot(Base):
    """One of the few promotional pushes a member gets in a day and in a week."""

    __tablename__ = "push_promo_slot"
    __table_args__ = (
        UniqueConstraint("member_id", "day", "day_nth"),
        UniqueConstraint("member_id", "week", "week_nth"),
    )

    notice_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(BigKey)
    day: Mapped[date]  # in her zone
    day_nth: Mapped[int]
    week: Mapped[date]  # its Monday
    week_nth: Mapped[int]


class Origin(Base):
    """A push service as we find it. "*" is a pause of everything, by the owner."""

    __tablename__ = "push_origin"

    origin: Mapped[str] = mapped_column(primary_key=True)
    paused_until: Mapped[datetime | None]
    reason: Mapped[str | None]  # "429", "vapid", "owner"
    refusals: Mapped[int] = mapped_column(default=0)  # 401 and 403 since the last acceptance
    changed_at: Mapped[datetime]


class PlannedEvent(Base):
    """An outbox event that the planner has dealt with, or failed at and will try again."""

    __tablename__ = "push_planned_event"
    __table_args__ = (
        Index(
            "ix_push_planned_event_retry",
            "retry_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
    )

    event_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    done_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime]


class Mark(Base):
    """How far something has got. "events": outbox events up to this one need no second look."""

    __tablename__ = "push_mark"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigKey, default=0)


class Departure(Base):
    """A member switched off a topic or a device soon after a notice: which one, how."""

    __tablename__ = "push_departure"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(BigKey)
    notice_id: Mapped[int] = mapped_column(BigKey, index=True)
    how: Mapped[str]  # "device", "topic", "gone"
    at: Mapped[datetime]


class Reminder(Base):
    """A member asked to be told when a product is back. Served in the order asked."""

    __tablename__ = "push_reminder"
    __table_args__ = (
        Index(
            "uq_push_reminder_open",
            "member_id",
            "sku",
            unique=True,
            postgresql_where=text("served_at IS NULL"),
            sqlite_where=text("served_at IS NULL"),
        ),
        Index("ix_push_reminder_queue", "sku", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    sku: Mapped[str]
    asked_at: Mapped[datetime]
    served_at: Mapped[datetime | None]
    event_key: Mapped[str | None]  # the restock it was served by
