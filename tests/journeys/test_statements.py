"""Each page asks the database at most eight things, however much a member has done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from pwa.cli import _demo
from pwa.db import db
from pwa.push import vapid
from tests.browser.screens import SARI, STARTS, Screen
from tests.browser.visitor import read

MOST = 8
TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
PAGES_LEAST = 15


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile, without BEGIN and the like."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(TRANSACTION):
            asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def people(app: Flask) -> dict[str, FlaskClient]:
    """The demo's Sari with her six weeks, its cashier, and its owner, each logged in."""
    vapid.ensure(app.config["SETIA"].var)  # as setia init does: the settings' page shows the key
    _demo.fill()
    found = {who: app.test_client() for who in ("stranger", "member", "cashier", "owner")}
    found["member"].post("/login", data={"phone": SARI, "password": _demo.PASSWORD})
    for who, login in (("cashier", "budi"), ("owner", "ratna")):
        found[who].post("/till/login", data={"login": login, "password": _demo.PASSWORD})
    return found


def test_no_page_asks_more_than_eight_things(app: Flask, people: dict[str, FlaskClient]) -> None:
    vapid.ensure(app.config["SETIA"].var)  # as setia init does: the owner's push page shows it
    greedy: dict[Screen, list[str]] = {}
    seen = 0
    for who, client in people.items():
        for path in reachable(app, client, STARTS[who]):
            client.get(path)  # what a process reads once for all is not the page's
            with counted() as asked:
                client.get(path)
            seen += 1
            if len(asked) > MOST:
                greedy[Screen(who, path)] = asked
    assert seen > PAGES_LEAST
    assert {s: len(asked) for s, asked in greedy.items()} == {}, "\n\n".join(
        f"{screen}\n" + "\n".join(asked) for screen, asked in greedy.items()
    )


def reachable(app: Flask, client: FlaskClient, starts: tuple[str, ...]) -> list[str]:
    """One page of each route that can be reached by links."""
    routes = app.url_map.bind("localhost")
    waiting, found = list(starts), dict[str, str]()
    while waiting:
        path = waiting.pop(0).split("?")[0].split("#")[0]
        if not path.startswith("/") or not routes.test(path, "GET"):
            continue
        rule, _ = routes.match(path, method="GET", return_rule=True)
        if rule.rule in found or rule.endpoint == "static":
            continue
        answer = client.get(path)
        is_page = answer.mimetype == "text/html" and "Content-Disposition" not in answer.headers
        if answer.status_code == 200 and is_page:
            found[rule.rule] = path
            waiting += read(answer.text).links
    return sorted(found.values())
