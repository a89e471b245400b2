"""Postings as the rows they become, the same for both databases but for how a time is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pwa.ledger.chart import Kind
from pwa.ledger.posting import (
    LotChange,
    NewLot,
    Posting,
    WalletState,
    lot_changes,
    new_lots,
)

Rows = list[dict[str, Any]]
Stamp = Callable[[datetime], Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Postings to write at once, for members whose wallets are locked."""

    postings: Sequence[Posting]
    wallets: Sequence[WalletState]  # the member's wallet before each
    recorded_at: datetime
    active_on: date | None  # if this is something the member did


def as_is(at: datetime) -> datetime:
    """A time as PostgreSQL's driver takes it."""
    return at


def transaction_rows(batch: Batch, stamp: Stamp) -> Rows:
    return [
        transaction_row(posting, batch.recorded_at, stamp)
        | {"balance": wallet.balance + posting.net}
        for posting, wallet in zip(batch.postings, batch.wallets, strict=True)
    ]


def transaction_row(posting: Posting, recorded_at: datetime, stamp: Stamp) -> dict[str, Any]:
    """A transaction without its balance."""
    return {
        "key": posting.key,
        "digest": posting.digest,
        "kind": posting.kind,
        "reason": posting.reason,
        "source": posting.source,
        "funding": posting.funding,
        "member_id": posting.member_id,
        "refers_to": posting.refers_to,
        "original_id": posting.original_id,
        "actor": posting.actor,
        "facts": posting.facts,
        "effective_at": stamp(posting.effective_at or recorded_at),
        "recorded_at": stamp(recorded_at),
        "points": posting.points,
        "net": posting.net,
    }


def lot_rows(posting: Posting, changes: dict[int | NewLot, LotChange], stamp: Stamp) -> Rows:
    """The lots that the posting opens, numbered from 0."""
    return [
        _lot_row(posting, n, lot, changes[lot], stamp)
        for n, lot in enumerate(new_lots(posting.entries))
    ]


def _lot_row(posting: Posting, n: int, lot: NewLot, change: LotChange, stamp: Stamp) -> Any:
    assert change.held == change.expired == 0, change
    return {
        "key": posting.key,
        "n": n,
        "member_id": posting.member_id,
        "source": lot.source,
        "funding": lot.funding,
        "expires_on": lot.expires_on.isoformat(),
        "idle_days": lot.idle_days,
        "matures_at": stamp(lot.matures_at) if lot.matures_at else None,
        "points": change.spendable + change.pending,
        "spendable": change.spendable,
        "pending": change.pending,
    }


def change_rows(
    posting: Posting, wallet: WalletState, changes: dict[int | NewLot, LotChange]
) -> Rows:
    """How stored lots change.

    A lot that lasts while its member is active may have been away from the wallet while its
    fellows were extended; `active_on` brings it level when points come back to it.
    """
    matured = posting.kind == "mature"
    active_on = wallet.active_on.isoformat() if wallet.active_on else None
    return [
        {
            "key": posting.key,
            "lot_id": lot,
            "spendable": change.spendable,
            "pending": change.pending,
            "held": change.held,
            "expired": change.expired,
            "matured": matured,
            "active_on": active_on if change.spendable > 0 else None,
        }
        for lot, change in changes.items()
        if isinstance(lot, int)
    ]


def entry_rows(posting: Posting) -> Rows:
    """The entries; `n` points at a new lot, `lot_id` at a stored one."""
    numbers = {lot: n for n, lot in enumerate(new_lots(posting.entries))}
    return [
        {
            "key": posting.key,
            "debit": int(entry.debit),
            "credit": int(entry.credit),
            "points": entry.points,
            "lot_id": entry.lot if isinstance(entry.lot, int) else None,
            "n": numbers[entry.lot] if isinstance(entry.lot, NewLot) else None,
            "line": line,
        }
        for line, entry in enumerate(posting.entries)
    ]


def wallet_rows(batch: Batch) -> Rows:
    """The change of each wallet, one row a member, in member order."""
    totals: dict[int, dict[Kind, int]] = {}
    for posting in batch.postings:
        total = totals.setdefault(posting.member_id, dict.fromkeys(Kind, 0))
        for kind, points in posting.change.items():
            total[kind] += points
    return [
        {
            "member_id": member_id,
            "spendable": totals[member_id][Kind.SPENDABLE],
            "pending": totals[member_id][Kind.PENDING],
            "held": totals[member_id][Kind.HELD],
            "debt": totals[member_id][Kind.DEBT],
            "active_on": batch.active_on.isoformat() if batch.active_on else None,
        }
        for member_id in sorted(totals)
    ]


def with_changes(
    batch: Batch,
) -> list[tuple[Posting, WalletState, dict[int | NewLot, LotChange]]]:
    """Each posting with its member's wallet and what it does to lots."""
    changes = [lot_changes(posting.entries) for posting in batch.postings]
    return list(zip(batch.postings, batch.wallets, changes, strict=True))


def to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
