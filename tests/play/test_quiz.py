from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import clock, outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.play import quiz_rules, quizzes, service
from pwa.play.errors import BadAnswer, NoMoreAttempts
from pwa.play.models import QuizAttempt
from pwa.program import service as program
from tests.conftest import NOON
from tests.people import log_in

HTMX = {"HX-Request": "true"}


def held(member: Member) -> int:
    return ledger.balance(member.id).spendable


def start(member: Member, key: str = "k1") -> QuizAttempt:
    attempt = quizzes.start(member, key, "id")
    outbox.commit()
    return attempt


def places(attempt: QuizAttempt, place: int, *, right: bool) -> list[int]:
    """The places on the phone of the right answer, or of a wrong one."""
    asked = quiz_rules.rule(quiz_rules.thaw(attempt.definition)).questions[place]
    order = quizzes.turns(attempt)[place].option_order
    codes = [asked.options[option].code for option in order]
    if asked.kind == "order":
        steps = [codes.index(code) for code in asked.right]
        return steps if right else steps[::-1]
    rights = [n for n, code in enumerate(codes) if code in asked.right]
    return rights if right else [n for n in range(len(codes)) if n not in rights][:1]


def answer_all(member: Member, attempt: QuizAttempt, rights: tuple[bool, ...]) -> None:
    for place, right in enumerate(rights):
        with clock.at(clock.now() + timedelta(seconds=8 * (place + 1))):
            quizzes.ask_next(member.id, attempt.public_id)
            chosen = places(attempt, place, right=right)
            at = clock.now() + timedelta(seconds=5)
        with clock.at(at):
            quizzes.answer(member.id, attempt.public_id, place, chosen)
            outbox.commit()


def test_right_answers_pay_at_the_end_in_one_line(sari: Member) -> None:
    before = held(sari)
    attempt = start(sari)
    answer_all(sari, attempt, (True, False, True))
    assert (attempt.right, attempt.points) == (2, 10)
    assert held(sari) == before + 10 + 10  # and the mission "kuis-hari-ini"


def test_nothing_right_pays_nothing_but_is_done(sari: Member) -> None:
    before = held(sari)
    answer_all(sari, start(sari), (False, False, False))
    assert held(sari) == before + 10  # the mission asks for a quiz done, right or wrong
    assert service.quiz_today(sari).state == "done"


def test_one_attempt_a_day(sari: Member) -> None:
    attempt = start(sari)
    assert start(sari, "k2").id == attempt.id  # open: it goes on
    answer_all(sari, attempt, (True, True, True))
    with pytest.raises(NoMoreAttempts):
        quizzes.start(sari, "k3", "id")
    outbox.rollback()
    with clock.at(NOON + timedelta(days=1)):
        assert start(sari, "k4").id != attempt.id


def test_answering_twice_changes_nothing(sari: Member) -> None:
    attempt = start(sari)
    quizzes.answer(sari.id, attempt.public_id, 0, places(attempt, 0, right=False))
    quizzes.answer(sari.id, attempt.public_id, 0, places(attempt, 0, right=True))
    assert quizzes.turns(attempt)[0].is_right is False


@pytest.mark.parametrize("chosen", [[], [9], [0, 0], [0, 9]])
def test_an_answer_that_the_form_cannot_send_is_refused(sari: Member, chosen: list[int]) -> None:
    attempt = start(sari)
    with pytest.raises(BadAnswer):
        quizzes.answer(sari.id, attempt.public_id, 0, chosen)


def test_a_question_that_was_not_shown_cannot_be_answered(sari: Member) -> None:
    attempt = start(sari)
    with pytest.raises(BadAnswer):
        quizzes.answer(sari.id, attempt.public_id, 1, [0])


def test_too_late_by_the_servers_clock_counts_as_no_answer(sari: Member) -> None:
    attempt = start(sari)
    chosen = places(attempt, 0, right=True)
    with clock.at(NOON + timedelta(seconds=48)):  # the slowest question: 45 seconds, 2 of grace
        quizzes.answer(sari.id, attempt.public_id, 0, chosen)
    turn = quizzes.turns(attempt)[0]
    assert (turn.is_right, turn.answer) == (False, [])


def test_the_grace_forgives_a_slow_network(sari: Member) -> None:
    attempt = start(sari)
    with clock.at(NOON + timedelta(seconds=21)):
        quizzes.answer(sari.id, attempt.public_id, 0, places(attempt, 0, right=True))
    assert quizzes.turns(attempt)[0].is_right


def test_what_was_answered_before_she_left_is_paid_when_the_day_is_over(sari: Member) -> None:
    attempt = start(sari)
    quizzes.answer(sari.id, attempt.public_id, 0, places(attempt, 0, right=True))
    outbox.commit()
    before = held(sari)
    assert quizzes.close_abandoned() == 0
    with clock.at(NOON + timedelta(days=1)):
        assert quizzes.close_abandoned() == 1
        outbox.commit()
        assert quizzes.close_abandoned() == 0
    db.session.refresh(attempt)
    assert (attempt.points, attempt.right) == (5, 1)
    assert held(sari) == before + 5 + 10


def test_quizzes_take_turns_by_day_and_two_members_get_different_questions(
    sari: Member, tono: Member
) -> None:
    days = [quiz_rules.of_day(clock.program_day() + timedelta(days=n)).code for n in range(4)]
    assert days[0] != days[1]
    assert days[:2] == days[2:]
    drawn = {tuple(t.question for t in quizzes.turns(start(m))) for m in (sari, tono)}
    assert len({start(m).seed_hex for m in (sari, tono)}) == 2
    assert all(len(set(codes)) == 3 for codes in drawn)


def test_no_byte_before_the_answer_tells_which_is_right(
    client: FlaskClient, sari: Member, app: Flask
) -> None:
    """The whole answer, head and body, is the same whichever option is the right one."""
    log_in(client, sari)
    attempt = start(sari)
    url = f"/quiz/attempts/{attempt.public_id}"
    seen = set()
    definition = attempt.definition
    for right in range(4):
        attempt.definition = _with_right(definition, right)
        db.session.commit()
        answer = client.get(url)
        seen.add((_head(answer.headers), re.sub(r"csrf.token.{0,20}=\"[^\"]+\"", "", answer.text)))
    assert len(seen) == 1


def _head(headers: Iterable[tuple[str, str]]) -> str:
    """All that the head says, without what counts requests and seconds."""
    told = [(k, v) for k, v in headers if not k.startswith(("X-RateLimit", "Set-Cookie", "Date"))]
    return str(sorted(told))


def _with_right(definition: dict, right: int) -> dict:
    """The same questions with another option marked right and another explanation."""
    changed = []
    for question in definition["questions"]:
        if question.get("kind") == "order":  # its options are its answer: see test_leaks.py
            changed.append(question)
            continue
        options = [
            {**option, "right": n == right % len(question["options"])}
            for n, option in enumerate(question["options"])
        ]
        changed.append(
            {**question, "options": options, "explanation": {"id": f"Karena nomor {right}."}}
        )
    return {**definition, "questions": changed}


def test_every_byte_of_the_way_hides_answers_that_are_still_to_come(
    client: FlaskClient, sari: Member
) -> None:
    log_in(client, sari)
    begun = client.post("/quiz/attempts", data={"key": "k1"})
    attempt = db.session.query(QuizAttempt).one()
    asked = quiz_rules.thaw(attempt.definition).questions
    bodies = [begun.text, client.get(begun.location).text, client.get("/quiz").text]
    for question in asked:
        assert all(question.explanation.id[:20] not in body for body in bodies)
        assert all("option-" not in body and f'"{question.code}"' not in body for body in bodies)
    assert all(attempt.seed_hex not in body for body in bodies)


class TestPages:
    def test_the_loop_without_a_script(self, client: FlaskClient, sari: Member) -> None:
        log_in(client, sari)
        assert "Mulai" in client.get("/quiz").text
        url = client.post("/quiz/attempts", data={"key": "k1"}).location
        attempt = db.session.query(QuizAttempt).one()
        for place in range(3):
            assert f"Soal {place + 1} dari 3" in client.get(url).text
            # Answers that come faster than anybody reads would be held for the owner.
            with clock.at(NOON + timedelta(seconds=10 * place + 9)):
                self._answer(client, url, attempt, place)
            if place < 2:
                with clock.at(NOON + timedelta(seconds=10 * place + 10)):
                    client.post(f"{url}/turns")
        result = client.get(f"{url}/result").text
        assert "+10" in result
        assert "2 dari 3 benar" in result
        assert client.get("/quiz").location == f"{url}/result"

    def _answer(self, client: FlaskClient, url: str, attempt: QuizAttempt, place: int) -> None:
        data = {"question": place, "answer": places(attempt, place, right=place != 1)}
        assert client.post(f"{url}/answers", data=data).status_code == 303
        page = client.get(url).text
        assert ("Benar" if place != 1 else "Hampir") in page
        assert quiz_rules.thaw(attempt.definition).questions[place].explanation.id[:15] in page

    def test_a_dropped_connection_resumes_where_it_was(
        self, client: FlaskClient, sari: Member
    ) -> None:
        log_in(client, sari)
        url = client.post("/quiz/attempts", data={"key": "k1"}).location
        attempt = db.session.query(QuizAttempt).one()
        client.post(
            f"{url}/answers", data={"question": 0, "answer": places(attempt, 0, right=True)}
        )
        client.post(f"{url}/turns")
        assert client.get("/quiz").location == url
        assert "Soal 2 dari 3" in client.get(url).text

    def test_htmx_gets_the_card_only(self, client: FlaskClient, sari: Member) -> None:
        log_in(client, sari)
        url = client.post("/quiz/attempts", data={"key": "k1"}).location
        fragment = client.get(url, headers=HTMX)
        assert fragment.text.lstrip().startswith('<div id="attempt"')
        assert "HX-Request" in fragment.headers["Vary"]

    def test_an_attempt_is_seen_by_its_member_only(
        self, client: FlaskClient, sari: Member, tono: Member
    ) -> None:
        url = f"/quiz/attempts/{start(sari).public_id}"
        assert client.get(url).status_code == 303
        log_in(client, tono)
        for found in (client.get(url), client.get(f"{url}/result"), client.post(f"{url}/turns")):
            assert found.status_code == 404
        answer = client.post(f"{url}/answers", data={"question": 0, "answer": 0})
        assert answer.status_code == 404

    def test_a_day_without_a_quiz_says_so(self, client: FlaskClient, sari: Member) -> None:
        said = program.current()
        program.apply(said.model_copy(update={"quizzes": ()}), actor="test")
        outbox.commit()
        answer = log_in(client, sari).get("/quiz")
        assert answer.status_code == 404
        assert "Hari ini belum ada kuis" in answer.text
