"""Quizzes: which questions, what an attempt scores and wins, and where it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from games import fairness, prize
from games import question as questions
from games.outcome import Outcome
from games.prize import LAST_RESORT, POINTS, Prize
from games.question import PREFERENCE, TRUE_FALSE, Question, is_right

NAME = "quiz"


class Step(NamedTuple):
    """A prize for a score of at least `min_score`."""

    min_score: int
    prize: Prize


class Quiz(NamedTuple):
    questions: tuple[Question, ...]  # the pool
    asked: int  # how many of them make one attempt
    steps: tuple[Step, ...]
    limit_s: int | None = None  # for each question; None is no hurry
    grace_ms: int = 2000  # for a slow network, on top of the limit
    right_score: int = 1
    time_score: int = 0  # on top, for an answer in no time; falls to 0 at the limit
    attempts_day: int = 1  # the best is kept


class Turn(NamedTuple):
    """One question of an attempt, as stored."""

    question: str
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    answer: tuple[str, ...] = ()  # option codes; empty when time ran out


class Standing(NamedTuple):
    """Where an attempt is: "ask" the turn, "wait" for its answer, it is "late", or "finished"."""

    state: str
    place: int  # of the turn; the number of turns when finished
    left_ms: int | None = None  # shown time that is left, without the grace; None is no hurry


# What is asked, and in which order


def questions_for(quiz: Quiz, seed_hex: str, label: str) -> tuple[Question, ...]:
    """The questions of one attempt, drawn by a recorded seed; `label` names the attempt.

    `asked` of those that can be right, and one about taste at the end if there is any: nobody
    loses points to a question without an answer.
    """
    scored = [q for q in quiz.questions if q.kind != PREFERENCE]
    tastes = [q for q in quiz.questions if q.kind == PREFERENCE]
    if not scored:
        return fairness.draw(seed_hex, f"questions|{label}", tastes, quiz.asked)
    drawn = fairness.draw(seed_hex, f"questions|{label}", scored, min(quiz.asked, len(scored)))
    return (*drawn, *fairness.draw(seed_hex, f"taste|{label}", tastes, min(1, len(tastes))))


def option_order(question: Question, seed_hex: str, label: str) -> tuple[int, ...]:
    """Which option stands at each place in this attempt.

    Any order is as likely as any other, the right one included: an order question that never
    started out right would give away a question of two steps.
    """
    places = range(len(question.options))
    if question.kind == TRUE_FALSE:  # Benar, then Salah, however the owner stored them
        return tuple(sorted(places, key=lambda place: question.options[place].code != "true"))
    return fairness.shuffle(seed_hex, f"options|{label}|{question.code}", places)


# Marks, scores, prizes


def score_of(quiz: Quiz, question: Question, turn: Turn) -> int:
    """What one turn scores: for being right, and for being quick if the quiz counts that."""
    if not is_right(question, turn.answer) or is_late(quiz, question, turn, turn.answered_at):
        return 0
    return quiz.right_score + _time_score(quiz, question, turn)


def score(quiz: Quiz, turns: Sequence[Turn]) -> int:
    """What an attempt scores."""
    known = {q.code: q for q in quiz.questions}
    return sum(score_of(quiz, known[turn.question], turn) for turn in turns)


def prize_for(quiz: Quiz, score: int) -> Prize:
    """The prize of the highest step that `score` reaches; kind words when it reaches none."""
    reached = [step for step in quiz.steps if score >= step.min_score]
    return max(reached, key=lambda step: step.min_score).prize if reached else LAST_RESORT


def prize_owed(quiz: Quiz, best_before: int | None, score: int) -> Prize:
    """What an attempt adds to the day's earlier ones (their best score), so that the best is kept.

    A better points prize pays the difference. Any other better prize is given whole.
    """
    if best_before is None:
        return prize_for(quiz, score)
    had, now = prize_for(quiz, best_before), prize_for(quiz, max(score, best_before))
    if now == had:
        return LAST_RESORT
    if had.kind == now.kind == POINTS:
        return _difference(had, now)
    return now


# Time, and where an attempt stands


def limit_of(quiz: Quiz, question: Question) -> int | None:
    """Seconds to answer this question in; None is no hurry."""
    return quiz.limit_s if question.limit_s is None else question.limit_s


def is_late(quiz: Quiz, question: Question, turn: Turn, at: datetime | None) -> bool:
    """Whether `at` is past the limit and the grace, by the server's times alone."""
    limit_s = limit_of(quiz, question)
    if limit_s is None or turn.asked_at is None or at is None:
        return False
    return at - turn.asked_at > timedelta(seconds=limit_s, milliseconds=quiz.grace_ms)


def standing(quiz: Quiz, turns: Sequence[Turn], now: datetime) -> Standing:
    """Where the attempt stands, so that a dropped connection resumes where it was.

    On "ask" the caller records asked_at and sends the question; on "late" it records an empty
    answer and looks again.
    """
    for place, turn in enumerate(turns):
        if turn.answered_at is None:
            return _standing_at(quiz, place, turn, now)
    return Standing("finished", len(turns))


def took_ms(turn: Turn) -> int | None:
    """Milliseconds from asking to answering, by the server's clock; None if not answered."""
    if turn.asked_at is None or turn.answered_at is None:
        return None
    return (turn.answered_at - turn.asked_at) // timedelta(milliseconds=1)


def _difference(had: Prize, now: Prize) -> Prize:
    more = now.points - had.points
    costs_rupiah = max(0, now.value_rupiah - had.value_rupiah)
    return now._replace(points=more, value_rupiah=costs_rupiah) if more > 0 else LAST_RESORT


def _standing_at(quiz: Quiz, place: int, turn: Turn, now: datetime) -> Standing:
    if turn.asked_at is None:
        return Standing("ask", place)
    question = next(q for q in quiz.questions if q.code == turn.question)
    if is_late(quiz, question, turn, now):
        return Standing("late", place, 0)
    limit_s = limit_of(quiz, question)
    if limit_s is None:
        return Standing("wait", place)
    passed_ms = (now - turn.asked_at) // timedelta(milliseconds=1)
    return Standing("wait", place, max(0, limit_s * 1000 - passed_ms))


def _time_score(quiz: Quiz, question: Question, turn: Turn) -> int:
    limit_s, took = limit_of(quiz, question), took_ms(turn)
    if not limit_s or took is None:
        return 0
    left_ms = max(0, limit_s * 1000 - max(0, took))
    return quiz.time_score * left_ms // (limit_s * 1000)


# The contract of games/__init__.py from here down. `answers` are one list of places a question,
# options in the order they were written: the preview an owner plays, and the contract's test.


def load(data: Mapping[str, Any]) -> Quiz:
    """A quiz from plain data. Raises ValueError or TypeError on unknown fields."""
    steps = tuple(Step(s["min_score"], prize.load(s["prize"])) for s in data["steps"])
    pool = tuple(questions.load(q) for q in data["questions"])
    return Quiz(**{**data, "questions": pool, "steps": steps})


def problems(config: Quiz) -> tuple[str, ...]:
    """What keeps this quiz from being switched on, as codes; empty when nothing does."""
    codes = [q.code for q in config.questions]
    wrong = {
        "asked": not 1 <= config.asked <= len(codes),
        "code_twice": len(set(codes)) < len(codes),
        "attempts": config.attempts_day < 1,
        "scores": min(config.right_score, config.time_score, config.grace_ms) < 0,
        "steps_twice": len({s.min_score for s in config.steps}) < len(config.steps),
    }
    own = [code for q in config.questions for code in questions.problems(q)]
    own += [code for s in config.steps for code in prize.problems(s.prize)]
    return (*(name for name, is_wrong in wrong.items() if is_wrong), *own)


def prizes(config: Quiz) -> tuple[Prize, ...]:
    """All that this quiz can give."""
    return tuple(step.prize for step in config.steps)


def total(config: Quiz) -> int:
    """One: a quiz leaves nothing to a roll. Its draws come from a recorded seed."""
    return 1


def play(config: Quiz, roll: int, answers: Sequence[Sequence[int]] = ()) -> Outcome:
    """Mark a whole attempt at the first `asked` questions, without a clock."""
    asked = config.questions[: config.asked]
    given = [*answers, *[()] * (len(asked) - len(answers))]
    turns = [
        Turn(q.code, answer=questions.codes_at(q, range(len(q.options)), places))
        for q, places in zip(asked, given, strict=False)
    ]
    scored = score(config, turns)
    right = sum(is_right(q, turn.answer) for q, turn in zip(asked, turns, strict=True))
    shown = {"score": scored, "right": right, "asked": len(asked)}
    return Outcome(prize_for(config, scored), shown)


def answers_like(config: Quiz, rights: Sequence[bool]) -> tuple[tuple[int, ...], ...]:
    """Answers for `play` of somebody who gets these questions right: the simulator's members."""
    pairs = zip(config.questions[: config.asked], rights, strict=True)
    return tuple(_right_places(q) if is_hit else () for q, is_hit in pairs)


def _right_places(question: Question) -> tuple[int, ...]:
    codes = [option.code for option in question.options]
    return (0,) if question.kind == PREFERENCE else tuple(map(codes.index, question.right))
