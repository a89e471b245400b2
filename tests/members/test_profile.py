"""The profile's pages: whose they are, what they cost, and what they change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from pwa import clock
from pwa.db import db
from pwa.members import service as members
from pwa.members.models import Member
from tests.people import hire, join, log_in

PAGES = (
    "/profile", "/profile/data", "/profile/security", "/profile/passkeys", "/profile/password",
    "/profile/phone", "/profile/email", "/profile/privacy", "/profile/erasure", "/export",
    "/confirm",
)  # fmt: skip
STATEMENTS_MOST = 8


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def fresh(member: Member) -> Member:
    db.session.expire_all()
    return members.get(member.id)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_its_member_and_costs_few_statements(app: Flask, path: str) -> None:
    client = log_in(app.test_client(), join("Sari"))
    client.get(path)
    with statements() as seen:
        answer = client.get(path)
    assert answer.status_code == 200
    assert "<h1" in answer.text
    assert len(seen) <= STATEMENTS_MOST, seen
    assert not any(s.startswith(("INSERT", "UPDATE", "DELETE")) for s in seen)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_neither_a_strangers_nor_the_staffs(app: Flask, path: str) -> None:
    stranger, ratna = app.test_client(), log_in(app.test_client(), hire("ratna", "owner"))
    for client in (stranger, ratna):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/login")


@pytest.mark.parametrize("path", ["/help", "/forgot", "/forgot/code", "/terms", "/privacy"])
def test_help_and_the_way_back_in_are_open_to_everybody(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 200
    assert log_in(app.test_client(), join("Sari")).get(path).status_code == 200


def test_help_names_every_outlet_with_its_hours(client: FlaskClient) -> None:
    from pwa.program import service as program

    page = client.get("/help").text
    for outlet in program.current().outlets:
        assert outlet.name.id in page
        assert outlet.address in page


def test_name_language_zone_and_theme_are_kept_and_take_effect(app: Flask) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    form = {"name": " Sari  W ", "language": "en", "zone": "Asia/Makassar", "theme": "dark"}
    assert client.post("/profile", data=form).location == "/profile"
    sari = fresh(sari)
    assert (sari.name, sari.language, sari.zone, sari.theme) == (
        "Sari W", "en", "Asia/Makassar", "dark",
    )  # fmt: skip
    page = client.get("/profile").text
    assert '<html lang="en"' in page
    assert 'data-theme="dark"' in page


@pytest.mark.parametrize(
    ("field", "bad"),
    [("language", "xx"), ("zone", "Mars/Olympus"), ("theme", "disco"), ("name", "<b>"),
     ("birthday", "2999-01-01")],
)  # fmt: skip
def test_what_is_not_offered_is_refused_and_changes_nothing(
    app: Flask, field: str, bad: str
) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    form = {"name": "Sari", "language": "id", "zone": "Asia/Jakarta", "theme": "", field: bad}
    assert client.post("/profile", data=form).status_code == 422
    sari = fresh(sari)
    assert (sari.language, sari.zone, sari.theme) == ("id", "Asia/Jakarta", "")


def test_a_form_from_before_zones_leaves_them_alone(app: Flask) -> None:
    sari = join("Sari")
    sari.zone = "Asia/Jayapura"
    db.session.commit()
    client = log_in(app.test_client(), sari)
    assert client.post("/profile", data={"name": "Sari", "language": "id"}).status_code == 303
    assert fresh(sari).zone == "Asia/Jayapura"


def test_a_birthday_can_be_put_right_and_the_change_is_noted(app: Flask) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    form = {"name": "Sari", "language": "id"}
    client.post("/profile", data={**form, "birthday": "1998-04-21"})
    assert fresh(sari).birthday_changed_on is None
    client.post("/profile", data={**form, "birthday": "1998-12-12"})
    assert fresh(sari).birthday == date(1998, 12, 12)
    assert fresh(sari).birthday_changed_on == clock.program_day()
    client.post("/profile", data=form)
    assert fresh(sari).birthday == date(1998, 12, 12)
    assert "menunggu setahun" in client.get("/profile/data").text
