"""The narrowest phones, the largest text, a thumb, and colours that the system forces."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.screens import Screen, components
from tests.browser.shop import Shop
from tests.browser.visitor import Visitor
from tests.browser.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
NARROW = {"width": 320, "height": 640}
# What sticks out of the page, unless something that scrolls or cuts holds it.
STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const held = (one) => { for (let up = one.parentElement; up; up = up.parentElement)
    if (getComputedStyle(up).overflowX !== "visible" && up !== document.body && up !== document.documentElement) return true; };
  const out = [...document.querySelectorAll("body *")].filter((one) =>
    one.getBoundingClientRect().right > width + 1 && !held(one));
  return [`${document.scrollingElement.scrollWidth} px`, ...out.slice(0, 4).map((one) => one.outerHTML.slice(0, 90))];
}"""  # noqa: E501
# Text that its own box cuts off. Where a box scrolls, nothing is lost.
CUT = """() => [...document.querySelectorAll("h1, h2, h3, p, b, button, a, label, dt, dd, legend")]
  .filter((one) => one.checkVisibility() && one.textContent.trim() && !one.closest(".vh, .skip"))
  .filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowX))
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""
# WCAG 2.5.5 asks for 44 px; a link inside a sentence is as tall as its line.
SMALL_TARGETS = """() => {
  const inSentence = (one) => one.tagName === "A" && getComputedStyle(one).display === "inline"
    && one.parentElement.textContent.trim().length > one.textContent.trim().length + 3;
  // A small drawing may have a large invisible edge (::after): touch where a thumb would.
  const reaches = (one, box) => {
    one.scrollIntoView({ block: "center" });
    box = one.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const touched = [[x - 21, y], [x + 21, y], [x, y - 21], [x, y + 21]];
    return touched.every(([a, b]) => one.contains(document.elementFromPoint(a, b)));
  };
  const size = (one) => {
    const part = one.matches("input[type=checkbox], input[type=radio]") ? one.closest("label") || one : one;
    return part.getBoundingClientRect();
  };
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, textarea")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => !one.closest(".vh, .skip, [inert]") && !inSentence(one) && !one.disabled)
    .map((one) => [one, size(one)])
    .filter(([, box]) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
    .filter(([one, box]) => !reaches(one, box))
    .map(([one, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 110)}`);
}"""  # noqa: E501
# Forced colours take backgrounds away: what is pressed or typed in needs an edge of its own.
EDGELESS = """() => [...document.querySelectorAll(".btn, .field__box, .answer, .chip, .tile, progress")]
  .filter((one) => one.checkVisibility() && one.matches(".btn, .field__box, .answer"))
  .filter((one) => { const look = getComputedStyle(one);
    return !parseFloat(look.borderTopWidth) && !(parseFloat(look.outlineWidth) && look.outlineStyle !== "none"); })
  .map((one) => one.outerHTML.slice(0, 90))"""  # noqa: E501


def test_nothing_scrolls_sideways_or_is_cut_at_320_px(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor], screens: list[Screen]
) -> None:
    every = [*screens, *(Screen("stranger", path) for path in components())]
    found = {}
    with Walk(browser, shop.url, visitors, viewport=NARROW) as walk:
        for screen in every:
            page = walk.to(screen)
            for size in ("", "200%"):
                large_text(page, size)
                if bad := page.evaluate(STICKS_OUT) + page.evaluate(CUT):
                    found[f"{screen.path} {size}"] = bad
    assert found == {}


def large_text(page: Page, size: str) -> None:
    """What a browser's own text size does: the root's, from which everything is measured."""
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)


def test_every_target_is_as_large_as_a_thumb(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor], screens: list[Screen]
) -> None:
    found = {}
    with Walk(browser, shop.url, visitors) as walk:
        for screen in screens:
            if bad := walk.to(screen).evaluate(SMALL_TARGETS):
                found[screen.path] = bad
    assert found == {}


def test_what_can_be_pressed_has_an_edge_in_forced_colours(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor], screens: list[Screen]
) -> None:
    found = {}
    with Walk(browser, shop.url, visitors, forced_colors="active") as walk:
        for screen in screens:
            page = walk.to(screen)
            if bad := page.evaluate(EDGELESS):
                found[screen.path] = bad
    assert found == {}


def test_a_larger_text_makes_the_text_larger(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor]
) -> None:
    """Text is in rem: at 200% a paragraph is twice as tall as before."""
    height = "() => parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
    with Walk(browser, shop.url, visitors, viewport=NARROW) as walk:
        page = walk.to(Screen("member", "/wallet"))
        before = page.evaluate(height)
        large_text(page, "200%")
        assert page.evaluate(height) == pytest.approx(2 * before)
