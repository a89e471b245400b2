"""The wallet: every movement of points with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from flask import Blueprint, Response, g, request

from pwa.ledger import service as ledger
from pwa.sessions import member_required
from pwa.wallet import words
from pwa.web import show

bp = Blueprint("wallet", __name__)
PAGE_ROWS = 30
KINDS = ("in", "out", "wait")


class Movement(NamedTuple):
    """One row of the statement, in words."""

    title: str
    note: str
    look: words.Look
    points: int
    state: str  # in, out, wait, void
    at: Any


@bp.get("/wallet")
@member_required
def wallet() -> Response:
    before = request.args.get("before", type=int)
    kind = request.args.get("show")
    kind = kind if kind in KINDS else None
    page = ledger.statement(g.member.id, before=before, limit=PAGE_ROWS, kind=kind)
    return show(
        "wallet/wallet.html",
        "wallet/_movements.html",
        balance=ledger.balance(g.member.id),
        outlook=ledger.expiry_outlook(g.member.id) if before is None else [],
        days=by_day(page.rows),
        next_cursor=page.next,
        kind=kind,
    )


def by_day(rows: Iterable[Any]) -> list[tuple[date, list[Movement]]]:
    """Statement rows, newest first, gathered under their program day."""
    return [(on, [_movement(row) for row in day]) for on, day in groupby(rows, lambda r: r.on)]


def _movement(row: Any) -> Movement:
    facts = row.facts or {}
    return Movement(
        title=words.title(row.reason, facts),
        note=words.small_print(row.reason, row.state, facts),
        look=words.look(row.reason, row.state),
        points=row.points,
        state=row.state,
        at=row.at,
    )
