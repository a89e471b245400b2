from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class Member(Base):
    """Somebody who joined the program."""

    __tablename__ = "member"
    __table_args__ = (
        Index(
            "ix_member_erase_at",
            "erase_at",
            postgresql_where=text("erase_at IS NOT NULL"),
            sqlite_where=text("erase_at IS NOT NULL"),
        ),
        CheckConstraint("theme in ('', 'light', 'dark')", name="theme_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # in URLs and proofs; says nothing
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(unique=True)  # E.164
    password_hash: Mapped[str]
    birthday: Mapped[date | None]
    birthday_changed_on: Mapped[date | None]  # the last change; the first one told is none
    language: Mapped[str] = mapped_column(default="id")
    zone: Mapped[str] = mapped_column(default="Asia/Jakarta")
    card_code: Mapped[str] = mapped_column(unique=True)  # digits, the last two check the rest
    joined_at: Mapped[datetime]
    joined_on: Mapped[date]  # program day
    joined_via: Mapped[str]  # the poster's or link's own mark, "" if none
    session_epoch: Mapped[int] = mapped_column(default=1)  # a new one ends every session
    closed_at: Mapped[datetime | None]
    email: Mapped[str | None]  # for one-time codes where there is no WhatsApp; proved by a code
    theme: Mapped[str] = mapped_column(default="")  # "", "light" or "dark"; "" is the phone's own
    erase_at: Mapped[datetime | None]  # she asked to be erased: when the clock of 72 hours ends
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Consent(Base):
    """One answer of one member about one purpose. Append-only: the newest answer counts."""

    __tablename__ = "member_consent"
    __table_args__ = (
        Index("ix_member_consent_newest", "member_id", "purpose", "id"),
        CheckConstraint("purpose in ('program', 'promo', 'profiling')", name="purpose_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    purpose: Mapped[str]
    text_version: Mapped[str]  # the version of the text she agreed to
    granted: Mapped[bool]
    at: Mapped[datetime]
    source: Mapped[str]  # the screen it was given on


# The version of the program's terms that a member of a larger statement agreed to last.
AGREED_TO = (
    select(Consent.text_version)
    .where(Consent.member_id == Member.id, Consent.purpose == "program")
    .order_by(Consent.id.desc())
    .limit(1)
    .correlate(Member)
    .scalar_subquery()
)


class Passkey(Base):
    """A key pair on one of the member's devices (or in her cloud); the public half of it."""

    __tablename__ = "member_passkey"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count_not_negative"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    credential_id: Mapped[str] = mapped_column(unique=True)  # base64url
    public_key: Mapped[bytes]  # COSE
    sign_count: Mapped[int] = mapped_column(BigKey)  # 0 for those that don't count
    transports: Mapped[list[Any]] = mapped_column(JSON)
    is_synced: Mapped[bool]  # kept in the member's cloud, so losing the phone does not lose it
    name: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(Base):
    """One browser that a member logged in on. Live while its epoch is the member's."""

    __tablename__ = "member_device"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    session_hash: Mapped[str] = mapped_column(unique=True)  # of the session's own id
    epoch: Mapped[int]
    label: Mapped[str]  # "Chrome, Android": from its user agent, nothing finer
    since_at: Mapped[datetime]
    seen_on: Mapped[date]  # the last program day it was used: once a day is enough to know it by
    trusted_at: Mapped[datetime | None]  # joined here, came with a passkey, or said the password


class OneTimeCode(Base):
    """The newest code sent for one purpose to one address. Only hashes: no code, no address."""

    __tablename__ = "member_code"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries_not_negative"),)

    subject: Mapped[str] = mapped_column(primary_key=True)  # "reset::<hash of the address>"
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    code_hash: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class CodeSends(Base):
    """When the last three codes went to one address: the oldest decides whether one more may."""

    __tablename__ = "member_code_sends"

    address_hash: Mapped[str] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    second_at: Mapped[datetime]
    third_at: Mapped[datetime]


class Merge(Base):
    """Two accounts of one person made one. Append-only."""

    __tablename__ = "member_merge"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    closed_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    points: Mapped[int]  # that moved
    at: Mapped[datetime]


class Tombstone(Base):
    """Somebody with this number was a member and left. A keyed hash: no number, no name."""

    __tablename__ = "member_tombstone"

    phone_hash: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
