"""An attempt as its member may see it now: never a byte more than she has earned to know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from games import question as questions
from games import quiz as rules
from games.question import Question
from pwa.clock import now
from pwa.play import preferences, quiz_rules, quizzes
from pwa.play.models import QuizAttempt, QuizTurn
from pwa.program.schema import Text

LETTERS = "ABCDEF"


class Choice(NamedTuple):
    """One option on the screen; `value` is its place there and says nothing else."""

    value: int
    letter: str
    text: str
    art: str
    verdict: str  # "" before the answer; then right, wrong, kept (a taste), other
    is_mine: bool


class View(NamedTuple):
    """What one page of a quiz shows."""

    public_id: str
    name: Text
    state: str  # ask, late, answered, finished
    place: int  # of the question, from 0
    total: int
    kind: str
    text: str
    art: str  # a drawing that goes with the question
    choices: tuple[Choice, ...]
    seconds: int | None  # in all, for this question
    left_s: int | None  # of them
    is_right: bool
    is_out_of_time: bool
    explanation: str
    points_each: int  # what a right answer is worth; 0 where prizes go by score
    asks_leave: bool  # whether keeping this answer waits for her consent
    order: tuple[str, ...] = ()  # an order question's steps as they should be, once answered

    @property
    def is_last(self) -> bool:
        return self.place == self.total - 1


def of(attempt: QuizAttempt, language: str) -> View:
    """The page where the attempt stands: a question, what it came to, or the end."""
    said = quiz_rules.thaw(attempt.definition)
    quiz = quiz_rules.rule(said)
    rows = quizzes.turns(attempt)
    row = _shown(rows)
    asked = next(q for q in quiz.questions if q.code == row.question)
    state = _state(quiz, asked, row)
    return View(
        public_id=attempt.public_id,
        name=said.name,
        state=state,
        place=row.place,
        total=len(rows),
        points_each=said.points_per_right if not said.prizes and attempt.number == 1 else 0,
        seconds=rules.limit_of(quiz, asked),
        left_s=_left_s(quiz, asked, row),
        is_right=row.is_right,
        asks_leave=_asks_leave(attempt, asked, state),
        is_out_of_time=row.answered_at is not None and not row.answer,
        **_question(asked, row, language, state),
    )


def _shown(rows: Sequence[QuizTurn]) -> QuizTurn:
    """The newest question that was asked: it is open, or its answer is explained."""
    asked = [row for row in rows if row.asked_at is not None]
    assert asked, "an attempt asks its first question when it begins"
    return asked[-1]


def _state(quiz: rules.Quiz, asked: Question, row: QuizTurn) -> str:
    if row.answered_at is not None:
        return "answered"
    return "late" if rules.is_late(quiz, asked, quizzes.as_turn(row), now()) else "ask"


def _asks_leave(attempt: QuizAttempt, asked: Question, state: str) -> bool:
    return state == "ask" and bool(asked.asks) and not preferences.is_welcome(attempt.member_id)


def _left_s(quiz: rules.Quiz, asked: Question, row: QuizTurn) -> int | None:
    limit_s = rules.limit_of(quiz, asked)
    if limit_s is None or row.asked_at is None:
        return None
    return max(0, limit_s - int((now() - row.asked_at).total_seconds()))


def _question(asked: Question, row: QuizTurn, language: str, state: str) -> dict[str, Any]:
    public = questions.public(asked, language, row.option_order)
    told = questions.explained(asked, language, row.option_order) if state == "answered" else {}
    mine = [asked.options[option].code for option in row.option_order]
    texts = [option["text"] for option in public["options"]]
    choices = tuple(
        Choice(
            value=place,
            letter=LETTERS[place],
            text=option["text"],
            art=option["picture"],
            verdict=_verdict(place, mine[place] in row.answer, told, asked.kind),
            is_mine=bool(told) and mine[place] in row.answer,
        )
        for place, option in enumerate(public["options"])
    )
    return {
        "kind": asked.kind,
        "text": public["text"],
        "art": public["picture"],
        "choices": choices,
        "explanation": told.get("explanation", ""),
        "order": tuple(texts[p] for p in told["right"]) if told and asked.kind == "order" else (),
    }


def _verdict(place: int, is_mine: bool, told: dict[str, Any], kind: str) -> str:
    if not told:
        return ""
    if kind == questions.PREFERENCE:
        return "kept" if is_mine else "other"
    if kind == questions.ORDER:
        return "other"
    if place in told["right"]:
        return "right"
    return "wrong" if is_mine else "other"
