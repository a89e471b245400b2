"""A movement before it is written: plain values, and the rules that make its entries.

Nothing here knows the database. What wallets and lots cache is derived from the entries
in one place, below, so that they can't disagree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from pwa.ledger.chart import Kind, Program, account, kind_of


@dataclass(frozen=True, slots=True, eq=False)
class NewLot:
    """A lot that this posting opens. Two may say the same and still be two."""

    source: str
    funding: str
    expires_on: date
    idle_days: int | None = None
    matures_at: datetime | None = None


class OpenLot(NamedTuple):
    """A stored lot and what there is to take of it, in whole points."""

    id: int
    points: int
    expires_on: date


Lots = int | NewLot | None


class Entry(NamedTuple):
    """`points` (> 0) from the `debit` account to the `credit` account, of one lot."""

    debit: int
    credit: int
    points: int
    lot: Lots = None


class WalletState(NamedTuple):
    """A member's four accounts, in whole points, read under the member's lock."""

    member_id: int
    spendable: int
    pending: int
    held: int
    debt: int
    active_on: date | None
    last_id: int

    @property
    def balance(self) -> int:
        return self.spendable - self.debt


@dataclass(frozen=True)
class Posting:
    """One transaction, ready to write."""

    key: str
    digest: str
    kind: str
    reason: str
    member_id: int
    points: int
    entries: tuple[Entry, ...] = ()
    source: str | None = None
    funding: str = "own"
    refers_to: str | None = None
    original_id: int | None = None
    actor: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    effective_at: datetime | None = None  # None: when it is recorded

    @cached_property
    def change(self) -> dict[Kind, int]:
        """What it does to the member's four accounts, in points."""
        return wallet_change(self.entries)

    @property
    def net(self) -> int:
        """The change of spendable less debt."""
        return self.change[Kind.SPENDABLE] - self.change[Kind.DEBT]


def digest(*content: object) -> str:
    """A digest of what was asked for. Times, words and actors may differ in a replay."""
    text = json.dumps(content, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def pay_in(wallet: WalletState, origin: int, parts: Iterable[tuple[Lots, int]]) -> Iterator[Entry]:
    """Points from `origin` into a member's hands, lot by lot; a debt is paid first."""
    debt = wallet.debt
    for lot, points in parts:
        paid = min(debt, points)
        debt -= paid
        if paid:
            # A stored lot is named, since it may be what gives; a new one never holds these.
            stored = lot if isinstance(lot, int) else None
            yield Entry(origin, account(wallet.member_id, Kind.DEBT), paid, stored)
        if points > paid:
            spendable = account(wallet.member_id, Kind.SPENDABLE)
            yield Entry(origin, spendable, points - paid, lot)


def take(lots: Iterable[OpenLot], points: int) -> Iterator[tuple[int, int]]:
    """`points` from lots in the order given, as (lot, points); fewer if they hold fewer."""
    for lot in lots:
        if points <= 0:
            return
        taken = min(lot.points, points)
        points -= taken
        yield lot.id, taken


def out_of(
    member_id: int, parts: Iterable[tuple[int, int]], to: int, kind: Kind = Kind.SPENDABLE
) -> tuple[Entry, ...]:
    """Points of a member's lots, from one of the member's accounts to `to`."""
    return tuple(Entry(account(member_id, kind), to, points, lot) for lot, points in parts)


def new_lots(entries: Sequence[Entry]) -> list[NewLot]:
    """The lots that these entries open, in order."""
    return list(dict.fromkeys(e.lot for e in entries if isinstance(e.lot, NewLot)))


class LotChange(NamedTuple):
    """How one lot's cached places change, in points."""

    spendable: int = 0
    pending: int = 0
    held: int = 0
    expired: int = 0

    def moved(self, number: int, points: int) -> LotChange:
        if number == Program.EXPIRED:
            return self._replace(expired=self.expired + points)
        match kind_of(number):
            case Kind.SPENDABLE:
                return self._replace(spendable=self.spendable + points)
            case Kind.PENDING:
                return self._replace(pending=self.pending + points)
            case Kind.HELD:
                return self._replace(held=self.held + points)
            case _:
                return self


def lot_changes(entries: Iterable[Entry]) -> dict[int | NewLot, LotChange]:
    """What the entries do to each lot they name."""
    changes: dict[int | NewLot, LotChange] = {}
    for entry in entries:
        if entry.lot is not None:
            before = changes.get(entry.lot, LotChange())
            after = before.moved(entry.debit, -entry.points).moved(entry.credit, entry.points)
            changes[entry.lot] = after
    return changes


def wallet_change(entries: Iterable[Entry]) -> dict[Kind, int]:
    """What the entries do to the member's four accounts. Debt grows by debits."""
    change = dict.fromkeys(Kind, 0)
    for entry in entries:
        for number, points in ((entry.debit, -entry.points), (entry.credit, entry.points)):
            kind = kind_of(number)
            if kind is not None:
                change[kind] += -points if kind is Kind.DEBT else points
    return change


def after(wallet: WalletState, posting: Posting) -> WalletState:
    """The wallet's points once `posting` is written."""
    change = posting.change
    return wallet._replace(
        spendable=wallet.spendable + change[Kind.SPENDABLE],
        pending=wallet.pending + change[Kind.PENDING],
        held=wallet.held + change[Kind.HELD],
        debt=wallet.debt + change[Kind.DEBT],
    )
