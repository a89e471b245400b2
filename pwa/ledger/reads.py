"""What a member sees: balance, next expiry, statement. Each is one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import Integer, Row, Select, and_, bindparam, func, or_, select

from pwa import driver
from pwa.clock import day_end, program_day
from pwa.db import BigKey, db
from pwa.ledger.expiry import NEVER_ON
from pwa.ledger.models import Lot, TransactionRow, Wallet

State = Literal["in", "out", "wait", "void"]
PAGE: Final = 30
KINDS: Final = (None, "in", "out", "wait")
_SHOWN: Final = (
    "id", "effective_at", "kind", "reason", "source", "refers_to", "facts", "points", "net",
    "balance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Balance:
    """A member's points, in whole points, as of this program day."""

    spendable: int = 0  # what can be spent today: points past their date are not in it
    pending: int = 0
    held: int = 0
    debt: int = 0  # what the next earnings pay first
    expiring_points: int = 0  # how many go next
    expiring_on: date | None = None  # the last day to spend them; None if nothing expires

    @property
    def expiring_at(self) -> datetime | None:
        """The instant (UTC) at which `expiring_points` can't be spent any more."""
        return day_end(self.expiring_on) if self.expiring_on else None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement."""

    id: int
    at: datetime  # when it took effect
    on: date  # the program day of that
    kind: str
    reason: str  # a stable code: templates find the words, with `facts`
    source: str | None
    refers_to: str | None
    facts: dict[str, Any]
    points: int  # signed
    state: State
    balance: int  # spendable less debt, after it


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first, and where the next page starts (None: there is none)."""

    rows: list[Line]
    next: int | None


_BALANCE: Final = """
SELECT wallet.spendable, wallet.pending, wallet.held, wallet.debt,
    (SELECT coalesce(sum(spendable), 0) FROM ledger_lot
     WHERE member_id = wallet.member_id AND spendable > 0 AND expires_on < :today) AS overdue,
    soon.expires_on, soon.points
FROM ledger_wallet AS wallet
LEFT JOIN (
    SELECT expires_on, sum(spendable) AS points FROM ledger_lot
    WHERE member_id = :member_id AND spendable > 0
        AND expires_on >= :today AND expires_on < :never
    GROUP BY expires_on ORDER BY expires_on LIMIT 1
) AS soon ON true
WHERE wallet.member_id = :member_id
"""


def balance(member_id: int) -> Balance:
    """A member's points today. A member without accounts has none."""
    values = {
        "member_id": member_id,
        "today": program_day().isoformat(),
        "never": NEVER_ON.isoformat(),
    }
    found = driver.fetch(db.session.connection(), _BALANCE, values)
    if not found:
        return Balance()
    spendable, pending, held, debt, overdue, expiring_on, expiring = found[0]
    return Balance(
        spendable=spendable - int(overdue),
        pending=pending,
        held=held,
        debt=debt,
        expiring_points=int(expiring or 0),
        expiring_on=driver.day(expiring_on),
    )


def balances(member_ids: Iterable[int]) -> dict[int, Balance]:
    """The points of several members today, without their next expiry."""
    ids = sorted(set(member_ids))
    overdue = (
        select(Lot.member_id, func.sum(Lot.spendable).label("points"))
        .where(Lot.member_id.in_(ids), Lot.spendable > 0, Lot.expires_on < program_day())
        .group_by(Lot.member_id)
        .subquery()
    )
    query = (
        select(Wallet.__table__, func.coalesce(overdue.c.points, 0).label("overdue"))
        .outerjoin(overdue, overdue.c.member_id == Wallet.member_id)
        .where(Wallet.member_id.in_(ids))
    )
    found = {
        row.member_id: Balance(row.spendable - int(row.overdue), row.pending, row.held, row.debt)
        for row in db.session.connection().execute(query)
    }
    return {id_: found.get(id_, Balance()) for id_ in ids}


def statement(
    member_id: int, before: int | None = None, limit: int = PAGE, kind: str | None = None
) -> Page:
    """A page of what moved a member's points, newest first, older than the line `before`.

    Waiting points show where they were earned until they mature, then where they matured.
    `kind` is "in", "out" or "wait" to see only those.
    """
    assert kind in KINDS, kind
    values = {"member_id": member_id, "before": before, "limit": limit + 1}
    query = _statement(kind, before is not None)
    rows = db.session.connection().execute(query, values).all()
    found = [_line(row) for row in rows[:limit]]
    return Page(found, next=found[-1].id if len(rows) > limit else None)


@cache
def _statement(kind: str | None, is_later: bool) -> Select[Any]:
    row = TransactionRow
    awaits = row.kind == "await"
    waits = and_(awaits, Lot.pending > 0)
    voided = and_(awaits, Lot.pending == 0, Lot.matured_at.is_(None))
    wanted = {
        None: or_(row.net != 0, waits, voided),
        "in": row.net > 0,
        "out": row.net < 0,
        "wait": waits,
    }[kind]
    query = (
        select(*(row.__table__.c[name] for name in _SHOWN), Lot.pending)
        .outerjoin(Lot, and_(Lot.transaction_id == row.id, Lot.n == 0, awaits))
        .where(row.member_id == bindparam("member_id", type_=BigKey), wanted)
        .order_by(row.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )
    return query.where(row.id < bindparam("before", type_=BigKey)) if is_later else query


def _line(row: Row[Any]) -> Line:
    points, state = _shown(row)
    return Line(
        id=row.id,
        at=row.effective_at,
        on=program_day(row.effective_at),
        kind=row.kind,
        reason=row.reason,
        source=row.source,
        refers_to=row.refers_to,
        facts=row.facts,
        points=points,
        state=state,
        balance=row.balance,
    )


def _shown(row: Row[Any]) -> tuple[int, State]:
    if row.kind == "await":
        return (row.pending, "wait") if row.pending else (row.points, "void")
    return row.net, "in" if row.net > 0 else "out"


def expiry_outlook(member_id: int) -> list[tuple[date, int]]:
    """Spendable points by the month (its first day) that they expire in, soonest first."""
    query = (
        select(Lot.expires_on, func.sum(Lot.spendable))
        .where(
            Lot.member_id == member_id,
            Lot.spendable > 0,
            Lot.expires_on >= program_day(),
            Lot.expires_on < NEVER_ON,
        )
        .group_by(Lot.expires_on)
        .order_by(Lot.expires_on)
    )
    months: dict[date, int] = {}
    for on, points in db.session.connection().execute(query):
        month = on.replace(day=1)
        months[month] = months.get(month, 0) + int(points)
    return list(months.items())
