"""Who waits for which product. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, select, update

from pwa.clock import now
from pwa.db import db
from pwa.errors import NotFound
from pwa.program import service as program
from pwa.program.schema import Product
from pwa.push import preferences
from pwa.push.models import Reminder
from pwa.push.planner import insert_new
from pwa.shop import stock


def product(sku: str) -> Product:
    """Raises NotFound."""
    found = program.current().product(sku)
    if found is None:
        raise NotFound()
    return found


def ask(member_id: int, sku: str) -> None:
    """Remind the member when `sku` is back; asking twice is asking once. Raises NotFound."""
    product(sku)
    row = insert_new(Reminder).values(member_id=member_id, sku=sku, asked_at=now())
    db.session.execute(row)
    preferences.unmute(member_id, ["restock"])  # she just asked for it


def forget(member_id: int, sku: str) -> None:
    db.session.execute(
        delete(Reminder).where(
            Reminder.member_id == member_id, Reminder.sku == sku, Reminder.served_at.is_(None)
        )
    )


def waits(member_id: int, sku: str) -> bool:
    mine = exists().where(
        Reminder.member_id == member_id, Reminder.sku == sku, Reminder.served_at.is_(None)
    )
    return bool(db.session.scalar(select(mine)))


def serve(sku: str, pieces: int, event_key: str) -> Sequence[int]:
    """The members to tell: as many as there are pieces, in the order they asked."""
    first = (
        select(Reminder.id, Reminder.member_id)
        .where(Reminder.sku == sku, Reminder.served_at.is_(None))
        .order_by(Reminder.id)
        .limit(pieces)
        .with_for_update(skip_locked=True)
    )
    chosen = db.session.execute(first).all()
    if chosen:
        done = update(Reminder).where(Reminder.id.in_([row.id for row in chosen]))
        db.session.execute(done.values(served_at=now(), event_key=event_key))
    return [row.member_id for row in chosen]


def reopen(event_key: str, member_id: int | None = None) -> None:
    """It was gone again before she was told: she waits on, in her old place."""
    again = update(Reminder).where(Reminder.event_key == event_key)
    if member_id is not None:
        again = again.where(Reminder.member_id == member_id)
    waiting = select(Reminder.member_id).where(Reminder.served_at.is_(None))
    db.session.execute(
        again.where(Reminder.member_id.not_in(waiting.scalar_subquery())).values(
            served_at=None, event_key=None
        ),
        execution_options={"synchronize_session": False},
    )


def pieces(sku: str, outlet_code: str | None = None) -> int:
    """How many there are, at one outlet or at all."""
    by_outlet = stock.pieces_of(sku)
    return by_outlet.get(outlet_code, 0) if outlet_code else sum(by_outlet.values())
