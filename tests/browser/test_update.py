"""A new version: it waits, a toast offers it, never in a game; one reload, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.people import at_home, join
from tests.browser.shop import Phone, Shop
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]


@pytest.fixture
def sari(browser: Browser, shop: Shop) -> Iterator[Phone]:
    """On the version before: its worker is the same but for its name."""
    found = Phone(browser, shop.url)
    old = Visitor(shop.url).get("/service-worker.js").text.replace('VERSION = "', 'VERSION = "old')

    def answer(route: Route) -> None:
        route.fulfill(body=old, content_type="text/javascript; charset=utf-8")

    found.context.route("**/service-worker.js", answer)
    join(found, "Sari")
    at_home(found.page)
    found.context.unroute("**/service-worker.js")
    yield found
    found.context.close()
    assert found.errors == []


def look_for_a_new_version(page: Page) -> None:
    page.evaluate("() => navigator.serviceWorker.getRegistration().then(one => one.update())")


def versions(page: Page) -> list[str]:
    return list(page.evaluate("async () => (await caches.keys()).filter(n => /^shell-/.test(n))"))


def test_a_new_version_waits_for_her_word_and_reloads_once(sari: Phone) -> None:
    page = sari.page
    assert [name[:9] for name in versions(page)] == ["shell-old"]
    page.evaluate("() => { window.before = true; }")
    look_for_a_new_version(page)
    expect(page.get_by_text("Ada versi baru")).to_be_visible()
    assert page.evaluate("() => window.before"), "it reloaded without being asked"
    page.get_by_role("button", name="Muat ulang").click()
    page.wait_for_function("() => !window.before && document.readyState === 'complete'")
    expect(page.get_by_text("Ada versi baru")).to_have_count(0)
    assert [name for name in versions(page) if "old" in name] == []


def test_she_can_put_it_off(sari: Phone) -> None:
    page = sari.page
    look_for_a_new_version(page)
    page.locator("[data-update] [data-dismiss]").click()
    expect(page.get_by_text("Ada versi baru")).to_have_count(0)
    assert any("old" in name for name in versions(page))


def test_no_toast_comes_in_the_middle_of_a_game(sari: Phone) -> None:
    page = sari.page
    page.evaluate("() => { document.documentElement.dataset.busy = 'game'; }")
    look_for_a_new_version(page)
    page.wait_for_function(
        "() => navigator.serviceWorker.getRegistration().then(one => Boolean(one.waiting))"
    )
    expect(page.get_by_text("Ada versi baru")).to_have_count(0)
    page.evaluate(
        "() => { delete document.documentElement.dataset.busy;"
        " document.dispatchEvent(new CustomEvent('setia:idle')); }"
    )
    expect(page.get_by_text("Ada versi baru")).to_be_visible()
