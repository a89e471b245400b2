from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class Player(Base):
    """What one member brings to every roll; its row is the member's lock while playing."""

    __tablename__ = "player"

    member_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("member.id"), primary_key=True, autoincrement=False
    )
    seed: Mapped[str] = mapped_column(default="")  # the member's own, at most 64 characters
    tickets: Mapped[int] = mapped_column(default=0)  # how many were ever given: numbers the next


class GameDay(Base):
    """One game's secret for one program day, promised before the day by its commitment."""

    __tablename__ = "game_day"
    __table_args__ = (UniqueConstraint("game", "on_day"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    game: Mapped[str]  # a wheel's code, "scratch", ...
    on: Mapped[date] = mapped_column("on_day")
    seed_hex: Mapped[str]  # 32 random bytes; secret until the day is over
    slices: Mapped[list[Any]]  # as played and published, see games/wheel.py `plain`
    consolation: Mapped[str]
    config: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # of games other than the wheel
    version: Mapped[str]  # SHA-256 of the slices, hex
    commitment: Mapped[str]  # SHA-256 of "seed|day|version", hex: published at once
    made_at: Mapped[datetime]


class Ticket(Base):
    """The right to one play. Spent by a guarded update: one ticket, one play."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("member_id", "game", "key"),
        UniqueConstraint("member_id", "number"),
        Index("ix_ticket_open", "member_id", "game", "spent_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    game: Mapped[str]
    key: Mapped[str]  # what gave it: "free:2026-11-22:1", "mission:...", "bought:..."
    number: Mapped[int]  # counts this member's tickets from 1, and goes into the roll
    given_at: Mapped[datetime]
    until_on: Mapped[date]  # the last program day on which it is good
    spent_at: Mapped[datetime | None]


class Spin(Base):
    """One play of chance: what was rolled, what was given, and why those may differ."""

    __tablename__ = "spin"
    __table_args__ = (
        UniqueConstraint("member_id", "key"),
        UniqueConstraint("ticket_id"),
        Index("ix_spin_member_newest", "member_id", "id"),
        Index("ix_spin_day", "on_day", "game"),
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("state in ('paid', 'held', 'refused')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    day_id: Mapped[int] = mapped_column(ForeignKey("game_day.id"))
    game: Mapped[str]
    on: Mapped[date] = mapped_column("on_day")
    key: Mapped[str]  # the page's own, one for each press
    number: Mapped[int]  # the ticket's
    member_seed: Mapped[str]  # as it was at the roll
    tiers: Mapped[list[Any]]  # the member's, which decide the slices on her wheel
    roll: Mapped[int] = mapped_column(BigKey)
    raw: Mapped[str]  # code of the slice that the roll landed on
    given: Mapped[str]  # code of the prize given: `raw`, the consolation, or "nothing"
    why_out: Mapped[str | None]  # why `raw` was not given: stock, points, rupiah
    prize: Mapped[dict[str, Any]]  # what was given, as the program file says it
    label: Mapped[dict[str, Any]]  # its label by language
    points: Mapped[int]
    balance_before: Mapped[int]  # spendable points
    balance_after: Mapped[int]
    device: Mapped[str]  # a random mark of the browser; "" if unknown
    state: Mapped[str] = mapped_column(default="paid")  # held: waits for the owner
    suspicions: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime]


class QuizAttempt(Base):
    """One member's attempt at one quiz on one day, with its own drawn questions."""

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("member_id", "quiz", "on_day", "number"),
        UniqueConstraint("member_id", "key"),
        Index("ix_quiz_attempt_open", "finished_at", "on_day"),
        CheckConstraint("state in ('paid', 'held', 'refused')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    quiz: Mapped[str]
    on: Mapped[date] = mapped_column("on_day")
    number: Mapped[int]  # first attempt of the day is 1
    key: Mapped[str]
    seed_hex: Mapped[str]  # draws the questions and shuffles their options
    definition: Mapped[dict[str, Any]]  # the quiz of this attempt, as the program file said it
    language: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    score: Mapped[int] = mapped_column(default=0)
    right: Mapped[int] = mapped_column("right_answers", default=0)
    points: Mapped[int] = mapped_column(default=0)
    device: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="paid")
    suspicions: Mapped[list[Any]] = mapped_column(default=list)


class QuizTurn(Base):
    """One question of an attempt: when it was asked, when and what was answered."""

    __tablename__ = "quiz_turn"
    __table_args__ = (UniqueConstraint("attempt_id", "place"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id"))
    place: Mapped[int]  # from 0
    question: Mapped[str]
    option_order: Mapped[list[Any]]  # which option stands at each place on this phone
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[list[Any]] = mapped_column(default=list)  # option codes; empty: out of time
    is_right: Mapped[bool] = mapped_column(default=False)


class Preference(Base):
    """What a member said she likes, in a quiz, while she agreed to its being kept."""

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("member_id", "asks"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    asks: Mapped[str]  # "minuman": what the question was about
    question: Mapped[dict[str, Any]]  # its text by language, as it was asked
    answer: Mapped[dict[str, Any]]  # the option's text by language
    at: Mapped[datetime]
