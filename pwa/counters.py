"""Counters that never pass their limit, however many processes count at once.

For budgets and stocks: pieces of a reward by day, points of a campaign by member. One
statement counts and checks; there is nothing to read before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, db
from pwa.driver import Asked


class Counter(Base):
    """How much of something has been given, by name: "reward:tote:2026-11-22"."""

    __tablename__ = "counter"
    __table_args__ = (CheckConstraint("given >= 0", name="given_not_negative"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    given: Mapped[int]
    until_on: Mapped[date | None]  # may be forgotten after this program day


def insert(table: type[Base]) -> Any:
    """INSERT that can say ON CONFLICT, on the database we run on."""
    return (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(table)


def take(name: str, amount: int = 1, most: int | None = None, until_on: date | None = None) -> bool:
    """Count `amount` more under `name`; False, and nothing counted, if that would pass `most`."""
    assert amount > 0, amount
    if most is not None and amount > most:
        return False
    statement = insert(Counter).values(name=name, given=amount, until_on=until_on)
    room = None if most is None else Counter.given + amount <= most
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_={"given": Counter.given + amount}, where=room
    )
    # RETURNING and not rowcount, which an upsert does not report on every driver.
    counted = db.session.execute(statement.returning(Counter.given))
    return counted.scalar_one_or_none() is not None


def give_back(name: str, amount: int = 1) -> None:
    """Uncount what was counted before; a counter that was forgotten stays forgotten."""
    kept = update(Counter).where(Counter.name == name, Counter.given >= amount)
    db.session.execute(kept.values(given=Counter.given - amount))


def given(names: Iterable[str]) -> dict[str, int]:
    """How much has been given under each of the names; 0 where nothing was. One statement."""
    names = list(names)
    return dict.fromkeys(names, 0) | {row.name: row.given for row in _GIVEN.rows(names=names)}


_GIVEN = Asked(
    select(Counter.name, Counter.given).where(Counter.name.in_(bindparam("names", expanding=True)))
)


def forget(before: date) -> int:
    """Drop the counters whose last day is before `before`; how many there were."""
    result: Any = db.session.execute(delete(Counter).where(Counter.until_on < before))
    return int(result.rowcount)
