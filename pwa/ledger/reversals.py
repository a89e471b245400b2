"""Taking back what was given, and giving back what was taken. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select

from pwa.db import db
from pwa.ledger import store
from pwa.ledger.chart import Kind, Program, account
from pwa.ledger.errors import AlreadyReversed, MoreThanGiven, NotReversible
from pwa.ledger.models import EntryRow, Lot, TransactionRow
from pwa.ledger.movements import Facts
from pwa.ledger.posting import Entry, OpenLot, Posting, digest, out_of, pay_in, take
from pwa.ledger.store import Locked
from pwa.ledger.transaction import Transaction, by_key

GIVING = ("earn", "await")
SPENDING = ("burn", "settle")
TAKING_BACK = ("refund", "reverse")


def reverse(
    original_key: str,
    *,
    key: str,
    reason: str,
    actor: str | None = None,
    facts: Facts | None = None,
) -> Transaction:
    """The opposite of an earlier movement, once.

    A burn gives its lots back with the expiry they had. An earn is taken back whole: from
    its own lot, then from other lots, then as a debt that coming earnings pay.
    Raises AlreadyReversed, NotReversible, UnknownMovement and KeyReused.
    """
    original = by_key(original_key)
    gives_back = _is_spending(original)
    asked = digest("reverse", original.id, reason)
    locked = store.lock_for_spending(original.member_id, key, abs(original.points))
    if earlier := store.replay(locked, key, asked):
        return earlier
    past = _past(original)
    if past.is_reversed:
        raise AlreadyReversed(key=original_key)
    if gives_back:
        entries = _give_back(locked, original)
    else:
        entries = _take_back(locked, past, original.points - past.taken - past.expired)
    return _post("reverse", original, locked, entries, key, asked, reason, actor, facts)


def refund(
    purchase_key: str,
    returned: int,
    total: int,
    *,
    key: str,
    reason: str = "refund",
    actor: str | None = None,
    facts: Facts | None = None,
) -> Transaction:
    """Take back the share of a purchase's points that `returned` is of `total`.

    `purchase_key` is the key of the earn. `returned` is this refund's amount and `total` the
    whole base that earned, both in the same whole unit (rupiah, less what a voucher paid).
    The share is floored once, over all refunds of the purchase together, so that the parts of
    a full refund take exactly what was given. What had already expired is not taken again.
    The transaction's `points` are what was taken, negative, and 0 for a share below a point.
    Raises MoreThanGiven if the refunds would pass the total, NotReversible, UnknownMovement
    and KeyReused.
    """
    assert returned > 0, returned
    assert total > 0, total
    original = by_key(purchase_key)
    if original.kind not in GIVING:
        raise NotReversible(key=purchase_key)
    asked = digest("refund", original.id, returned, total, reason)
    locked = store.lock_for_spending(original.member_id, key, original.points)
    if earlier := store.replay(locked, key, asked):
        return earlier
    past = _past(original)
    if past.is_reversed or past.returned + returned > total:
        raise MoreThanGiven(remaining=0 if past.is_reversed else max(0, total - past.returned))
    due = original.points * (past.returned + returned) // total - past.taken - past.expired
    entries = _take_back(locked, past, max(0, due))
    words = (facts or {}) | {"returned": returned, "total": total}
    return _post("refund", original, locked, entries, key, asked, reason, actor, words)


class _Past(NamedTuple):
    """What has become of an earlier movement since."""

    is_reversed: bool
    taken: int  # points taken back
    returned: int  # of the purchase's base, in its own unit
    lots: Sequence[Lot]  # that it opened

    @property
    def expired(self) -> int:
        return sum(lot.expired for lot in self.lots)


def _past(original: Transaction) -> _Past:
    table = TransactionRow.__table__
    later = db.session.connection().execute(
        select(table.c.kind, table.c.points, table.c.facts).where(
            table.c.original_id == original.id, table.c.kind.in_(TAKING_BACK)
        )
    )
    rows = later.all()
    lots = db.session.connection().execute(
        select(Lot.__table__).where(Lot.transaction_id == original.id).order_by(Lot.n)
    )
    return _Past(
        is_reversed=any(row.kind == "reverse" for row in rows),
        taken=-sum(row.points for row in rows),
        returned=sum(row.facts["returned"] for row in rows if row.kind == "refund"),
        lots=lots.all(),  # type: ignore[arg-type]
    )


def _is_spending(original: Transaction) -> bool:
    if original.kind in SPENDING or (original.kind == "adjust" and original.points < 0):
        return True
    if original.kind in GIVING or original.kind == "adjust":
        return False
    raise NotReversible(key=original.key)


def _give_back(locked: Locked, original: Transaction) -> tuple[Entry, ...]:
    """The lots that a burn took, as they were."""
    query = (
        select(EntryRow.lot_id, EntryRow.points, EntryRow.credit)
        .join(Lot, Lot.id == EntryRow.lot_id)
        .where(EntryRow.transaction_id == original.id)
        .order_by(Lot.expires_on, Lot.id)
    )
    rows = db.session.connection().execute(query).all()
    parts = [(row.lot_id, row.points) for row in rows]
    return tuple(pay_in(locked.wallet, rows[0].credit, parts))


def _take_back(locked: Locked, past: _Past, due: int) -> tuple[Entry, ...]:
    """`due` points: from the movement's own lots, from other lots, then as a debt."""
    return tuple(_taking(locked, past, due))


def _taking(locked: Locked, past: _Past, due: int) -> Iterator[Entry]:
    member_id = locked.wallet.member_id
    own = {lot.id for lot in past.lots}
    others = [lot for lot in locked.lots if lot.id not in own]
    for kind, lots in (
        (Kind.PENDING, [OpenLot(lot.id, lot.pending, lot.expires_on) for lot in past.lots]),
        (Kind.SPENDABLE, [OpenLot(lot.id, lot.spendable, lot.expires_on) for lot in past.lots]),
        (Kind.SPENDABLE, others),
    ):
        parts = [(lot, points) for lot, points in take(lots, due) if points]
        due -= sum(points for _, points in parts)
        yield from out_of(member_id, parts, Program.REVERSED, kind)
    if due:
        yield Entry(account(member_id, Kind.DEBT), Program.REVERSED, due)


def _post(
    kind: str,
    original: Transaction,
    locked: Locked,
    entries: tuple[Entry, ...],
    key: str,
    asked: str,
    reason: str,
    actor: str | None,
    facts: Facts | None,
) -> Transaction:
    moved = sum(entry.points for entry in entries)
    posting = Posting(
        key=key,
        digest=asked,
        kind=kind,
        reason=reason,
        member_id=original.member_id,
        points=moved if original.points < 0 else -moved,
        entries=entries,
        source=original.source,
        funding=original.funding,
        refers_to=original.refers_to,
        original_id=original.id,
        actor=actor,
        facts=original.facts | (facts or {}),
    )
    return store.post(locked.wallet, posting)
