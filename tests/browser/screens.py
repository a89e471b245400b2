"""Which pages there are, found by following links as each kind of person.

A page that somebody adds tomorrow is checked tomorrow. One page stands for all of the same
route, so a catalogue of a hundred rewards is looked at once.
"""

from __future__ import annotations

import tempfile
from typing import NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from tests.browser.shop import ROOT
from tests.browser.visitor import Visitor

PASSWORD = "kopikawan"
SARI, TONO = "0812-1000-0001", "0812-1000-0002"
# Where each begins, and pages that nothing links to.
STARTS = {
    "stranger": ("/join", "/login", "/offline", "/tidak-ada", "/till/login"),
    "member": ("/", "/vouchers", "/inbox", "/card", "/tier", "/help", "/wheel", "/quiz"),
    "cashier": ("/till",),
    "owner": ("/till", "/console"),
}
ADDRESSES_MOST = 400


class Screen(NamedTuple):
    """One page as one person sees it."""

    who: str  # stranger, member, cashier, owner
    path: str


def rules() -> MapAdapter:
    """The routes of the application, to tell a page from another of the same kind."""
    from pwa import create_app
    from pwa.settings import read

    with tempfile.TemporaryDirectory() as var:
        app = create_app(read({"SETIA_ENV": "test", "SETIA_VAR": var}))
        return app.url_map.bind("localhost")


def components() -> list[str]:
    """/_components and every whole screen under it."""
    pages = (ROOT / "templates" / "components_page").glob("[a-z]*.html")
    names = sorted(page.stem for page in pages if page.stem != "index")
    return ["/_components", *(f"/_components/{name}" for name in names)]


def crawl(visitor: Visitor, starts: tuple[str, ...], known: MapAdapter) -> list[str]:
    """One page of each route that can be reached from `starts` by links."""
    waiting, found, seen = list(starts), dict[str, str](), set[str]()
    while waiting and len(seen) < ADDRESSES_MOST:
        path = waiting.pop(0)
        route = _route(known, path)
        if path in seen or route in found or path.startswith("/static/"):
            continue
        seen.add(path)
        answer = visitor.get(path)
        if answer.is_page and answer.status < 500 and not 300 <= answer.status < 400:
            found[route] = path
            waiting += visitor.links(path)
    return sorted(found.values())


def _route(known: MapAdapter, path: str) -> str:
    try:
        rule, _ = known.match(path, method="GET", return_rule=True)
        return str(rule.rule)
    except RequestRedirect:
        return path
    except HTTPException:
        return "no such page"


def visitors(url: str) -> dict[str, Visitor]:
    """A session of each kind of person."""
    return {
        "stranger": Visitor(url),
        "member": Visitor(url).log_in(SARI, PASSWORD),
        "cashier": Visitor(url).log_in_staff("budi", PASSWORD),
        "owner": Visitor(url).log_in_staff("ratna", PASSWORD),
    }


def screens(asking: dict[str, Visitor]) -> list[Screen]:
    """Every screen that the people `asking` can come to."""
    known = rules()
    found = [
        Screen(who, path)
        for who, visitor in asking.items()
        for path in crawl(visitor, STARTS[who], known)
    ]
    shared = {screen.path for screen in found if screen.who == "stranger"}
    return [one for one in found if one.who == "stranger" or one.path not in shared]
