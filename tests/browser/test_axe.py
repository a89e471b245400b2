"""No violation of WCAG 2.2 AA or best practice that axe-core can see, on any screen.

Each screen is read whole, in Indonesian by day. Night changes colours only, so only contrast is
read again; another language changes words only, so all but contrast is. The long test reads
everything in every combination.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.npm import packages
from tests.browser.screens import Screen, components
from tests.browser.shop import Shop
from tests.browser.visitor import Visitor
from tests.browser.walk import Walk, speaking

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
WHOLE: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": ALL},
    "rules": {"target-size": {"enabled": True}},
}
WORDS = {**WHOLE, "rules": {**WHOLE["rules"], "color-contrast": {"enabled": False}}}


@pytest.fixture(scope="module")
def axe() -> str:
    return (packages() / "axe-core" / "axe.min.js").read_text()


def violations(page: Page, axe: str, options: dict[str, Any]) -> list[str]:
    """What axe-core has against the page as it is now, one line for each element."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(axe)
    found = page.evaluate(
        "options => axe.run(document, {...options, resultTypes: ['violations']})"
        ".then(result => result.violations)",
        options,
    )
    return [
        f"{page.url} {rule['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def test_every_screen_by_day_and_by_night(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor], screens: list[Screen], axe: str
) -> None:
    found = []
    with Walk(browser, shop.url, visitors) as walk:
        for screen in screens:
            page = walk.to(screen)
            found += violations(page, axe, WHOLE)
            walk.night(page)
            found += violations(page, axe, CONTRAST)
    assert found == []


LONG = pytest.mark.long


@pytest.mark.parametrize(
    "language", ["en", pytest.param("jv", marks=LONG), pytest.param("su", marks=LONG)]
)
def test_every_screen_in_another_language(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor], screens: list[Screen], axe: str,
    language: str,
) -> None:  # fmt: skip
    found = []
    with (
        speaking(visitors["member"], language),
        Walk(browser, shop.url, visitors, language=language) as walk,
    ):
        for screen in screens:
            if screen.who in ("stranger", "member") and screen.path != "/offline":
                page = walk.to(screen)
                assert page.locator("html").get_attribute("lang") == language, screen
                found += violations(page, axe, WORDS)
    assert found == []


@pytest.mark.parametrize("path", components())
def test_every_component_in_every_state(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor], axe: str, path: str
) -> None:
    with Walk(browser, shop.url, visitors) as walk:
        page = walk.to(Screen("stranger", path))
        found = violations(page, axe, WHOLE)
        walk.night(page)
        found += violations(page, axe, CONTRAST)
    assert found == []
