from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class Friend(Base):
    """Somebody who joined through a member's invitation: one row for each who was invited."""

    __tablename__ = "friend"
    __table_args__ = (
        Index("ix_friend_inviter", "inviter_id", "joined_on"),
        CheckConstraint("inviter_id <> member_id", name="not_oneself"),
    )

    member_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("member.id"), primary_key=True, autoincrement=False
    )
    inviter_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    joined_on: Mapped[date]  # program day
    bought_at: Mapped[datetime | None]  # the first purchase that counted
