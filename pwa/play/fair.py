"""What anybody may see of the game days: promises beforehand, secrets afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from games import fairness
from pwa.clock import program_day
from pwa.db import db
from pwa.errors import NotFound
from pwa.play import spins, tickets
from pwa.play.models import GameDay, Player, Spin
from pwa.program import service as program

SHOWN_DAYS = 30
SHOWN_SPINS = 10


class Promise(NamedTuple):
    """One game day as published."""

    game: str
    on: date
    commitment: str
    version: str
    seed_hex: str | None  # None until the day is over
    slices: list[Any]

    @property
    def is_over(self) -> bool:
        return self.seed_hex is not None


def promises() -> tuple[Promise, ...]:
    """Tomorrow's, today's and the last month's, newest first. One statement."""
    since = program_day() - timedelta(days=SHOWN_DAYS)
    rows = db.session.scalars(
        select(GameDay).where(GameDay.on >= since).order_by(GameDay.on.desc(), GameDay.game)
    )
    return tuple(_published(row) for row in rows)


def promise(game: str, on: date) -> Promise:
    """One game day. Raises NotFound."""
    row = db.session.scalar(select(GameDay).where(GameDay.game == game, GameDay.on == on))
    if row is None:
        raise NotFound()
    return _published(row)


def spins_of(member_id: int) -> Sequence[Spin]:
    """The member's last spins of the wheel, newest first."""
    wheels = [wheel.code for wheel in program.current().wheels]
    mine = select(Spin).where(Spin.member_id == member_id, Spin.game.in_(wheels))
    mine = mine.order_by(Spin.id.desc())
    return db.session.scalars(mine.limit(SHOWN_SPINS)).all()


def seed_of(member_id: int) -> str:
    """The member's own seed, "" if she never set one."""
    return db.session.scalar(select(Player.seed).where(Player.member_id == member_id)) or ""


def set_seed(member_id: int, typed: str) -> str:
    """Set the member's own seed for her coming spins; the seed as it is used."""
    player = tickets.lock(member_id)
    player.seed = fairness.tidy_member_seed(typed)
    db.session.flush()
    return player.seed


def proof_of(public_id: str, member_id: int) -> dict[str, Any]:
    """A past spin with all that is needed to check it. Raises NotFound while its day runs."""
    found = spins.proof(spins.of_member(public_id, member_id))
    if found is None:
        raise NotFound()
    return found._asdict()


def _published(row: GameDay) -> Promise:
    seed_hex = row.seed_hex if row.on < program_day() else None
    return Promise(row.game, row.on, row.commitment, row.version, seed_hex, row.slices)
