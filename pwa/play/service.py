"""What other features and the edges ask of playing. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select

from games import prize as rules
from pwa.clock import program_day
from pwa.db import db
from pwa.members.models import Member
from pwa.play import quiz_rules, quizzes, spins, tickets, wheels
from pwa.play.errors import NoWheel
from pwa.play.models import QuizAttempt
from pwa.play.quizzes import close_abandoned
from pwa.play.wheels import prepare_ahead
from pwa.program import service as program
from pwa.program.schema import Quiz, Text, Wheel

__all__ = [
    "QuizToday",
    "WheelToday",
    "close_abandoned",
    "games_today",
    "give_ticket",
    "prepare_ahead",
    "quiz_today",
    "wheel_today",
]


class WheelToday(NamedTuple):
    """The wheel on Home."""

    code: str
    name: Text
    tickets: int  # how often she can spin now
    least_points: int
    most_points: int


class QuizToday(NamedTuple):
    """Today's quiz on Home."""

    code: str
    name: Text
    questions: int
    points: int  # for a perfect attempt
    state: str  # todo, doing, done
    won_points: int  # so far today
    art: str
    seconds: int  # for each question


class GamesToday(NamedTuple):
    """Both, for Home."""

    wheel: WheelToday | None
    quiz: QuizToday | None


def games_today(member: Member) -> GamesToday:
    """wheel_today and quiz_today in one statement."""
    wheel, quiz, on = _wheel(), quiz_rules.of_day(program_day()), program_day()
    if wheel is None or quiz is None:
        return GamesToday(wheel_today(member), quiz_today(member))
    free = spins.free_daily(member.id, wheel)
    asked = tickets.asked(member.id, wheel.code, on, free) | {"quiz": quiz.code}
    rows = db.session.execute(_GAMES, asked).all()
    held, made, _ = rows[0]
    mine = [attempt for _, _, attempt in rows if attempt is not None]
    return GamesToday(_wheel_today(wheel, held + free - made), _quiz_today(quiz, mine))


_TICKETS = tickets.COUNTS.subquery()
_GAMES = (
    select(_TICKETS.c.held, _TICKETS.c.made, QuizAttempt)
    .select_from(_TICKETS)
    .outerjoin(
        QuizAttempt,
        and_(
            QuizAttempt.member_id == bindparam("member_id"),
            QuizAttempt.quiz == bindparam("quiz"),
            QuizAttempt.on == bindparam("on"),
        ),
    )
    .order_by(QuizAttempt.number)
)


def wheel_today(member: Member) -> WheelToday | None:
    """The wheel and the member's tickets; None without a wheel. One or two statements."""
    wheel = _wheel()
    if wheel is None:
        return None
    free = spins.free_daily(member.id, wheel)
    return _wheel_today(wheel, tickets.left(member.id, wheel.code, program_day(), free))


def quiz_today(member: Member) -> QuizToday | None:
    """Today's quiz and where the member is in it; None without one. One statement."""
    quiz = quiz_rules.of_day(program_day())
    return _quiz_today(quiz, quizzes.of_today(member.id, quiz.code)) if quiz else None


def _wheel() -> Wheel | None:
    try:
        return wheels.current()
    except NoWheel:
        return None


def _wheel_today(wheel: Wheel, left: int) -> WheelToday:
    points = [s.prize.points for s in wheel.slices if s.prize.kind == rules.POINTS]
    return WheelToday(
        code=wheel.code,
        name=wheel.name,
        tickets=left,
        least_points=min(points, default=0),
        most_points=max(points, default=0),
    )


def _quiz_today(quiz: Quiz, attempts: Sequence[QuizAttempt]) -> QuizToday:
    is_open = any(attempt.finished_at is None for attempt in attempts)
    is_over = len(attempts) >= quiz.attempts_day and not is_open
    return QuizToday(
        code=quiz.code,
        name=quiz.name,
        questions=quiz.ask,
        points=quiz_rules.most_points(quiz),
        state="doing" if is_open else "done" if is_over else "todo",
        won_points=sum(attempt.points for attempt in attempts),
        art=quiz.art,
        seconds=quiz.seconds_per_question,
    )


def give_ticket(member_id: int, key: str) -> None:
    """Give one spin of the wheel, once for `key`; nothing without a wheel."""
    if program.current().wheels:
        last = program_day() + timedelta(days=tickets.GOOD_DAYS)
        tickets.give(tickets.lock(member_id), wheels.current().code, key, last)
