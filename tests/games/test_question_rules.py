"""Questions: marking over every answer, and what may be shown before one."""

from collections import Counter
from itertools import permutations

import pytest

from games import quiz
from games.question import (
    Question,
    codes_at,
    explained,
    is_complete,
    is_right,
    public,
    text_in,
)
from tests.games.quiz_ground import (
    KINDS,
    SEED,
    TRUTH,
    question,
)

# Marking, over every answer there is


def every_answer(asked: Question):
    codes = [option.code for option in asked.options]
    return (chosen for k in range(len(codes) + 1) for chosen in permutations(codes, k))


@pytest.mark.parametrize(
    ("asked", "rights"),
    [
        (question("single", "b"), {("b",)}),
        (question("several", "bd"), {("b", "d"), ("d", "b")}),
        (TRUTH, {("true",)}),
        (question("picture", "c"), {("c",)}),
        (question("order", "dbca"), {("d", "b", "c", "a")}),
        (question("earliest", "a"), {("a",)}),
        (question("preference", ""), set()),
    ],
)
def test_of_every_answer_only_the_right_ones_are_right(asked, rights):
    assert {answer for answer in every_answer(asked) if is_right(asked, answer)} == rights
    assert all(is_complete(asked, answer) for answer in rights)


def test_saying_the_right_thing_twice_is_not_right():
    assert not is_right(question("single", "b"), ("b", "b"))


@pytest.mark.parametrize(
    ("asked", "sizes"),
    [
        (question("single", "b"), {1}),
        (question("several", "bd"), {1, 2, 3, 4}),
        (question("order", "abcd"), {4}),
        (question("preference", ""), {1}),
    ],
)
def test_a_phone_may_only_send_a_whole_answer(asked, sizes):
    assert {len(answer) for answer in every_answer(asked) if is_complete(asked, answer)} == sizes


# What the phone may know


SECRET = question("several", "bd", explanation={"id": "Karena RAHASIA"})


def test_what_is_shown_before_the_answer_holds_no_code_answer_or_explanation():
    order = quiz.option_order(SECRET, SEED, "sari|1")
    shown = public(SECRET, "id", order)
    assert set(shown) == {"kind", "text", "picture", "options"}
    assert all(set(option) == {"text", "picture"} for option in shown["options"])
    assert "RAHASIA" not in repr(shown)


def test_the_form_of_a_question_is_the_same_whatever_is_right():
    order = quiz.option_order(SECRET, SEED, "sari|1")
    forms = {repr(public(SECRET._replace(right=(c,)), "id", order)) for c in "abcd"}
    assert len(forms) == 1
    orders = {quiz.option_order(SECRET._replace(right=(c,)), SEED, "sari|1") for c in "abcd"}
    assert len(orders) == 1


@pytest.mark.parametrize("asked", [*KINDS, SECRET])
def test_answering_with_the_explained_places_is_right(asked):
    for attempt in range(20):
        order = quiz.option_order(asked, SEED, f"sari|{attempt}")
        places = explained(asked, "id", order)["right"]
        assert is_right(asked, codes_at(asked, order, places))


def test_every_order_of_options_comes_up_the_right_one_too():
    asked = question("order", "abc", "abc")
    orders = Counter(quiz.option_order(asked, SEED, str(n)) for n in range(6_000))
    assert len(orders) == 6
    assert sum((n - 1000) ** 2 / 1000 for n in orders.values()) < 20.5  # 5 df, p = 0.001


def test_true_stands_before_false_however_it_was_stored():
    for stored in (TRUTH, TRUTH._replace(options=TRUTH.options[::-1])):
        shown = public(stored, "id", quiz.option_order(stored, SEED, "x"))
        assert [option["text"] for option in shown["options"]] == ["Benar", "Salah"]


@pytest.mark.parametrize("places", [[4], [-1], [0, 0], [0, 1, 2, 3, 4]])
def test_places_that_are_not_there_are_refused(places):
    with pytest.raises(ValueError, match="no such answer"):
        codes_at(SECRET, (0, 1, 2, 3), places)


def test_a_text_falls_back_to_indonesian_and_then_to_what_there_is():
    assert text_in({"id": "ya", "en": "yes"}, "en") == "yes"
    assert text_in({"id": "ya", "en": "yes"}, "su") == "ya"
    assert text_in({"en": "yes"}, "su") == "yes"
    assert text_in({}, "su") == ""
