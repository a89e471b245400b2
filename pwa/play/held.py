"""Prizes that wait for the owner because a play looked odd: pay them, or refuse them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update

from pwa import outbox
from pwa.db import db
from pwa.errors import NotFound
from pwa.play import chance, quiz_rules, quizzes, spins
from pwa.play.models import QuizAttempt, Spin
from pwa.program import service as program
from pwa.program.schema import Text
from pwa.staff import service as staff
from pwa.staff.models import Staff


class Held(NamedTuple):
    """One play whose prize waits."""

    kind: str  # spin or quiz
    public_id: str
    member_id: int
    points: int
    label: Text  # of the prize, where it is not points
    suspicions: tuple[str, ...]
    at: datetime


def waiting() -> Sequence[Held]:
    """Every play whose prize waits, oldest first."""
    spun = db.session.scalars(select(Spin).where(Spin.state == "held").order_by(Spin.id))
    tried = db.session.scalars(
        select(QuizAttempt).where(QuizAttempt.state == "held").order_by(QuizAttempt.id)
    )
    found = [_spin(row) for row in spun] + [_attempt(row) for row in tried]
    return sorted(found, key=lambda one: one.at)


def release(public_id: str, by: Staff | None) -> None:
    """Pay a prize that waited, once. Raises NotFound when it does not wait (any more)."""
    row = _take(public_id, "paid")
    if isinstance(row, QuizAttempt):
        quizzes.pay_held(row)
    elif program.current().wheel(row.game):
        spins.pay_held(row)
    else:
        chance.pay_held(row)
    _tell(row)
    _record(by, "prize.released", row)


def refuse(public_id: str, by: Staff | None) -> None:
    """Refuse a prize that waited. Raises NotFound when it does not wait (any more)."""
    _record(by, "prize.refused", _take(public_id, "refused"))


def _spin(row: Spin) -> Held:
    label, why = Text.model_validate(row.label), tuple(row.suspicions)
    return Held("spin", row.public_id, row.member_id, row.points, label, why, row.made_at)


def _attempt(row: QuizAttempt) -> Held:
    name, why = quiz_rules.thaw(row.definition).name, tuple(row.suspicions)
    at = row.finished_at or row.started_at
    return Held("quiz", row.public_id, row.member_id, row.points, name, why, at)


def _take(public_id: str, state: str) -> Spin | QuizAttempt:
    """Move a waiting play to `state`: whoever changes the row decided, nobody else can."""
    tables: tuple[type[Spin] | type[QuizAttempt], ...] = (Spin, QuizAttempt)
    for table in tables:
        waits = table.public_id == public_id, table.state == "held"
        moved = db.session.execute(update(table).where(*waits).values(state=state))
        if moved.rowcount:  # type: ignore[attr-defined]
            fresh = select(table).where(table.public_id == public_id)
            row: Any = db.session.scalars(fresh.execution_options(populate_existing=True)).one()
            found: Spin | QuizAttempt = row
            return found
    raise NotFound()


def _tell(row: Spin | QuizAttempt) -> None:
    """Tell once more what is paid now, so that missions count it."""
    key = f"{row.public_id}:released"
    if isinstance(row, QuizAttempt):
        outbox.tell("quiz.done", key, row.member_id, **quizzes.told(row))
    elif program.current().wheel(row.game):
        outbox.tell("spin.made", key, row.member_id, **spins.told(row))
    else:
        outbox.tell("game.played", key, row.member_id, game=row.game, **spins.told(row))


def _record(by: Staff | None, act: str, row: Spin | QuizAttempt) -> None:
    kind = "spin" if isinstance(row, Spin) else "quiz"
    after = {"points": row.points, "suspicions": row.suspicions}
    staff.record(by, act, f"{kind}:{row.public_id}", before={"state": "held"}, after=after)
