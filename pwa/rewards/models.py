from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey

STATES = ("issued", "reserved", "used", "expired", "cancelled")


class Redemption(Base):
    """The act of getting a reward: for points, or as a prize."""

    __tablename__ = "redemption"
    __table_args__ = (
        UniqueConstraint("member_id", "key"),
        CheckConstraint("price_points >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reward_code: Mapped[str]
    price_points: Mapped[int]  # 0 for a prize
    source: Mapped[str]  # "catalogue", "mission", "wheel", ...
    at: Mapped[datetime]
    on: Mapped[date] = mapped_column("on_day")  # program day


class Voucher(Base):
    """The code that the till accepts, once. What it is for is kept as it was when issued."""

    __tablename__ = "voucher"
    __table_args__ = (
        Index("ix_voucher_member_newest", "member_id", "id"),
        Index("ix_voucher_due", "state", "expires_at"),
        CheckConstraint(f"state in {STATES}", name="state_known"),
        CheckConstraint("(state = 'used') = (used_at is not null)", name="used_has_time"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    redemption_id: Mapped[int] = mapped_column(ForeignKey("redemption.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reward_code: Mapped[str]
    reward: Mapped[dict[str, Any]] = mapped_column(JSON)  # the definition it was issued under
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what its kind added
    state: Mapped[str] = mapped_column(default="issued")
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # from this instant on the till refuses it
    reserved_until: Mapped[datetime | None]
    reserved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    used_outlet: Mapped[str | None]
    # The till's own key: a replay of it is the first use.
    use_key: Mapped[str | None] = mapped_column(unique=True)

    @property
    def last_at(self) -> datetime:
        """The last moment it is good for, as people say it: 23.59 and not 00.00."""
        return self.expires_at - timedelta(seconds=1)


class PartnerCode(Base):
    """One code of one pool; `voucher_id` is who got it."""

    __tablename__ = "partner_code"
    __table_args__ = (UniqueConstraint("pool", "code"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    pool: Mapped[str]
    code: Mapped[str]
    voucher_id: Mapped[int | None] = mapped_column(ForeignKey("voucher.id"), unique=True)


class VoucherGift(Base):
    """One offer of one voucher by one member to another."""

    __tablename__ = "voucher_gift"
    __table_args__ = (
        UniqueConstraint("from_member_id", "key"),
        CheckConstraint("state in ('offered', 'accepted', 'returned')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str]
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), index=True)
    from_member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    to_member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    state: Mapped[str] = mapped_column(default="offered")
    offered_at: Mapped[datetime]
    open_until: Mapped[datetime]


class Favourite(Base):
    """A reward that a member wants; her path leads to it first."""

    __tablename__ = "reward_favourite"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    reward_code: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
