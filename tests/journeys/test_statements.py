"""Each page asks the database at most eight things, however much a member has done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa.cli import _demo
from pwa.db import db
from pwa.members import service as members
from pwa.members.models import Member
from pwa.program import service as program
from pwa.push import vapid
from pwa.rewards.models import Voucher
from pwa.shop import visits
from pwa.shop.models import Purchase
from tests.browser.screens import SARI, STARTS, Screen
from tests.browser.visitor import read
from tests.journeys.hers import things
from tests.journeys.who_may import DEVELOPMENT, HERS

MOST = 8
TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
# Files, data and fragments; pages that send one on without the step before them.
NO_PAGES = {
    "static", "members.card_data", "members.export_html", "members.export_json", "play.day",
    "play.proof", "play.script", "push.key", "shell.built", "shell.favicon", "shell.icon",
    "shell.service_worker", "shell.styles_of_now", "shell.web_manifest", "till.offline_data",
    "till.quotes", "members.phone_code_form", "members.email_code_form", "reviews.reviews",
    "play.result", "till.switch_form", *DEVELOPMENT, "till.public_key",
}  # fmt: skip


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
def people(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, FlaskClient]:
    """The demo's Sari with her six weeks, its cashier, and its owner, each logged in."""
    vapid.ensure(app.config["SETIA"].var)  # as setia init does: the settings' page shows the key
    named = replace(app.config["SETIA"], public_url="https://kartu.example.id")
    monkeypatch.setitem(app.config, "SETIA", named)  # where there can be passkeys
    _demo.fill()
    found = {who: app.test_client() for who in ("stranger", "member", "cashier", "owner")}
    found["member"].post("/login", data={"phone": SARI, "password": _demo.PASSWORD})
    for who, login in (("cashier", "budi"), ("owner", "ratna")):
        found[who].post("/till/login", data={"login": login, "password": _demo.PASSWORD})
    return found


def test_no_page_asks_more_than_eight_things(app: Flask, people: dict[str, FlaskClient]) -> None:
    greedy: dict[Screen, list[str]] = {}
    seen: set[str] = set()
    known = app.url_map.bind("localhost")
    for who, client in people.items():
        linked = reachable(app, client, STARTS[who])
        for path in {*linked, *reachable(app, client, of_hers(app, who))}:
            client.get(path)  # what a process reads once for all is not the page's
            with counted() as asked:
                client.get(path)
            seen.add(known.match(path, "GET")[0])
            if len(asked) > MOST:
                greedy[Screen(who, path)] = asked
    there = {r.endpoint for r in app.url_map.iter_rules() if "GET" in (r.methods or ())}
    assert there - seen - NO_PAGES == set(), "no link leads there: give it an address in of_hers"
    assert {s: len(asked) for s, asked in greedy.items()} == {}, "\n\n".join(
        f"{screen}\n" + "\n".join(asked) for screen, asked in greedy.items()
    )


def of_hers(app: Flask, who: str) -> tuple[str, ...]:
    """Addresses that no link leads to from where people begin."""
    member = members.by_phone(SARI)
    assert member is not None
    if who == "stranger":
        return ("/forgot", "/forgot/code", "/terms", "/privacy", "/tiers", "/fair", "/help")
    if who != "member":
        return staff_pages(member)
    build = app.url_map.bind("localhost").build
    hers = things(app, member)
    pages = [
        build(name, hers[name]) for name in HERS if name not in NO_PAGES and can_get(app, name)
    ]
    outlet = program.current().outlets[0]
    return (*pages, "/confirm", "/products/CROISSANT", visits.path(outlet))


def staff_pages(member: Member) -> tuple[str, ...]:
    code = db.session.scalars(select(Purchase.code).order_by(Purchase.id.desc())).first()
    voucher = db.session.scalars(select(Voucher.code).where(Voucher.state == "issued")).first()
    person = f"/till/people/{member.card_code}"
    return (
        f"/till/members/{member.card_code}", person, f"{person}/merges", f"{person}/tiers",
        f"/till/receipts/{code}", f"/till/receipts/{code}/refunds", f"/till/vouchers/{voucher}",
        "/till/pin", "/till/posters", "/till/offline",
    )  # fmt: skip


def can_get(app: Flask, endpoint: str) -> bool:
    return any("GET" in (rule.methods or ()) for rule in app.url_map.iter_rules(endpoint))


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
