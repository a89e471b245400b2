from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from games import fairness
from pwa import clock, outbox
from pwa.db import db
from pwa.members.models import Member
from pwa.play import fair, spins
from pwa.play.models import GameDay
from tests.conftest import NOON
from tests.people import log_in
from tests.play.test_wheel import spin


def test_todays_secret_is_published_nowhere(client: FlaskClient, sari: Member) -> None:
    made = spin(sari)
    seed_hex = _seed(made.day_id)
    log_in(client, sari)
    urls = ("/fair", "/wheel", f"/fair/days/harian/{made.on}.json", "/fair/check_spin.py")
    for url in urls:
        assert seed_hex not in client.get(url).text
    assert client.get(f"/fair/spins/{made.public_id}.json").status_code == 404


def _seed(day_id: int) -> str:
    return db.session.get_one(GameDay, day_id).seed_hex


def test_after_the_day_the_secret_and_the_proof_are_there(
    client: FlaskClient, sari: Member, tono: Member
) -> None:
    made = spin(sari)
    log_in(client, sari)
    with clock.at(NOON + timedelta(days=1)):
        assert _seed(made.day_id) in client.get("/fair").text
        told = client.get(f"/fair/spins/{made.public_id}.json").json
        assert fairness.check(fairness.Proof(**told)) == ()
        assert log_in(app_client(client), tono).get(
            f"/fair/spins/{made.public_id}.json"
        ).status_code == 404  # fmt: skip


def app_client(client: FlaskClient) -> FlaskClient:
    """Another browser."""
    return client.application.test_client()


def test_anybody_may_see_the_promises(client: FlaskClient, sari: Member) -> None:
    page = client.get("/fair").text
    days = fair.promises()
    assert len(days) == 2
    assert all(day.commitment in page for day in days)
    told = client.get(f"/fair/days/harian/{days[0].on}.json").json
    assert (told["commitment"], told["seed_hex"]) == (days[0].commitment, None)
    assert client.get("/fair/days/harian/2020-01-01.json").status_code == 404
    assert client.get("/fair/days/harian/never.json").status_code == 404


def test_a_members_own_seed_goes_into_the_roll(client: FlaskClient, sari: Member) -> None:
    log_in(client, sari)
    client.post("/fair/seed", data={"seed": "  melati \n putih  "})
    assert fair.seed_of(sari.id) == "melati putih"
    made = spin(sari)
    assert made.member_seed == "melati putih"
    with clock.at(NOON + timedelta(days=1)):
        proof = spins.proof(made)
        assert proof is not None
        assert fairness.check(proof) == ()
        assert "roll" in fairness.check(proof._replace(member_seed="lain")) or made.roll


def test_a_seed_is_set_by_members_only(client: FlaskClient, app: Flask) -> None:
    assert client.post("/fair/seed", data={"seed": "x"}).status_code == 303
    outbox.rollback()
