"""A quiz attempt: what is asked, scored and paid."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games import quiz
from games.prize import LAST_RESORT
from games.question import (
    load,
    problems,
)
from games.quiz import Quiz, Standing, Step, Turn
from tests.games.quiz_ground import (
    COFFEE,
    KINDS,
    NOW,
    QUIZ,
    SEED,
    TEN,
    THREE,
    TRUTH,
    question,
    turn,
)


def test_the_same_seed_and_label_ask_the_same_questions():
    few = QUIZ._replace(asked=3)
    first = quiz.questions_for(few, SEED, "sari|1")
    assert first == quiz.questions_for(few, SEED, "sari|1")
    assert len({q.code for q in first}) == 3
    assert len({str(quiz.questions_for(few, SEED, f"sari|{n}")) for n in range(50)}) > 20


# Scores and prizes


def test_a_score_counts_right_answers():
    turns = [turn(q) for q in KINDS[:4]] + [
        turn(KINDS[4], answer=()),
        turn(KINDS[5], answer=("b",)),
    ]
    assert quiz.score(QUIZ, turns) == 4


@pytest.mark.parametrize(
    ("took_s", "score"), [(0, 150), (5, 137), (10, 125), (20, 100), (21.9, 100), (22.1, 0)]
)
def test_time_adds_to_a_right_answer_up_to_the_limit_and_grace_lets_it_count(took_s, score):
    timed = QUIZ._replace(right_score=100, time_score=50)
    assert quiz.score_of(timed, KINDS[0], turn(KINDS[0], took_s)) == score


def test_without_a_limit_time_neither_adds_nor_ends():
    calm = QUIZ._replace(limit_s=None, time_score=50)
    assert quiz.score_of(calm, KINDS[0], turn(KINDS[0], 9_999)) == 1


def test_a_questions_own_limit_overrides_the_quizs():
    hasty = KINDS[0]._replace(limit_s=5)
    assert quiz.score_of(QUIZ, hasty, turn(hasty, 8)) == 0


@pytest.mark.parametrize(
    ("score", "prize"),
    [
        (0, LAST_RESORT),
        (2, LAST_RESORT),
        (3, THREE),
        (4, THREE),
        (5, TEN),
        (6, COFFEE),
        (99, COFFEE),
    ],
)
def test_the_highest_step_reached_is_the_prize(score, prize):
    assert quiz.prize_for(QUIZ, score) == prize
    assert quiz.prize_for(QUIZ._replace(steps=QUIZ.steps[::-1]), score) == prize


@pytest.mark.parametrize(
    ("before", "score", "owed"),
    [
        (None, 5, TEN),
        (3, 3, LAST_RESORT),
        (3, 5, TEN._replace(points=7, value_rupiah=70)),
        (5, 3, LAST_RESORT),
        (2, 3, THREE),
        (5, 6, COFFEE),
        (6, 5, LAST_RESORT),
    ],
)
def test_only_a_better_attempt_is_owed_more(before, score, owed):
    assert quiz.prize_owed(QUIZ, before, score) == owed


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6))
def test_many_attempts_pay_in_points_what_the_best_alone_would(scores):
    best, paid = None, 0
    for score in scores:
        paid += quiz.prize_owed(QUIZ, best, score).points
        best = max(score, best or 0)
    assert paid == quiz.prize_for(QUIZ, max(scores)).points


# Where an attempt stands


def test_a_fresh_attempt_asks_the_first_question():
    assert quiz.standing(QUIZ, [Turn("q-single"), Turn("q-order")], NOW) == Standing("ask", 0)


@pytest.mark.parametrize(
    ("passed_s", "standing"),
    [
        (0, Standing("wait", 0, 20_000)),
        (12.5, Standing("wait", 0, 7_500)),
        (20, Standing("wait", 0, 0)),
        (22, Standing("wait", 0, 0)),
        (22.001, Standing("late", 0, 0)),
        (86_400, Standing("late", 0, 0)),
    ],
)
def test_a_dropped_connection_resumes_with_the_time_that_is_left(passed_s, standing):
    turns = [Turn("q-single", asked_at=NOW), Turn("q-order")]
    assert quiz.standing(QUIZ, turns, NOW + timedelta(seconds=passed_s)) == standing


def test_a_question_without_a_limit_waits_for_ever():
    calm = QUIZ._replace(limit_s=None)
    later = NOW + timedelta(days=1)
    assert quiz.standing(calm, [Turn("q-single", NOW)], later) == Standing("wait", 0)


def test_after_an_answer_comes_the_next_and_after_the_last_the_end():
    turns = [turn(KINDS[0]), Turn("q-order")]
    assert quiz.standing(QUIZ, turns, NOW) == Standing("ask", 1)
    assert quiz.standing(QUIZ, turns[:1], NOW) == Standing("finished", 1)


# Contract, problems, limits


@pytest.mark.parametrize("hits", range(7))
def test_a_whole_attempt_can_be_played_without_a_clock(hits):
    rights = [n < hits for n in range(6)]
    outcome = quiz.play(QUIZ, 0, quiz.answers_like(QUIZ, rights))
    assert outcome.shown == {"score": hits, "right": hits, "asked": 6}
    assert outcome.raw == quiz.prize_for(QUIZ, hits)


def test_a_sound_quiz_has_no_problems():
    pictures = tuple(o._replace(picture="x.webp") for o in KINDS[3].options)
    pool = (*KINDS[:3], KINDS[3]._replace(options=pictures), *KINDS[4:])
    assert quiz.problems(QUIZ._replace(questions=pool)) == ()


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (question("riddle", "a"), "q-riddle.kind"),
        (question("single", ""), "q-single.right"),
        (question("single", "ab"), "q-single.right"),
        (question("single", "z"), "q-single.right"),
        (question("several", ""), "q-several.right"),
        (question("order", "ab"), "q-order.right"),
        (question("preference", "a"), "q-preference.right"),
        (question("single", "a", "a"), "q-single.options"),
        (question("single", "a", "aa"), "q-single.option_twice"),
        (question("picture", "a"), "q-picture.pictures"),
        (question("true_false", "a", "ab"), "q-true_false.true_false"),
        (question("single", "a")._replace(text={"id": ""}), "q-single.text"),
    ],
)
def test_an_unsound_question_is_told_why(broken, problem):
    assert problem in problems(broken)
    assert problem in quiz.problems(QUIZ._replace(questions=(broken,)))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"asked": 0}, "asked"),
        ({"asked": 7}, "asked"),
        ({"attempts_day": 0}, "attempts"),
        ({"time_score": -1}, "scores"),
        ({"questions": (TRUTH, TRUTH)}, "code_twice"),
        ({"steps": (Step(1, TEN), Step(1, THREE))}, "steps_twice"),
    ],
)
def test_an_unsound_quiz_is_told_why(change, problem):
    assert problem in quiz.problems(QUIZ._replace(**change))


def test_a_quiz_is_read_from_plain_data():
    plain = {
        "asked": 1,
        "steps": [{"min_score": 1, "prize": THREE._asdict()}],
        "questions": [{**TRUTH._asdict(), "options": [o._asdict() for o in TRUTH.options]}],
    }
    assert quiz.load(plain) == Quiz((TRUTH,), 1, (Step(1, THREE),))
    with pytest.raises(TypeError):
        load({"code": "x", "options": [], "answer": "a"})
