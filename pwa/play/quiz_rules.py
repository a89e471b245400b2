"""The program's quizzes as the pure rules read them, and which one is today's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from games import quiz as rules
from games.prize import NOTHING, Prize
from games.question import ORDER, PREFERENCE, TRUE_FALSE, Option, Question
from games.quiz import Step
from pwa.program import service as program
from pwa.program.schema import Question as SaidQuestion
from pwa.program.schema import Quiz, Text


def of_day(on: date) -> Quiz | None:
    """The quiz of day `on`: a themed one while it runs, else the daily ones take turns."""
    return turn_of(program.current().quizzes, on)


def turn_of(quizzes: Sequence[Quiz], on: date) -> Quiz | None:
    """Which of these quizzes is asked on day `on`."""
    themed = [q for q in quizzes if q.starts_on and q.ends_on and q.starts_on <= on <= q.ends_on]
    offered = themed or [q for q in quizzes if q.starts_on is None]
    return offered[on.toordinal() % len(offered)] if offered else None


def rule(quiz: Quiz) -> rules.Quiz:
    """A quiz of the program file as the rules read it."""
    return rules.Quiz(
        questions=tuple(_question(q) for q in quiz.questions),
        asked=quiz.ask,
        steps=_steps(quiz),
        limit_s=quiz.seconds_per_question,
        time_score=quiz.time_score,
        attempts_day=quiz.attempts_day,
    )


def snapshot(quiz: Quiz, drawn: tuple[Question, ...]) -> dict[str, Any]:
    """The quiz with only the questions drawn, as an attempt keeps it."""
    by_code = {q.code: q for q in quiz.questions}
    asked = tuple(by_code[q.code] for q in drawn)
    kept = quiz.model_copy(update={"questions": asked})
    return kept.model_dump(mode="json", exclude_defaults=True, exclude_none=True)


def thaw(definition: dict[str, Any]) -> Quiz:
    return Quiz.model_validate(definition)


def most_points(quiz: Quiz) -> int:
    """What a perfect attempt wins."""
    return rules.prize_for(rule(quiz), quiz.ask * (1 + quiz.time_score)).points


def asked(quiz: Quiz) -> int:
    """How many questions an attempt has: one about taste comes on top of those that score."""
    tastes = sum(question.kind == PREFERENCE for question in quiz.questions)
    scored = len(quiz.questions) - tastes
    return min(quiz.ask, scored) + min(1, tastes) if scored else quiz.ask


def _steps(quiz: Quiz) -> tuple[Step, ...]:
    if quiz.prizes:
        return tuple(
            Step(s.score, Prize(f"score-{s.score}", s.prize.kind, s.prize.points,
                                reward=s.prize.reward or ""))
            for s in quiz.prizes
        )  # fmt: skip
    if not quiz.points_per_right:
        return (Step(1, Prize("right", NOTHING)),)
    each = quiz.points_per_right
    return tuple(Step(n, Prize(f"right-{n}", "points", n * each)) for n in range(1, quiz.ask + 1))


def _question(said: SaidQuestion) -> Question:
    codes = _codes(said)
    return Question(
        code=said.code,
        kind=said.kind,
        text=_texts(said.text),
        options=tuple(
            Option(code, _texts(option.text), option.art or "")
            for code, option in zip(codes, said.options, strict=True)
        ),
        right=_right(said, codes),
        explanation=_texts(said.explanation),
        picture=said.art or "",
        limit_s=said.seconds,
        asks=said.asks or "",
    )


def _codes(said: SaidQuestion) -> tuple[str, ...]:
    if said.kind == TRUE_FALSE:
        return ("true", "false")  # as written: Benar, then Salah
    return tuple(f"option-{n}" for n in range(len(said.options)))


def _right(said: SaidQuestion, codes: tuple[str, ...]) -> tuple[str, ...]:
    if said.kind == PREFERENCE:
        return ()
    if said.kind == ORDER:
        return codes  # the file lists the steps in their order
    return tuple(c for c, option in zip(codes, said.options, strict=True) if option.right)


def _texts(said: Text) -> dict[str, str]:
    return said.model_dump(exclude_none=True)
