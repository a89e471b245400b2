"""How often one may play, and what looks so odd that the owner looks before it is paid."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from games import limits as rules
from games.limits import Limits
from pwa.db import db
from pwa.play.errors import TooManyPlays
from pwa.play.models import QuizAttempt, Spin
from pwa.program.schema import Quiz

WEEK = timedelta(days=7)


def refuse(game: str, limits: Limits, member_id: int, device: str, on: date) -> None:
    """Raise TooManyPlays where a game's limits by member or device are reached."""
    _refuse(Spin, Spin.game == game, limits, member_id, device, on)


def refuse_quiz(quiz: Quiz, member_id: int, device: str, on: date) -> None:
    """Raise TooManyPlays where too many began this quiz on this device."""
    limits = Limits(None, quiz.device_day)
    _refuse(QuizAttempt, QuizAttempt.quiz == quiz.code, limits, member_id, device, on)


def _refuse(
    table: type[Spin] | type[QuizAttempt],
    which: ColumnElement[bool],
    limits: Limits,
    member_id: int,
    device: str,
    on: date,
) -> None:
    if limits.member_day is None and limits.device_day is None:
        return
    today = select(func.count()).select_from(table).where(which, table.on == on)
    mine = db.session.scalar(today.where(table.member_id == member_id)) or 0
    here = db.session.scalar(today.where(table.device == device)) or 0 if device else 0
    if why := rules.refuse_play(limits, mine, here):
        raise TooManyPlays(why=why)


def suspicions(device: str, member_id: int, on: date, fast_answers: int = 0) -> tuple[str, ...]:
    """Why a play's prize waits for the owner; empty when it is paid at once. Two statements."""
    return rules.suspicions(Limits(), _members_on(device, member_id, on), fast_answers)


def _members_on(device: str, member_id: int, on: date) -> int:
    """How many members played on this device in the last seven days, this one included."""
    if not device:
        return 1
    played: set[int] = {member_id}
    for table in (Spin, QuizAttempt):
        here = select(table.member_id).where(table.device == device, table.on > on - WEEK)
        played |= set(db.session.scalars(here.distinct()))
    return len(played)
