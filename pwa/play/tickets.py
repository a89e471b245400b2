"""Tickets: each the right to one play. Callers commit, and hold the player's lock."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, and_, bindparam, func, select, update

from pwa.clock import now
from pwa.db import claim, db
from pwa.play.models import Player, Ticket
from pwa.program.schema import Wheel

FREE = "free:"  # begins the key of a day's free ticket
GOOD_DAYS = 30  # a ticket that was won is good so long; a free one only on its day


def lock(member_id: int) -> Player:
    """The member's row as a player, locked until the commit: her plays take turns."""
    locked = select(Player).where(Player.member_id == member_id).with_for_update()
    locked = locked.execution_options(populate_existing=True)
    player = db.session.scalar(locked)
    if player is None:
        claim(Player(member_id=member_id, seed="", tickets=0), member_id=member_id)
        player = db.session.scalars(locked).one()
    return player


def give(player: Player, game: str, key: str, until_on: date) -> Ticket:
    """One ticket, once for `key`."""
    unique: dict[str, Any] = {"member_id": player.member_id, "game": game, "key": key}
    if found := of_key(**unique):
        return found
    player.tickets += 1
    row = Ticket(**unique, number=player.tickets, given_at=now(), until_on=until_on, spent_at=None)
    return claim(row, **unique)[0]


def of_key(member_id: int, game: str, key: str) -> Ticket | None:
    unique = {"member_id": member_id, "game": game, "key": key}
    return db.session.scalar(select(Ticket).filter_by(**unique))


def give_free(player: Player, wheel: Wheel, free: int, on: date) -> None:
    """The day's free tickets, made when the first one is wanted."""
    for n in range(1, free + 1):
        give(player, wheel.code, free_key(on, n), on)


def free_key(on: date, n: int) -> str:
    return f"{FREE}{on.isoformat()}:{n}"


def spend(player: Player, game: str, on: date) -> Ticket | None:
    """Take the ticket that expires first; None when there is none. One ticket, one play."""
    first = (
        select(Ticket.id)
        .where(*_open(player.member_id, game, on))
        .order_by(Ticket.until_on, Ticket.id)
        .limit(1)
    )
    ticket_id = db.session.scalar(first)
    if ticket_id is None:
        return None
    taken = update(Ticket).where(Ticket.id == ticket_id, Ticket.spent_at.is_(None))
    if not db.session.execute(taken.values(spent_at=now())).rowcount:  # type: ignore[attr-defined]
        return None
    return db.session.get_one(Ticket, ticket_id, populate_existing=True)


def left(member_id: int, game: str, on: date, free: int) -> int:
    """How many plays a member has now, the day's free ones that were not made yet included."""
    row = db.session.execute(COUNTS, asked(member_id, game, on, free)).one()
    return int(row.held) + free - int(row.made)


def left_of(n: int) -> ScalarSelect[int]:
    """`left` of the `n`th game of a larger statement, which `asked_of` gives its values."""
    is_open = and_(Ticket.spent_at.is_(None), Ticket.until_on >= bindparam("on"))
    is_free = Ticket.key.in_(bindparam(f"keys_{n}", expanding=True))
    counted = func.count().filter(is_open) + bindparam(f"free_{n}", type_=Integer)
    mine = Ticket.member_id == bindparam("member_id"), Ticket.game == bindparam(f"game_{n}")
    return select(counted - func.count().filter(is_free)).where(*mine).scalar_subquery()


def asked_of(n: int, game: str, on: date, free: int) -> dict[str, Any]:
    """What left_of(n) asks for, besides the member and the day."""
    keys = [free_key(on, one) for one in range(1, free + 1)]
    return {f"game_{n}": game, f"keys_{n}": keys, f"free_{n}": free}


def asked(member_id: int, game: str, on: date, free: int) -> dict[str, Any]:
    """What COUNTS asks for."""
    keys = [free_key(on, n) for n in range(1, free + 1)]
    return {"member_id": member_id, "game": game, "on": on, "keys": keys}


# One row: `held`, the open tickets, and `made`, those of the day's free ones.
COUNTS = select(
    func.count()
    .filter(Ticket.spent_at.is_(None), Ticket.until_on >= bindparam("on"))
    .label("held"),
    func.count().filter(Ticket.key.in_(bindparam("keys", expanding=True))).label("made"),
).where(Ticket.member_id == bindparam("member_id"), Ticket.game == bindparam("game"))


def adopt(kept_id: int, closed_id: int, on: date) -> None:
    """Give one account what the other has won and not played; a day's free plays are each one's."""
    mine = Ticket.member_id == closed_id, Ticket.spent_at.is_(None), Ticket.until_on >= on
    found = db.session.scalars(select(Ticket).where(*mine).order_by(Ticket.id)).all()
    for row in found:
        row.spent_at = now()
        if not row.key.startswith(FREE):
            give(lock(kept_id), row.game, f"merge:{row.id}", row.until_on)


def _open(member_id: int, game: str, on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Ticket.member_id == member_id,
        Ticket.game == game,
        Ticket.spent_at.is_(None),
        Ticket.until_on >= on,
    )
