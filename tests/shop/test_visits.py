"""Visits by the code on an outlet's poster."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import clock, outbox
from pwa.db import db
from pwa.members.models import Member
from pwa.program import service as program
from pwa.shop import visits
from pwa.shop.visits import NoSuchPoster, TooManyVisits
from tests.conftest import NOON
from tests.people import hire, join, log_in


@pytest.fixture
def sari(app: Flask, noon: object) -> Member:
    return join("Sari")


def mark(code: str) -> str:
    return visits.path(program.current().outlet(code)).rsplit("/", 1)[-1]


def told() -> int:
    return db.session.query(outbox.Event).filter_by(kind="outlet.visited").count()


def test_a_visit_counts_once_a_day_at_each_outlet(client: FlaskClient, sari: Member) -> None:
    url = visits.path(program.current().outlet("tebet"))
    assert client.get(url).status_code == 303
    log_in(client, sari)
    assert "Kamu di Kopi Kawan Tebet" in client.get(url).text
    assert told() == 0  # looking counts nothing
    for _ in range(2):
        assert client.post(url).status_code == 303
    assert told() == 1
    with clock.at(NOON + timedelta(days=1)):
        assert visits.visit(sari.id, "tebet", mark("tebet"))
        outbox.commit()
    assert told() == 2


def test_a_code_of_another_outlet_or_of_nobody_counts_nothing(
    client: FlaskClient, sari: Member
) -> None:
    for code, wrong in (("tebet", mark("kemang")), ("tebet", "0" * 16), ("bogor", mark("tebet"))):
        with pytest.raises(NoSuchPoster):
            visits.visit(sari.id, code, wrong)
        assert log_in(client, sari).get(f"/visits/{code}/{wrong}").status_code == 404
        client.post("/logout")
    assert told() == 0


def test_a_new_key_voids_the_posters_that_went_around(sari: Member) -> None:
    old, said = mark("tebet"), program.current()
    tebet = said.outlet("tebet").model_copy(update={"visit_key": 2})
    program.apply(said.model_copy(update={"outlets": (tebet, said.outlets[1])}), actor="test")
    outbox.commit()
    with pytest.raises(NoSuchPoster):
        visits.visit(sari.id, "tebet", old)
    assert visits.visit(sari.id, "tebet", mark("tebet"))


def test_a_day_has_room_for_three_outlets(sari: Member) -> None:
    said = program.current()
    more = tuple(said.outlets[0].model_copy(update={"code": f"gerai-{n}"}) for n in range(4))
    changed = said.model_copy(update={"outlets": (*said.outlets, *more)})
    program.apply(changed, actor="test")
    outbox.commit()
    for n in range(3):
        assert visits.visit(sari.id, f"gerai-{n}", mark(f"gerai-{n}"))
    with pytest.raises(TooManyVisits):
        visits.visit(sari.id, "gerai-3", mark("gerai-3"))


def test_a_manager_prints_the_poster_and_a_cashier_does_not(
    client: FlaskClient, app: Flask
) -> None:
    url = "/till/posters/tebet"
    assert client.get(url).status_code == 303
    assert log_in(client, hire()).get(url).status_code == 403
    client.post("/till/logout")
    log_in(client, hire("maya", "manager"))
    assert 'class="qr"' in client.get(url).text
    assert "Kopi Kawan Kemang" in client.get("/till/posters").text
    assert client.get("/till/posters/bogor").status_code == 404
