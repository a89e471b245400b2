"""Held prizes on the manager's phone: given or refused once, by those who may."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.play import quizzes, spins
from pwa.play.models import QuizAttempt, Spin
from pwa.program import service as program
from pwa.staff.models import StaffAct
from tests.people import hire, join, log_in
from tests.play.test_quiz import places


@pytest.fixture
def held(app: Flask, noon: object) -> Member:
    """Somebody who answered a quiz faster than anybody reads."""
    program.apply(program.current().model_copy(update={"missions": ()}), actor="test")
    outbox.commit()
    sari = join("Sari")
    attempt = quizzes.start(sari, "k", "id")
    for place in range(3):
        quizzes.ask_next(sari.id, attempt.public_id)
        quizzes.answer(sari.id, attempt.public_id, place, places(attempt, place, right=True))
    outbox.commit()
    assert attempt.state == "held"
    return sari


def of_today(member: Member) -> QuizAttempt:
    return db.session.query(QuizAttempt).filter_by(member_id=member.id).one()


def balance(member: Member) -> int:
    return ledger.balance(member.id).spendable


def test_who_may_not_sees_nothing(client: FlaskClient, held: Member) -> None:
    assert client.get("/till/prizes").status_code == 303
    assert client.post("/till/prizes/x/releases").status_code == 303
    log_in(client, hire())
    assert client.get("/till/prizes").status_code == 403
    assert client.post("/till/prizes/x/refusals").status_code == 403
    assert "Hadiah tertahan" not in client.get("/till").text


def test_given_once_and_written_down(client: FlaskClient, held: Member) -> None:
    attempt, before = of_today(held), balance(held)
    log_in(client, hire("maya", "manager"))
    assert "Hadiah tertahan" in client.get("/till").text
    page = client.get("/till/prizes").text
    assert "Sari" in page
    assert "Menjawab lebih cepat dari membaca" in page
    url = f"/till/prizes/{attempt.public_id}"
    assert client.post(f"{url}/releases").status_code == 303
    assert balance(held) == before + 15
    assert client.post(f"{url}/releases").status_code == 404
    assert client.post(f"{url}/refusals").status_code == 404
    assert balance(held) == before + 15
    assert "Tidak ada yang menunggu" in client.get("/till/prizes").text
    assert db.session.query(StaffAct).filter_by(act="prize.released").count() == 1


def test_refused_pays_nothing(client: FlaskClient, held: Member) -> None:
    attempt, before = of_today(held), balance(held)
    log_in(client, hire("maya", "manager"))
    client.post(f"/till/prizes/{attempt.public_id}/refusals")
    assert balance(held) == before
    assert "Sari" not in client.get("/till/prizes").text


def test_a_crowded_phones_spin_waits_under_its_prizes_name(
    client: FlaskClient, app: Flask, noon: object
) -> None:
    for n in range(6):
        spins.spin(join(f"Anak {n}", f"08121000003{n}"), "k", device="d" * 22)
        outbox.commit()
    waits = db.session.query(Spin).filter_by(state="held").one()
    log_in(client, hire("maya", "manager"))
    page = client.get("/till/prizes").text
    assert "Banyak akun bermain di satu HP" in page
    assert f"+{waits.points}" in page
