"""What the owner, a bookkeeper and an auditor ask of the whole program."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TextIO

from sqlalchemy import Select, func, select

from pwa.clock import day_end, day_start, program_day
from pwa.db import db
from pwa.ledger.chart import FIRST_MEMBER_ACCOUNT, Kind, Program, name_of
from pwa.ledger.expiry import NEVER_ON
from pwa.ledger.models import EntryRow, Lot, TransactionRow, Wallet

BREAKAGE_DAYS: Final = 365  # how far back to look for how much expires unspent
STREAM_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Liability:
    """What the program owes that lasts to one month, in whole points and rupiah."""

    month: date | None  # its first day; None: never expires
    points: int  # spendable, held and pending
    rupiah: int
    expected_breakage_points: int  # of `points`, likely to expire unspent
    expected_breakage_rupiah: int


def totals() -> dict[str, int]:
    """The balance of every program account and of all members' accounts together, in points.

    Program accounts are summed from the entries, members' accounts from their wallets, as
    credits less debits: they sum to zero, or something is wrong.
    """
    found = {account.name.lower().replace("issued_", "issued:"): 0 for account in Program}
    connection = db.session.connection()
    for sign, side in ((1, EntryRow.credit), (-1, EntryRow.debit)):
        query = select(side, func.sum(EntryRow.points)).where(side < FIRST_MEMBER_ACCOUNT)
        for number, points in connection.execute(query.group_by(side)):
            found[name_of(number)] += sign * int(points)
    for kind in Kind:
        column = getattr(Wallet, kind.name.lower())
        points = int(connection.execute(select(func.coalesce(func.sum(column), 0))).scalar_one())
        found[f"members:{kind.name.lower()}"] = -points if kind is Kind.DEBT else points
    return found


def funding() -> dict[str, int]:
    """Points issued by who pays for them, less what was taken back: for settling with partners."""
    query = select(TransactionRow.funding, func.sum(TransactionRow.points)).where(
        TransactionRow.kind.in_(("earn", "await", "refund", "reverse")),
        TransactionRow.source.is_not(None),
    )
    rows = db.session.connection().execute(query.group_by(TransactionRow.funding))
    return {party: int(points) for party, points in rows}


def liability(rupiah: int, per_points: int = 1) -> list[Liability]:
    """What is owed by the month it expires in, soonest first, at `rupiah` for `per_points`.

    Breakage is expected at the rate of the lots whose last day was in the past year; with no
    such lots none is. Points that never expire are never expected to break. Rupiah and
    breakage are floored, once each.
    """
    expired, given = _breakage()
    months: dict[date | None, int] = {}
    for on, points in db.session.connection().execute(_owed()):
        month = None if on == NEVER_ON else on.replace(day=1)
        months[month] = months.get(month, 0) + int(points)
    found = []
    for month, points in months.items():
        breakage = points * expired // given if month and given else 0
        in_rupiah = [amount * rupiah // per_points for amount in (points, breakage)]
        found.append(Liability(month, points, in_rupiah[0], breakage, in_rupiah[1]))
    return found


def _owed() -> Select[date, int]:
    owed = Lot.spendable + Lot.held + Lot.pending
    return (
        select(Lot.expires_on, func.sum(owed))
        .where(owed > 0, Lot.expires_on >= program_day())
        .group_by(Lot.expires_on)
        .order_by(Lot.expires_on)
    )


def _breakage() -> tuple[int, int]:
    """Of points whose last day was in the past year: how many expired, how many were given."""
    today = program_day()
    query = select(
        func.coalesce(func.sum(Lot.expired), 0), func.coalesce(func.sum(Lot.points), 0)
    ).where(Lot.expires_on < today, Lot.expires_on >= today - timedelta(days=BREAKAGE_DAYS))
    expired, given = db.session.connection().execute(query).one()
    return int(expired), int(given)


JOURNAL: Final = (
    "date",  # program day on which it was recorded: a closed month stays closed
    "number",
    "account_debit",
    "account_credit",
    "points",
    "rupiah",
    "reason",
    "effective_date",
    "member",
    "funding",
    "refers_to",
    "actor",
    "key",
)


def journal(since: date | None = None, until: date | None = None) -> Iterator[dict[str, Any]]:
    """Every entry recorded on the program days from `since` through `until`, in order."""
    entry, row = EntryRow, TransactionRow
    query = select(row.__table__, entry.debit, entry.credit, entry.points.label("moved")).join_from(
        row, entry, entry.transaction_id == row.id
    )
    if since:
        query = query.where(row.recorded_at >= day_start(since))
    if until:
        query = query.where(row.recorded_at < day_end(until))
    connection = db.session.connection()
    streamed = connection.execution_options(stream_results=True, yield_per=STREAM_ROWS)
    for found in streamed.execute(query.order_by(row.id, entry.id)):
        yield _journal_row(found)


def _journal_row(row: Any) -> dict[str, Any]:
    return {
        "date": _day(row.recorded_at),
        "number": row.id,
        "account_debit": _ledger_name(row.debit),
        "account_credit": _ledger_name(row.credit),
        "points": row.moved,
        "reason": row.reason,
        "effective_date": _day(row.effective_at),
        "member": row.member_id,
        "funding": row.funding,
        "refers_to": row.refers_to or "",
        "actor": row.actor or "",
        "key": row.key,
    }


def _day(at: datetime) -> str:
    return program_day(at).isoformat()


def _ledger_name(number: int) -> str:
    """A bookkeeper has one account for all members' spendable points, not one each."""
    if number < FIRST_MEMBER_ACCOUNT:
        return name_of(number)
    return "members:" + name_of(number).rsplit(":", 1)[1]


def write_journal(
    out: TextIO,
    rupiah: int = 0,
    per_points: int = 1,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Write the journal as CSV, at `rupiah` for `per_points`: how many entries."""
    writer = csv.DictWriter(out, JOURNAL)
    writer.writeheader()
    count = 0
    for row in journal(since, until):
        count += 1
        row["rupiah"] = row["points"] * rupiah // per_points
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return count


def _harmless(value: object) -> object:
    """Text that a spreadsheet won't take for a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value
