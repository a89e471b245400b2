"""What the program file decides about points, kept where the ledger can read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, insert, select

from pwa.db import db
from pwa.ledger.chart import Source
from pwa.ledger.expiry import Expiry, Terms
from pwa.ledger.models import Policy

ADJUSTMENT_LIMIT_POINTS: Final = 1_000  # until the program says otherwise
REST: Final = "default"


def set_policy(
    policies: Mapping[str, Terms], adjustment_limit_points: int = ADJUSTMENT_LIMIT_POINTS
) -> None:
    """Say how long points of each source last, from now on. Lots that exist keep their date.

    "default" stands for every source that isn't named; without it they never expire. A
    correction above `adjustment_limit_points` needs a second person.
    """
    assert set(policies) <= {*Source, REST}, policies
    rest = policies.get(REST, Expiry.never())
    rows = [
        _row(source, policies.get(source, rest))
        | {"limit_points": adjustment_limit_points if source is Source.ADJUSTMENT else None}
        for source in Source
    ]
    connection = db.session.connection()
    connection.execute(delete(Policy.__table__))  # type: ignore[arg-type]
    connection.execute(insert(Policy.__table__), rows)  # type: ignore[arg-type]


def _row(source: Source, terms: Terms) -> dict[str, Any]:
    return {
        "source": source.value,
        "kind": terms.kind,
        "days": terms.days,
        "months": terms.months,
    }


def policy() -> dict[str, Expiry]:
    """How long points of each source last."""
    query = select(Policy.source, Policy.kind, Policy.days, Policy.months)
    found = {row.source: Expiry(*row[1:]) for row in db.session.connection().execute(query)}
    return {source.value: found.get(source.value, Expiry.never()) for source in Source}


def adjustment_limit_points() -> int:
    """Above this, a correction needs a second person."""
    query = select(Policy.limit_points).where(Policy.source == Source.ADJUSTMENT)
    limit = db.session.connection().execute(query).scalar()
    return ADJUSTMENT_LIMIT_POINTS if limit is None else limit
