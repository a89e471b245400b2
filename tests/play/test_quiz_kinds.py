"""Every kind of question, several attempts, themes, and what the simulator says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import clock, outbox
from pwa.db import db
from pwa.members import service as members
from pwa.members.models import Member
from pwa.play import quiz_rules, quizzes, simulation
from pwa.play.errors import TooManyPlays
from pwa.program import service as program
from pwa.program.schema import Option, Prize, Question, Quiz, Text
from tests.conftest import NOON
from tests.people import log_in
from tests.play.test_quiz import answer_all, held, places, start


def question(kind: str, code: str = "q1", **more: object) -> Question:
    options = [Option(text=Text(id=f"Pilihan {n}"), art="cup", right=n == 1) for n in range(3)]
    if kind in ("order", "preference"):
        options = [o.model_copy(update={"right": False}) for o in options]
    if kind == "several":
        options[2] = options[2].model_copy(update={"right": True})
    if kind == "true_false":
        options = options[:2]
    return Question(code=code, kind=kind, text=Text(id=f"Soal {kind} yang mana?"),
                    options=tuple(options), explanation=Text(id="Karena begitu."), **more)  # type: ignore[arg-type]  # fmt: skip


def use(*questions: Question, **more: object) -> None:
    quiz = Quiz(code="uji", name=Text(id="Uji"), questions=questions, ask=len(questions), **more)  # type: ignore[arg-type]
    said = program.current()
    sure = tuple(m for m in said.missions if m.in_set != "pool")  # who is drawn which is chance
    program.apply(said.model_copy(update={"quizzes": (quiz,), "missions": sure}), actor="test")
    outbox.commit()


KINDS = ("single", "several", "true_false", "picture", "order", "earliest")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("right", [True, False])
def test_every_kind_is_asked_marked_and_explained(
    client: FlaskClient, sari: Member, kind: str, right: bool
) -> None:
    use(question(kind))
    log_in(client, sari)
    attempt = start(sari)
    url = f"/quiz/attempts/{attempt.public_id}"
    page = client.get(url).text
    assert f"Soal {kind} yang mana?" in page
    assert "Karena begitu." not in page
    chosen = places(attempt, 0, right=right)
    with clock.at(NOON + timedelta(seconds=9)):
        client.post(f"{url}/answers", data={"question": 0, "answer": chosen})
    page = client.get(url).text
    assert "Karena begitu." in page
    assert ("Benar</h2>" in page) is right


def test_true_or_false_keeps_its_order_and_others_are_shuffled(sari: Member) -> None:
    use(question("true_false"))
    assert quizzes.turns(start(sari))[0].option_order == [0, 1]


def test_a_preference_is_kept_with_consent_only(sari: Member, tono: Member) -> None:
    use(question("preference", asks="kopi"))
    members.set_consent(tono, "profiling", True, "test")
    for member in (sari, tono):
        attempt = start(member)
        quizzes.answer(member.id, attempt.public_id, 0, [0])
        outbox.commit()
    told = db.session.query(outbox.Event).filter_by(kind="preference.told").one()
    assert told.member_id == tono.id
    assert told.data["asks"] == "kopi"


def test_the_best_of_several_attempts_is_paid_once(sari: Member) -> None:
    use(question("single"), question("earliest", "q2"), attempts_day=3)
    before = held(sari)
    paid = []
    for n, rights in enumerate([(True, False), (False, False), (True, True)]):
        with clock.at(NOON + timedelta(minutes=n)):
            attempt = start(sari, f"k{n}")
            answer_all(sari, attempt, rights)
            paid.append(attempt.points)
    assert paid == [5, 0, 5]
    assert held(sari) == before + 10 + 10


def test_a_quiz_is_limited_by_device(sari: Member, tono: Member) -> None:
    use(question("single"), device_day=1)
    quizzes.start(sari, "a", "id", "d" * 22)
    outbox.commit()
    with pytest.raises(TooManyPlays):
        quizzes.start(tono, "b", "id", "d" * 22)
    outbox.rollback()
    assert quizzes.start(tono, "b", "id", "e" * 22)


def test_prizes_go_by_score_and_speed(sari: Member) -> None:
    steps = [{"score": 1, "prize": Prize(points=1)}, {"score": 5, "prize": Prize(points=50)}]
    use(question("single"), time_score=10, prizes=tuple(steps))
    attempt = start(sari)
    with clock.at(NOON + timedelta(seconds=4)):
        quizzes.answer(sari.id, attempt.public_id, 0, places(attempt, 0, right=True))
    assert (attempt.score, attempt.points) == (1 + 8, 50)


def test_answers_faster_than_reading_wait_for_the_owner(sari: Member) -> None:
    use(*(question("single", f"q{n}") for n in range(3)))
    attempt, before = start(sari), held(sari)
    for place in range(3):
        quizzes.ask_next(sari.id, attempt.public_id)
        quizzes.answer(sari.id, attempt.public_id, place, places(attempt, place, right=True))
    outbox.commit()
    assert (attempt.state, attempt.suspicions) == ("held", ["fast_answers"])
    assert held(sari) == before  # neither the quiz nor the mission that counts quizzes
    from pwa.play import held as waiting

    waiting.release(attempt.public_id, None)
    outbox.commit()
    assert held(sari) == before + 10 + 15


def test_a_themed_quiz_takes_its_days_from_the_daily_ones(sari: Member) -> None:
    daily = program.current().quizzes
    themed = daily[0].model_copy(
        update={"code": "batik", "starts_on": date(2026, 11, 22), "ends_on": date(2026, 11, 23)}
    )
    program.apply(program.current().model_copy(update={"quizzes": (*daily, themed)}), actor="t")
    found = [quiz_rules.of_day(date(2026, 11, 21) + timedelta(days=n)).code for n in range(4)]
    assert found[1:3] == ["batik", "batik"]
    assert "batik" not in (found[0], found[3])


def test_the_simulator_plays_the_program_in_force_and_repeats_itself(sari: Member) -> None:
    said = program.current()
    reports = [simulation.run(said, 40, 7, date(2026, 11, 22)) for _ in range(2)]
    assert reports[0] == reports[1]
    games = {"wheel harian", "quiz kopi", "quiz budaya", "quiz akhir-tahun", "scratch"}
    assert set(reports[0].by_game) == games | {"missions", "streak"}
    assert reports[0].by_game["wheel harian"].p95.points <= 6000  # its budget
    assert reports[0].by_game["quiz akhir-tahun"].p95.points == 0  # it is not December yet
    assert reports[0].by_game["missions"].mean.points > 0
    assert simulation.svg(reports[0]).startswith("<svg")


def test_the_simulator_plays_each_game_on_its_days(app: Flask) -> None:
    """Quizzes take turns, a themed one takes over, and a mission's voucher costs what it costs."""
    said = program.current()
    december = simulation.run(said, 30, 4, date(2026, 12, 21))
    assert december.by_game["quiz akhir-tahun"].mean.points > 0
    assert december.by_game["quiz kopi"].p95.points == 0
    reward = next(r for r in said.rewards if r.value_rupiah)
    gift = {"prize": Prize(kind="voucher", reward=reward.code), "in_set": ""}
    free = said.missions[0].model_copy(update=gift)
    paid = simulation.run(said.model_copy(update={"missions": (free,)}), 30, 4, date(2026, 11, 22))
    assert paid.by_game["missions"].mean.rupiah >= reward.value_rupiah
    assert paid.by_game["missions"].mean.points == 0
