"""The chart of accounts, as numbers that need no lookup.

Program accounts are few and fixed, and carry no balance of their own: a cached one, or even
a foreign key to one, would be a row that every earn in the shop takes in turn. Member
accounts are numbered from the member's id.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class Source(StrEnum):
    """Where points come from. Each has an issuing account and an expiry policy."""

    PURCHASE = "purchase"
    MISSION = "mission"
    WHEEL = "wheel"
    QUIZ = "quiz"
    REFERRAL = "referral"
    BIRTHDAY = "birthday"
    CAMPAIGN = "campaign"
    ADJUSTMENT = "adjustment"
    WELCOME = "welcome"
    TRANSFER = "transfer"  # from another member; they keep their expiry


class Program(IntEnum):
    """The program's accounts. Numbers are stored in entries: add, never renumber."""

    ISSUED_PURCHASE = 1
    ISSUED_MISSION = 2
    ISSUED_WHEEL = 3
    ISSUED_QUIZ = 4
    ISSUED_REFERRAL = 5
    ISSUED_BIRTHDAY = 6
    ISSUED_CAMPAIGN = 7
    ISSUED_ADJUSTMENT = 8
    ISSUED_WELCOME = 9
    TRANSFERRED = 20  # between members: what goes in comes out, so it sums to zero
    REDEEMED = 21
    EXPIRED = 22
    REVERSED = 23  # earnings taken back: refunds, reversals


class Kind(IntEnum):
    """A member's four accounts."""

    SPENDABLE = 0
    PENDING = 1
    HELD = 2
    DEBT = 3  # what the member owes; the only one with a debit balance


FIRST_MEMBER_ACCOUNT: Final = 100
ISSUING: Final = {
    source: Program["ISSUED_" + source.name] for source in Source if source is not Source.TRANSFER
} | {Source.TRANSFER: Program.TRANSFERRED}


def account(member_id: int, kind: Kind) -> int:
    """The number of a member's account."""
    return FIRST_MEMBER_ACCOUNT + 4 * member_id + kind


def kind_of(number: int) -> Kind | None:
    """Which of a member's accounts `number` is; None for the program's."""
    return Kind(number % 4) if number >= FIRST_MEMBER_ACCOUNT else None


def member_of(number: int) -> int | None:
    """Whose account `number` is; None for the program's."""
    return (number - FIRST_MEMBER_ACCOUNT) // 4 if number >= FIRST_MEMBER_ACCOUNT else None


def name_of(number: int) -> str:
    """A name for journals and reports: "issued:wheel", "redeemed", "member:17:spendable"."""
    kind = kind_of(number)
    if kind is not None:
        return f"member:{member_of(number)}:{kind.name.lower()}"
    return Program(number).name.lower().replace("issued_", "issued:")
