from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class Review(Base):
    """What a member says of one of her purchases: once, for the shop to read."""

    __tablename__ = "review"
    __table_args__ = (
        Index("ix_review_member", "member_id"),
        CheckConstraint("stars between 1 and 5", name="stars_in_range"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"), unique=True)
    outlet_code: Mapped[str]
    stars: Mapped[int]
    text: Mapped[str]
    at: Mapped[datetime]


class SurveyAnswer(Base):
    """One member's answers to one survey of the program."""

    __tablename__ = "survey_answer"
    __table_args__ = (UniqueConstraint("member_id", "survey"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    survey: Mapped[str] = mapped_column(index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)  # place of the option, by question
    at: Mapped[datetime]
