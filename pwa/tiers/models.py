from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class TierProgress(Base):
    """What counts towards a tier, by member and day: any period is a sum of days."""

    __tablename__ = "tier_progress"
    __table_args__ = (
        UniqueConstraint("member_id", "on_day"),
        CheckConstraint("points >= 0 and rupiah >= 0 and orders >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    on: Mapped[date] = mapped_column("on_day")  # program day
    points: Mapped[int]
    rupiah: Mapped[int]
    orders: Mapped[int]


class TierGrant(Base):
    """One tier that one member holds from a day to a day, and why."""

    __tablename__ = "tier_grant"
    __table_args__ = (UniqueConstraint("member_id", "tier_code", "source"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    tier_code: Mapped[str]
    # "2026-01-01": reached in the period that began then; "2026-01-01:gold": the landing after
    # gold; "manual:<key>": given by staff; "merge:<id>": held by an account merged into this one
    source: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date]  # the last day
    reason: Mapped[str]  # "reached", "landing", or the staff's own words
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class PerkTaken(Base):
    """One perk of a tier, taken once by one member: the n-th of its period."""

    __tablename__ = "tier_perk_taken"
    __table_args__ = (
        UniqueConstraint("member_id", "perk", "period", "n"),
        UniqueConstraint("member_id", "key"),
        CheckConstraint("n >= 1", name="n_positive"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    perk: Mapped[str]  # its code; "birthday" for every birthday perk; "double-day"; "freezes"
    period: Mapped[str]  # "2026-11", "2026-Q4", "2026"
    n: Mapped[int]
    key: Mapped[str]  # of the form that asked
    voucher_code: Mapped[str | None]
    on: Mapped[date] = mapped_column("on_day")  # program day
    at: Mapped[datetime]
