from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey

CHECK_IN, FREEZE, REPAIR, PAUSE = "check_in", "freeze", "repair", "pause"
_A_CHECK_IN = text("kind = 'check_in'")


class StreakFact(Base):
    """One thing a member's streak is made of. Append-only; the streak is folded from these."""

    __tablename__ = "streak_fact"
    __table_args__ = (
        UniqueConstraint("member_id", "key"),
        # One check-in a member and program day, whatever keys the phones send.
        Index(
            "uq_streak_fact_check_in",
            "member_id",
            "on_day",
            unique=True,
            postgresql_where=_A_CHECK_IN,
            sqlite_where=_A_CHECK_IN,
        ),
        Index("ix_streak_fact_day", "on_day", "kind", "member_id"),
        CheckConstraint("kind in ('check_in', 'freeze', 'repair', 'pause')", name="kind_known"),
        CheckConstraint("until_on is null or until_on >= on_day", name="pause_in_order"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str]
    key: Mapped[str]  # "check_in:2026-11-22", "freeze:<what gave it>"
    on: Mapped[date] = mapped_column("on_day")  # program day; a pause's first
    until_on: Mapped[date | None]  # a pause's last day
    announced_on: Mapped[date | None]  # when a pause was announced
    is_late: Mapped[bool] = mapped_column(default=False)  # a check-in made offline, synced later
    made_at: Mapped[datetime]  # by the member's phone where it was offline
    at: Mapped[datetime]


class StreakBase(Base):
    """Where a member's streak stood when an old day was closed: earlier facts are folded in.

    So that a request reads some months of facts, however long a run is.
    """

    __tablename__ = "streak_base"

    member_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("member.id"), primary_key=True, autoincrement=False
    )
    until_on: Mapped[date]  # days before this one are in `state`
    state: Mapped[dict[str, Any]]  # games.streak.State, dates as ISO 8601


class StreakAward(Base):
    """A milestone's bonus that was paid: once for each run."""

    __tablename__ = "streak_award"
    __table_args__ = (UniqueConstraint("member_id", "milestone_days", "started_on"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    milestone_days: Mapped[int]
    started_on: Mapped[date]  # first day of the run
    points: Mapped[int]
    at: Mapped[datetime]


class MissionProgress(Base):
    """How far one member is in one window of one mission."""

    __tablename__ = "mission_progress"
    __table_args__ = (
        UniqueConstraint("member_id", "code", "window_key"),
        CheckConstraint("done >= 0", name="done_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    code: Mapped[str]
    window_key: Mapped[str]  # "2026-11-22", "2026-W47", "2026-11", "once", "<from>..<to>"
    began_on: Mapped[date]
    done: Mapped[int] = mapped_column(default=0)  # times, rupiah or days, by the definition
    days: Mapped[list[Any]] = mapped_column(default=list)  # ISO days, where days are counted
    done_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(default=0)  # how often a refund undid it
    definition: Mapped[dict[str, Any]]  # the mission as it was when this window began


class MissionCounted(Base):
    """An outbox event that was counted into a progress. Its being unique is "counted once"."""

    __tablename__ = "mission_counted"
    __table_args__ = (UniqueConstraint("progress_id", "event_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    progress_id: Mapped[int] = mapped_column(ForeignKey("mission_progress.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("outbox_event.id"))


class MissionSwap(Base):
    """A member's free swap of one drawn mission of a day's set: one a day."""

    __tablename__ = "mission_swap"
    __table_args__ = (UniqueConstraint("member_id", "on_day"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    on: Mapped[date] = mapped_column("on_day")
    code: Mapped[str]  # the mission that was swapped away
    at: Mapped[datetime]
