"""What other features and the edges ask of playing. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select

from games import prize as rules
from pwa.clock import program_day
from pwa.driver import Asked
from pwa.members.models import Member
from pwa.play import quiz_rules, quizzes, spins, tickets, wheels
from pwa.play.errors import NoWheel
from pwa.play.models import QuizAttempt
from pwa.play.quizzes import close_abandoned
from pwa.play.wheels import prepare_ahead
from pwa.program import service as program
from pwa.program.schema import Quiz, Text, Wheel

__all__ = [
    "OtherToday",
    "QuizToday",
    "WheelToday",
    "close_abandoned",
    "games_today",
    "give_ticket",
    "prepare_ahead",
    "quiz_today",
    "wheel_now",
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


class OtherToday(NamedTuple):
    """Another game of the program, on Home."""

    code: str
    name: Text
    text: Text
    art: str
    tickets: int  # how often she can play it now


class GamesToday(NamedTuple):
    """All of them, for Home."""

    wheel: WheelToday | None
    quiz: QuizToday | None
    others: tuple[OtherToday, ...] = ()


def games_today(member: Member) -> GamesToday:
    """wheel_today, quiz_today and the other games, in one statement where there are both."""
    wheel, quiz, on = wheel_now(), quiz_rules.of_day(program_day()), program_day()
    others = program.current().games
    if wheel is None or quiz is None:
        left = [tickets.left(member.id, name, on, said.free_daily) for name, said in others.items()]
        return GamesToday(wheel_today(member), quiz_today(member), _others(left))
    free = spins.free_daily(member.id, wheel)
    asked = tickets.asked(member.id, wheel.code, on, free) | {"quiz": quiz.code}
    for n, (name, said) in enumerate(others.items()):
        asked |= tickets.asked_of(n, name, on, said.free_daily)
    rows = _games_and(len(others)).rows(**asked)
    first = rows[0]
    left = [getattr(first, f"left_{n}") for n in range(len(others))]
    mine = [row for row in rows if row.attempt_id is not None]
    here = _wheel_today(wheel, first.held + free - first.made)
    return GamesToday(here, _quiz_today(quiz, mine), _others(left))


def _others(left: Sequence[int]) -> tuple[OtherToday, ...]:
    return tuple(
        OtherToday(name, said.name, said.text, said.art, int(n))
        for (name, said), n in zip(program.current().games.items(), left, strict=True)
    )


_TICKETS = tickets.COUNTS.subquery()
_GAMES = (
    select(
        _TICKETS.c.held,
        _TICKETS.c.made,
        QuizAttempt.id.label("attempt_id"),
        QuizAttempt.finished_at,
        QuizAttempt.points,
    )
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


@lru_cache(maxsize=8)
def _games_and(others: int) -> Asked:
    """_GAMES with the tickets left of so many other games."""
    left = (tickets.left_of(n).label(f"left_{n}") for n in range(others))
    return Asked(_GAMES.add_columns(*left))


def wheel_today(member: Member) -> WheelToday | None:
    """The wheel and the member's tickets; None without a wheel. One or two statements."""
    wheel = wheel_now()
    if wheel is None:
        return None
    free = spins.free_daily(member.id, wheel)
    return _wheel_today(wheel, tickets.left(member.id, wheel.code, program_day(), free))


def quiz_today(member: Member) -> QuizToday | None:
    """Today's quiz and where the member is in it; None without one. One statement."""
    quiz = quiz_rules.of_day(program_day())
    return _quiz_today(quiz, quizzes.of_today(member.id, quiz.code)) if quiz else None


def wheel_now() -> Wheel | None:
    """The wheel in use, if there is one."""
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


def _quiz_today(quiz: Quiz, attempts: Sequence[Any]) -> QuizToday:
    """`attempts` have finished_at and points."""
    is_open = any(attempt.finished_at is None for attempt in attempts)
    is_over = len(attempts) >= quiz.attempts_day and not is_open
    return _fresh_quizzes(program_day())[quiz.code]._replace(
        state="doing" if is_open else "done" if is_over else "todo",
        won_points=sum(attempt.points for attempt in attempts),
    )


@program.by_day
def _fresh_quizzes(on: date) -> dict[str, QuizToday]:
    """Every quiz as who has not begun it sees it."""
    return {
        quiz.code: QuizToday(
            code=quiz.code,
            name=quiz.name,
            questions=quiz_rules.asked(quiz),
            points=quiz_rules.most_points(quiz),
            state="todo",
            won_points=0,
            art=quiz.art,
            seconds=quiz.seconds_per_question,
        )
        for quiz in program.current().quizzes
    }


def give_ticket(member_id: int, key: str) -> None:
    """Give one spin of the wheel, once for `key`; nothing without a wheel."""
    wheel = wheel_now()
    if wheel is not None:
        last = program_day() + timedelta(days=tickets.GOOD_DAYS)
        tickets.give(tickets.lock(member_id), wheel.code, key, last)
