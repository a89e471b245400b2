"""What a visit costs a cheap phone on a slow network, measured on a production server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.screens import PASSWORD, SARI, Screen
from tests.browser.shop import ROOT, Shop
from tests.browser.visitor import Visitor, read
from tests.browser.wire import Wire

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
FIRST_VISIT_MOST_BYTES = 80_000
FIRST_VISIT_MOST_REQUESTS = 12
PAGE_MOST_BYTES = 14_000
SCRIPTS_MOST_BYTES = 20_000
TILL_SCRIPTS = {"till", "desk", "keypad", "scan", "goods"}
TILL_SCRIPTS_MOST_BYTES = 8_000


@pytest.fixture(scope="module")
def sari(production_url: str) -> Visitor:
    return Visitor(production_url).log_in(SARI, PASSWORD)


def test_the_first_visit_to_home_is_small(
    browser: Browser, production_url: str, sari: Visitor
) -> None:
    wire = Wire(production_url)
    context = browser.new_context(base_url=wire.url, locale="id-ID")
    try:
        cookies = [{"name": n, "value": v, "url": wire.url} for n, v in sari.cookies.items()]
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto("/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_load_state("networkidle")
    finally:
        context.close()
        wire.close()
    assert wire.requests[0] == "/"
    assert any(path == "/service-worker.js" for path in wire.requests), wire.requests
    assert len(wire.requests) <= FIRST_VISIT_MOST_REQUESTS, wire.requests
    assert wire.received_bytes < FIRST_VISIT_MOST_BYTES, (wire.received_bytes, wire.requests)


def test_the_second_visit_fetches_the_page_and_nothing_hashed(
    browser: Browser, production_url: str, sari: Visitor
) -> None:
    wire = Wire(production_url)
    context = browser.new_context(base_url=wire.url, locale="id-ID")
    try:
        cookies = [{"name": n, "value": v, "url": wire.url} for n, v in sari.cookies.items()]
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto("/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_load_state("networkidle")
        wire.requests.clear()
        page.goto("/wallet")
        page.wait_for_load_state("networkidle")
    finally:
        context.close()
        wire.close()
    hashed = [path for path in wire.requests if path.startswith(("/static/build/", "/style."))]
    assert "/wallet" in wire.requests
    assert hashed == []


def test_every_page_is_small_and_compressed(
    production_url: str,
    screens: list[Screen],
    shop: Shop,
    sari: Visitor,
    visitors: dict[str, Visitor],
) -> None:
    asking = {**visitors, "member": sari, "stranger": Visitor(production_url)}
    heavy = {}
    for screen in screens:
        answer = asking[screen.who].get(screen.path)
        assert answer.headers.get("content-encoding") == "gzip", screen
        if answer.wire_bytes >= PAGE_MOST_BYTES:
            heavy[screen] = answer.wire_bytes
    assert heavy == {}


def test_our_own_scripts_are_small(production_url: str) -> None:
    """All of them together, whichever page loads which; the staff's apart from the members'."""
    built = ROOT / "static" / "build"
    stranger = Visitor(production_url)
    ours = {path.name.split(".")[0] for path in (ROOT / "static" / "js").glob("*.js")} | {"app"}
    newest: dict[str, str] = {}
    for path in sorted(built.glob("*.js"), key=lambda one: one.stat().st_mtime):
        if (stem := path.name.split(".")[0]) in ours:
            newest[stem] = path.name
    sizes = {s: stranger.get(f"/static/build/{n}").wire_bytes for s, n in newest.items()}
    sizes["worker"] = stranger.get("/service-worker.js").wire_bytes
    assert "app" in newest
    tills = {stem: sizes.pop(stem) for stem in TILL_SCRIPTS}
    assert sum(tills.values()) < TILL_SCRIPTS_MOST_BYTES, tills
    assert sum(sizes.values()) < SCRIPTS_MOST_BYTES, sizes


def test_htmx_is_loaded_where_a_part_is_swapped_and_nowhere_else(
    screens: list[Screen], visitors: dict[str, Visitor]
) -> None:
    for screen in screens:
        html = visitors[screen.who].get(screen.path).text
        assert (" hx-" in html) == ("/static/build/htmx." in html), screen


def test_no_page_loads_anything_from_elsewhere(
    screens: list[Screen], visitors: dict[str, Visitor]
) -> None:
    for screen in screens:
        page = visitors[screen.who].get(screen.path)
        assert 'src="http' not in page.text, screen
        assert 'href="http' not in page.text.split("</head>")[0], screen
        assert read(page.text).links, screen
