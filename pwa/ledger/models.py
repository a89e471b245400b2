"""The ledger's tables. Transactions and entries are append-only (see guards.py)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey
from pwa.ledger import guards
from pwa.ledger.chart import FIRST_MEMBER_ACCOUNT

guards.attach(Base.metadata)


def _while(condition: str) -> dict[str, Any]:
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class Wallet(Base):
    """One member's four accounts as the entries leave them; its row is the member's lock."""

    __tablename__ = "ledger_wallet"
    __table_args__ = (
        CheckConstraint("spendable >= 0", name="spendable_not_negative"),
        CheckConstraint("pending >= 0", name="pending_not_negative"),
        CheckConstraint("held >= 0", name="held_not_negative"),
        CheckConstraint("debt >= 0", name="debt_not_negative"),
    )

    member_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("member.id"), primary_key=True, autoincrement=False
    )
    spendable: Mapped[int] = mapped_column(BigKey, default=0)  # points
    pending: Mapped[int] = mapped_column(BigKey, default=0)
    held: Mapped[int] = mapped_column(BigKey, default=0)
    debt: Mapped[int] = mapped_column(BigKey, default=0)  # owed by the member
    active_on: Mapped[date | None]  # program day of the last earn, burn or hold
    last_id: Mapped[int] = mapped_column(BigKey, default=0)  # last transaction: a version


class TransactionRow(Base):
    """One keyed movement of one member's points."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_ledger_transaction_member_id_id", "member_id", "id"),
        Index(
            "ix_ledger_transaction_original_id",
            "original_id",
            **_while("original_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str]
    digest: Mapped[str]  # of what was asked for: a replay must ask for the same
    kind: Mapped[str]  # earn, await, mature, burn, hold, settle, release, reverse, refund...
    reason: Mapped[str]  # a stable code; templates find the words
    source: Mapped[str | None]
    funding: Mapped[str]  # who pays for what is issued: "own", or a partner's code
    member_id: Mapped[int] = mapped_column(BigKey)
    refers_to: Mapped[str | None]
    original_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("ledger_transaction.id"))
    actor: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    points: Mapped[int] = mapped_column(BigKey)  # what it is about, signed, pending included
    net: Mapped[int] = mapped_column(BigKey)  # change of spendable less debt
    balance: Mapped[int] = mapped_column(BigKey)  # spendable less debt, after it


class EntryRow(Base):
    """Whole points from one account to another, of one lot.

    Accounts have no foreign key: on PostgreSQL each insert would lock the program
    account's row in share mode, the very queue that we avoid. `verify` looks for strays.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        CheckConstraint(
            f"(debit BETWEEN 1 AND 23 OR debit >= {FIRST_MEMBER_ACCOUNT})"
            f" AND (credit BETWEEN 1 AND 23 OR credit >= {FIRST_MEMBER_ACCOUNT})",
            name="known_accounts",
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    transaction_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("ledger_transaction.id"), index=True
    )
    debit: Mapped[int] = mapped_column(BigKey)
    credit: Mapped[int] = mapped_column(BigKey)
    points: Mapped[int] = mapped_column(BigKey)
    lot_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("ledger_lot.id"))


class Lot(Base):
    """Points given together that expire together; where they are now is a cache."""

    __tablename__ = "ledger_lot"
    __table_args__ = (
        UniqueConstraint("transaction_id", "n"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint(
            "spendable >= 0 AND pending >= 0 AND held >= 0 AND expired >= 0",
            name="nothing_negative",
        ),
        CheckConstraint(
            "spendable + pending + held + expired <= points", name="never_more_than_given"
        ),
        Index(
            "ix_ledger_lot_spendable", "member_id", "expires_on", "id", **_while("spendable > 0")
        ),
        Index("ix_ledger_lot_expiring", "expires_on", **_while("spendable > 0")),
        Index("ix_ledger_lot_maturing", "matures_at", **_while("pending > 0")),
        Index(
            "ix_ledger_lot_idle",
            "member_id",
            **_while("idle_days IS NOT NULL AND spendable > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    transaction_id: Mapped[int] = mapped_column(BigKey, ForeignKey("ledger_transaction.id"))
    n: Mapped[int]  # its place among the lots of its transaction
    member_id: Mapped[int] = mapped_column(BigKey)
    source: Mapped[str]
    funding: Mapped[str]
    expires_on: Mapped[date]  # the last program day on which it can be spent
    idle_days: Mapped[int | None]  # if set, activity moves expires_on
    matures_at: Mapped[datetime | None]
    matured_at: Mapped[datetime | None]
    points: Mapped[int] = mapped_column(BigKey)  # given
    spendable: Mapped[int] = mapped_column(BigKey)
    pending: Mapped[int] = mapped_column(BigKey)
    held: Mapped[int] = mapped_column(BigKey)
    expired: Mapped[int] = mapped_column(BigKey)


class Policy(Base):
    """How long points of a source last, and how much staff may correct alone."""

    __tablename__ = "ledger_policy"

    source: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    days: Mapped[int | None]
    months: Mapped[int]
    limit_points: Mapped[int | None]  # of "adjustment": above it, a second person


class Proposal(Base):
    """A correction that waits for a second person."""

    __tablename__ = "ledger_proposal"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points_not_zero"),
        CheckConstraint(
            "approved IS NULL OR NOT approved OR decided_by <> actor", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(BigKey, ForeignKey("member.id"), index=True)
    points: Mapped[int] = mapped_column(BigKey)  # signed
    reason: Mapped[str]
    note: Mapped[str]
    actor: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
