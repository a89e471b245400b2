"""A member's statement as data, and the end of her points."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from pwa.db import db
from pwa.ledger.chart import Program
from pwa.ledger.errors import AlreadyReversed
from pwa.ledger.models import Lot, Proposal, TransactionRow, Wallet
from pwa.ledger.movements import spend
from pwa.ledger.reads import balance
from pwa.ledger.reservations import release, remaining
from pwa.ledger.reversals import reverse
from pwa.ledger.transaction import by_key

TITLE = _l("Poin")
LABELS = {
    "spendable": _l("Bisa dipakai"),
    "pending": _l("Menunggu"),
    "held": _l("Disimpan dulu"),
    "debt": _l("Utang poin"),
    "movements": _l("Catatan"),
    "at": _l("Waktu"),
    "reason": _l("Karena"),
    "kind": _l("Jenis"),
    "points": _l("Poin"),
    "balance": _l("Saldo"),
    "facts": _l("Keterangan"),
    "lots": _l("Poin menurut asalnya"),
    "source": _l("Dari"),
    "left": _l("Sisa"),
    "expires_on": _l("Sampai"),
    "corrections": _l("Koreksi yang diusulkan"),
    "note": _l("Catatan"),
    "approved": _l("Disetujui"),
}
REASON = "erasure"


def export(member_id: int) -> dict[str, Any]:
    """Balance and every movement, oldest first."""
    now = balance(member_id)
    hers = select(TransactionRow).where(TransactionRow.member_id == member_id)
    rows = db.session.scalars(hers.order_by(TransactionRow.id))
    return {
        "spendable": now.spendable,
        "pending": now.pending,
        "held": now.held,
        "debt": now.debt,
        "movements": [
            {
                "at": row.effective_at.isoformat(),
                "kind": row.kind,
                "reason": row.reason,
                "points": row.points,
                "balance": row.balance,
                "facts": row.facts,
            }
            for row in rows
        ],
        "lots": [
            {
                "source": row.source,
                "points": row.points,
                "left": row.spendable + row.pending + row.held,
                "expires_on": row.expires_on.isoformat(),
            }
            for row in _of(Lot, member_id)
        ],
        "corrections": [
            {
                "at": row.proposed_at.isoformat(),
                "points": row.points,
                "reason": row.reason,
                "note": row.note,
                "approved": row.approved,
            }
            for row in _of(Proposal, member_id)
        ],
    }


def _of(table: Any, member_id: int) -> Any:
    return db.session.scalars(select(table).where(table.member_id == member_id).order_by(table.id))


def erase(member_id: int) -> None:
    """Void what waits, free what is held, expire the rest; entries stay, and stay balanced."""
    if db.session.get(Wallet, member_id) is None:
        return
    for key in _keys(member_id, Lot.pending > 0):
        try:
            reverse(key, key=f"{REASON}:{key}", reason=REASON)
        except AlreadyReversed:
            continue
    for key in _holds(member_id):
        if remaining(by_key(key)):
            release(key, key=f"{REASON}:{key}", reason=REASON)
    if left := balance(member_id).spendable:
        spend(
            member_id, left, to=Program.EXPIRED, kind="expire", key=f"{REASON}:{member_id}",
            reason=REASON, by_member=False,
        )  # fmt: skip


def _keys(member_id: int, condition: Any) -> list[str]:
    """Keys of the movements that opened such lots of the member."""
    query = (
        select(TransactionRow.key)
        .join(Lot, Lot.transaction_id == TransactionRow.id)
        .where(Lot.member_id == member_id, condition)
        .distinct()
    )
    return list(db.session.scalars(query))


def _holds(member_id: int) -> list[str]:
    held = select(TransactionRow.key).where(
        TransactionRow.member_id == member_id, TransactionRow.kind == "hold"
    )
    return list(db.session.scalars(held.order_by(TransactionRow.id)))
