"""Neither body, head, cookie nor the work done for it tells an answer before it is given."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pwa.db import db
from pwa.members.models import Member
from pwa.play import quizzes
from pwa.play.models import QuizAttempt, QuizTurn
from tests.people import log_in
from tests.play.test_quiz import start
from tests.play.test_quiz_kinds import question, use

ROOT = Path(__file__).resolve().parents[2]
OURS = (str(ROOT / "pwa"), str(ROOT / "games"))
KINDS = ("single", "picture", "earliest", "order")
# What differs from one look to the next, whatever is asked.
TOKEN = re.compile(r'name="csrf[-_]token" (?:value|content)="[^"]+"|nonce-[\w=/+-]+|nonce="[^"]+"')
COUNTS_REQUESTS = ("X-RateLimit", "Date", "Set-Cookie", "Server-Timing")


def answer_is(attempt: QuizAttempt, turn: QuizTurn, place: int) -> None:
    """Make another option the right one, while the phone is shown the very same."""
    said = attempt.definition["questions"][0]
    shown = [said["options"][n] for n in turn.option_order]
    if said.get("kind") == "order":  # the file's order is the answer
        options = shown[place:] + shown[:place]
        turn.option_order = [options.index(option) for option in shown]
    else:
        options = [{**o, "right": n == place} for n, o in enumerate(shown)]
        turn.option_order = list(range(len(shown)))
    changed = {**said, "options": options, "explanation": {"id": f"Rahasia nomor {place}."}}
    attempt.definition = {**attempt.definition, "questions": [changed]}
    db.session.commit()


def bytes_of(answer: TestResponse) -> str:
    """All of an answer that its reader gets, but for what counts requests and seconds."""
    head = sorted(f"{k}: {v}" for k, v in answer.headers if not k.startswith(COUNTS_REQUESTS))
    return TOKEN.sub("", "\n".join(head) + "\n\n" + answer.text)


def work(act: Callable[[], Any]) -> int:
    """How many of our functions are called: time without its noise. The least of three."""
    return min(_calls(act) for _ in range(3))


def _calls(act: Callable[[], Any]) -> int:
    count = 0

    def note(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_filename.startswith(OURS)

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", KINDS)
def test_whichever_is_right_the_same_bytes_and_the_same_work(
    client: FlaskClient, sari: Member, kind: str
) -> None:
    use(question(kind))
    log_in(client, sari)
    attempt = start(sari)
    turn = quizzes.turns(attempt)[0]
    url = f"/quiz/attempts/{attempt.public_id}"
    client.get(url)
    seen, worked = set(), set()
    for place in range(3):
        answer_is(attempt, turn, place)
        seen.add(bytes_of(client.get(url)))
        worked.add(work(lambda: client.get(url)))
    assert len(seen) == 1
    assert "Rahasia nomor" not in seen.pop()
    assert len(worked) == 1, worked


def test_a_right_and_a_wrong_answer_take_the_same_work_until_the_last(
    client: FlaskClient, sari: Member, tono: Member
) -> None:
    """Who hurries through the form learns nothing from how long it took."""
    use(question("single", "q1"), question("single", "q2"))
    worked = []
    for member, wanted in ((sari, 1), (tono, 0)):
        log_in(client, member)
        attempt = start(member)
        turn = quizzes.turns(attempt)[0]
        place = turn.option_order.index(wanted)  # the second option as written is right
        data = {"question": 0, "answer": place}
        url = f"/quiz/attempts/{attempt.public_id}/answers"
        worked.append(_calls(lambda url=url, data=data: client.post(url, data=data)))
        assert quizzes.turns(attempt)[0].is_right is (wanted == 1)
        client.post("/logout")
    assert abs(worked[0] - worked[1]) <= 2, worked


def test_no_byte_on_the_way_holds_what_is_still_to_come(
    client: FlaskClient, sari: Member, app: Flask
) -> None:
    """Pages, heads, scripts and the session's own content, from the door to the last question."""
    use(question("single", "qa"), question("order", "qb"))
    log_in(client, sari)
    answers = [client.get("/quiz"), client.post("/quiz/attempts", data={"key": "k"})]
    url = answers[-1].location
    answers += [client.get(url), client.get(url, headers={"HX-Request": "true"}), client.get("/")]
    attempt = db.session.query(QuizAttempt).one()
    for script in set(re.findall(r'src="(/[^"]+\.js)"', answers[2].text)):
        answers.append(client.get(script))
    cookie = client.get_cookie("setia")
    assert cookie is not None
    said = str(app.session_interface.get_signing_serializer(app).loads(cookie.value))
    everything = said + "".join(str(a.headers) + a.text for a in answers)
    assert "Soal single" in everything or "Soal order" in everything
    for secret in ("Karena begitu", "option-", '"right"', attempt.seed_hex, 'data-is="'):
        assert secret not in everything, secret
