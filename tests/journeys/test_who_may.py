"""Every address of the application, asked for by everybody: nobody gets what isn't theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from pwa.db import db
from pwa.push import vapid
from pwa.web import CSP, FILE_HEADERS
from tests.journeys import who_may
from tests.journeys.hers import everything_of, things
from tests.people import PHONES, hire, join, log_in

PUBLIC_PAGES = {"shell.offline", "till.offline_page"}
FIELDS = {"key": "0123456789abcdef", "stars": "5", "phone": PHONES["Dewi"], "name": "Tonos"}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def keys(app: Flask) -> None:
    vapid.ensure(app.config["SETIA"].var)  # as setia init does


def routes(app: Flask, wanted: Iterable[str]) -> Iterator[tuple[Rule, str]]:
    """Each rule of the endpoints `wanted`, with each method it takes."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in wanted:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def address(app: Flask, rule: Rule) -> str:
    """An address of `rule`, for a thing that is not there."""
    kinds = {name: type(kind).__name__ for name, kind in rule._converters.items()}
    values = {name: 987654 if "Integer" in kind else "tidak-ada" for name, kind in kinds.items()}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values, rule_method(rule)))


def rule_method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def ask(client: FlaskClient, method: str, path: str, **more: Any) -> Any:
    return client.open(path, method=method, **more)


def test_every_address_has_its_line(app: Flask) -> None:
    known = [endpoint for group in who_may.ALL for endpoint in group]
    assert len(known) == len(set(known)), "in two lists at once"
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert there - set(known) == set(), "say in tests/journeys/who_may.py who may ask for these"
    assert set(known) - there == set(), "these are gone"


def test_a_stranger_is_sent_to_the_log_in_that_fits(app: Flask) -> None:
    client = app.test_client()
    closed = who_may.MEMBER | who_may.HERS | who_may.CASHIER | who_may.MANAGER | who_may.OWNER
    for rule, method in routes(app, closed):
        path = address(app, rule)
        at_work = path.startswith(("/till", "/console"))
        login = "/till/login" if at_work else "/login"
        answer = ask(client, method, path)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, login), (method, path)
        swap = ask(client, method, path, headers=HTMX)
        assert (swap.status_code, swap.headers["HX-Redirect"]) == (204, login), (method, path)
        told = ask(client, method, path, headers={"Accept": "application/json"})
        assert (told.status_code, told.get_json()["login"]) == (401, login), (method, path)


def test_the_staff_are_no_members_and_members_are_not_of_the_staff(app: Flask) -> None:
    sari = log_in(app.test_client(), join("Sari"))
    ratna = log_in(app.test_client(), hire("ratna", "owner"))
    for rule, method in routes(app, who_may.CASHIER | who_may.MANAGER | who_may.OWNER):
        answer = ask(sari, method, address(app, rule))
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/till/login"), rule
    for rule, method in routes(app, who_may.MEMBER | who_may.HERS):
        answer = ask(ratna, method, address(app, rule))
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login"), rule


@pytest.mark.parametrize(
    ("role", "refused", "let_in"),
    [
        ("cashier", who_may.MANAGER | who_may.OWNER, who_may.CASHIER),
        ("manager", who_may.OWNER, who_may.CASHIER | who_may.MANAGER),
        ("owner", set(), who_may.CASHIER | who_may.MANAGER | who_may.OWNER),
    ],
)
def test_a_role_opens_what_is_its_own_and_nothing_above(
    app: Flask, role: str, refused: set[str], let_in: set[str]
) -> None:
    client = log_in(app.test_client(), hire("budi", role))
    for rule, method in routes(app, refused):
        assert ask(client, method, address(app, rule)).status_code == 403, (method, rule)
    for rule, method in routes(app, let_in - who_may.NOT_FOR_OWNERS):
        answer = ask(client, method, address(app, rule))
        assert answer.status_code not in (401, 403), (method, rule)
        assert "/login" not in (answer.location or ""), (method, rule)


def test_what_is_hers_is_not_there_for_another_member(app: Flask) -> None:
    sari, tono = join("Sari"), join("Tono")
    hers = things(app, sari)
    client = log_in(app.test_client(), tono)
    before = everything_of(sari.id)
    for rule, method in routes(app, who_may.HERS):
        path = app.url_map.bind("localhost").build(rule.endpoint, hers[rule.endpoint], method)
        answer = ask(client, method, path, data=FIELDS)
        # 204: to read what isn't there is nothing. 409: a receipt says that it has its owner.
        assert answer.status_code in (404, 422, 204, 409), (method, path, answer.status_code)
        assert "Sari" not in answer.text, path
    db.session.expire_all()
    assert everything_of(sari.id) == before


def test_what_is_hers_is_there_for_her(app: Flask) -> None:
    """So that the test above asks for something that exists."""
    sari = join("Sari")
    hers = things(app, sari)
    client = log_in(app.test_client(), sari)
    for rule, method in routes(app, who_may.HERS):
        if method == "GET":
            path = app.url_map.bind("localhost").build(rule.endpoint, hers[rule.endpoint])
            # A day's spins can be checked when the day is over.
            there = (404,) if rule.endpoint == "play.proof" else (200, 303)
            assert client.get(path).status_code in there, path


def test_no_form_is_taken_without_its_token(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = app.test_client()
        everybody = set().union(*who_may.ALL) - who_may.WITHOUT_TOKEN
        for rule, method in routes(app, everybody):
            if method == "POST":
                answer = client.post(address(app, rule), data={"name": "x"})
                assert answer.status_code == 400, rule
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_every_answer_carries_the_strict_policy_and_is_not_stored(app: Flask) -> None:
    for who in (None, join("Sari"), hire("ratna", "owner")):
        client = app.test_client() if who is None else log_in(app.test_client(), who)
        for rule, method in routes(app, set().union(*who_may.ALL)):
            answer = ask(client, method, address(app, rule))
            headers = answer.headers
            expected = CSP if answer.mimetype == "text/html" else headers["Content-Security-Policy"]
            assert headers["Content-Security-Policy"] == expected, rule
            assert expected in (CSP, FILE_HEADERS["Content-Security-Policy"]), rule
            assert headers["X-Content-Type-Options"] == "nosniff", rule
            if answer.mimetype == "text/html" and rule.endpoint not in PUBLIC_PAGES:
                assert headers["Cache-Control"] == "private, no-store", rule


def test_the_showcase_is_for_development_only(app: Flask) -> None:
    client, before = app.test_client(), app.config["SETIA_ENV"]
    app.config["SETIA_ENV"] = "production"
    try:
        for path in ("/_components", "/_components/home", "/_components/brands.css"):
            assert client.get(path).status_code == 404
    finally:
        app.config["SETIA_ENV"] = before
