"""Quiz attempts: drawn, asked, marked and paid by the server. Callers commit.

Nothing about an answer leaves the server before the member has given hers: see `view`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select

from games import limits, question
from games import quiz as rules
from games.prize import LAST_RESORT
from games.prize import Prize as RulesPrize
from games.quiz import Turn
from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import db
from pwa.errors import NotFound
from pwa.members import codes
from pwa.members.models import Member
from pwa.play import guard, preferences, prizes, quiz_rules, tickets
from pwa.play.errors import BadAnswer, NoMoreAttempts, NoQuiz
from pwa.play.models import QuizAttempt, QuizTurn
from pwa.program.schema import Quiz


def start(member: Member, key: str, language: str, device: str = "") -> QuizAttempt:
    """Begin today's quiz and ask its first question; an attempt that is open goes on instead.

    Raises NoQuiz, NoMoreAttempts, TooManyPlays.
    """
    quiz, on = quiz_rules.of_day(program_day()), program_day()
    if quiz is None:
        raise NoQuiz()
    tickets.lock(member.id)
    today = of_today(member.id, quiz.code)
    for earlier in today:
        if earlier.key == key or earlier.finished_at is None:
            return earlier
    if len(today) >= quiz.attempts_day:
        raise NoMoreAttempts()
    guard.refuse_quiz(quiz, member.id, device, on)
    attempt = _draw(member, quiz, len(today) + 1)
    attempt.on, attempt.key, attempt.language, attempt.device = on, key, language, device
    db.session.add(attempt)
    db.session.flush()
    _add_turns(attempt)
    return attempt


def answer(member_id: int, public_id: str, place: int, chosen: Sequence[int]) -> QuizAttempt:
    """Record the answer to the question at `place` and mark it; again changes nothing.

    `chosen` are places of options as this phone showed them. After the last answer the
    attempt is finished and paid. Raises NotFound, BadAnswer.
    """
    tickets.lock(member_id)
    attempt = of_member(public_id, member_id)
    rows = turns(attempt)
    if not 0 <= place < len(rows):
        raise BadAnswer()
    row = rows[place]
    if row.answered_at is None:
        _record(attempt, row, chosen)
        if all(r.answered_at for r in rows):
            _finish(attempt, rows)
        db.session.flush()
    return attempt


def ask_next(member_id: int, public_id: str) -> QuizAttempt:
    """Show the next question: its time begins now. Showing it again changes nothing."""
    tickets.lock(member_id)
    attempt = of_member(public_id, member_id)
    waiting = next((row for row in turns(attempt) if row.answered_at is None), None)
    if waiting is not None and waiting.asked_at is None:
        waiting.asked_at = now()
        db.session.flush()
    return attempt


def close_abandoned(limit: int = 500) -> int:
    """Finish and pay the attempts of days that are over; how many there were.

    What was answered right was promised, so it is paid even when she never came back.
    """
    left = select(QuizAttempt).where(
        QuizAttempt.finished_at.is_(None), QuizAttempt.on < program_day()
    )
    found = db.session.scalars(left.order_by(QuizAttempt.id).limit(limit)).all()
    for attempt in found:
        tickets.lock(attempt.member_id)
        db.session.refresh(attempt)
        if attempt.finished_at is None:
            _give_up(attempt)
    return len(found)


def of_member(public_id: str, member_id: int) -> QuizAttempt:
    """A member's own attempt. Raises NotFound for anybody else's."""
    mine = select(QuizAttempt).where(
        QuizAttempt.public_id == public_id, QuizAttempt.member_id == member_id
    )
    found = db.session.scalar(mine.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def of_today(member_id: int, quiz: str) -> Sequence[QuizAttempt]:
    """The member's attempts of today, first to last."""
    mine = select(QuizAttempt).where(
        QuizAttempt.member_id == member_id,
        QuizAttempt.quiz == quiz,
        QuizAttempt.on == program_day(),
    )
    return db.session.scalars(mine.order_by(QuizAttempt.number)).all()


def turns(attempt: QuizAttempt) -> Sequence[QuizTurn]:
    mine = select(QuizTurn).where(QuizTurn.attempt_id == attempt.id).order_by(QuizTurn.place)
    return db.session.scalars(mine.execution_options(populate_existing=True)).all()


def as_turn(row: QuizTurn) -> Turn:
    return Turn(row.question, row.asked_at, row.answered_at, tuple(row.answer))


def _draw(member: Member, quiz: Quiz, number: int) -> QuizAttempt:
    seed_hex, label = secrets.token_hex(32), f"{member.public_id}|{number}"
    drawn = rules.questions_for(quiz_rules.rule(quiz), seed_hex, label)
    return QuizAttempt(
        public_id=codes.new_public_id(),
        member_id=member.id,
        quiz=quiz.code,
        number=number,
        seed_hex=seed_hex,
        definition=quiz_rules.snapshot(quiz, drawn),
        started_at=now(),
        finished_at=None,
    )


def _add_turns(attempt: QuizAttempt) -> None:
    asked = quiz_rules.rule(quiz_rules.thaw(attempt.definition)).questions
    for place, asked_question in enumerate(asked):
        order = rules.option_order(asked_question, attempt.seed_hex, attempt.public_id)
        db.session.add(
            QuizTurn(
                attempt_id=attempt.id,
                place=place,
                question=asked_question.code,
                option_order=list(order),
                asked_at=now() if place == 0 else None,
                answered_at=None,
                answer=[],
            )
        )
    db.session.flush()


def _record(attempt: QuizAttempt, row: QuizTurn, chosen: Sequence[int]) -> None:
    quiz = quiz_rules.rule(quiz_rules.thaw(attempt.definition))
    asked = next(q for q in quiz.questions if q.code == row.question)
    if row.asked_at is None:
        raise BadAnswer()  # it was never shown
    instant = now()
    if not rules.is_late(quiz, asked, as_turn(row), instant):
        row.answer = list(_codes_at(asked, row.option_order, chosen))
    row.answered_at = instant
    row.is_right = question.is_right(asked, row.answer)
    if asked.asks and row.answer:
        liked = next(option for option in asked.options if option.code == row.answer[0])
        key = f"{attempt.public_id}:{row.place}"
        preferences.keep(attempt.member_id, asked, liked, key)


def _codes_at(
    asked: question.Question, order: Sequence[int], chosen: Sequence[int]
) -> tuple[str, ...]:
    try:
        given = question.codes_at(asked, order, chosen)
    except ValueError as error:
        raise BadAnswer() from error
    if not question.is_complete(asked, given):
        raise BadAnswer()
    return given


def _give_up(attempt: QuizAttempt) -> None:
    rows = turns(attempt)
    for row in rows:
        if row.answered_at is None:
            row.answered_at = now()
            row.answer = []
    _finish(attempt, rows)


def _finish(attempt: QuizAttempt, rows: Sequence[QuizTurn]) -> None:
    said = quiz_rules.thaw(attempt.definition)
    quiz = quiz_rules.rule(said)
    given = [as_turn(row) for row in rows]
    attempt.score = rules.score(quiz, given)
    attempt.right = sum(row.is_right for row in rows)
    owed = rules.prize_owed(quiz, _best_before(attempt), attempt.score)
    attempt.points = owed.points
    fast = limits.fast_answers(quiz.questions, given, attempt.language)
    attempt.suspicions = list(guard.suspicions(attempt.device, attempt.member_id, attempt.on, fast))
    attempt.finished_at = now()
    attempt.state = "held" if attempt.suspicions and owed != LAST_RESORT else "paid"
    db.session.flush()
    if attempt.state == "paid" and owed != LAST_RESORT:
        _pay(attempt, owed)
    outbox.tell("quiz.done", attempt.public_id, attempt.member_id, **told(attempt))


def pay_held(attempt: QuizAttempt) -> None:
    """Pay an attempt that waited for the owner, by what its score is worth."""
    quiz = quiz_rules.rule(quiz_rules.thaw(attempt.definition))
    owed = rules.prize_for(quiz, attempt.score)
    if owed != LAST_RESORT:
        _pay(attempt, owed._replace(points=attempt.points))


def _pay(attempt: QuizAttempt, owed: RulesPrize) -> None:
    said = quiz_rules.thaw(attempt.definition)
    prizes.hand_over(
        tickets.lock(attempt.member_id),
        prizes.said(owed),
        key=f"quiz:{attempt.public_id}",
        game=said.code,
        source="quiz",
        title=said.name,
    )


def _best_before(attempt: QuizAttempt) -> int | None:
    others = select(func.max(QuizAttempt.score)).where(
        QuizAttempt.member_id == attempt.member_id,
        QuizAttempt.quiz == attempt.quiz,
        QuizAttempt.on == attempt.on,
        QuizAttempt.finished_at.is_not(None),
        QuizAttempt.id != attempt.id,
    )
    return db.session.scalar(others)


def told(attempt: QuizAttempt) -> dict[str, object]:
    """What others may know of an attempt that is over."""
    return {
        "quiz": attempt.quiz,
        "score": attempt.score,
        "right": attempt.right,
        "asked": len(attempt.definition["questions"]),
        "points": attempt.points,
        "state": attempt.state,
    }
