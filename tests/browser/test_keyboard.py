"""The whole loop by keyboard alone: every step reached with Tab, its focus seen, and pressed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screens import Screen
from tests.browser.shop import Phone, Shop
from tests.browser.visitor import Visitor
from tests.browser.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
TABS_MOST = 60
FOCUSED = """() => { const one = document.activeElement;
  return `${one.innerText || one.getAttribute("aria-label") || one.name || ""}`.trim(); }"""
IS_SEEN = """async () => {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const one = document.activeElement;
  if (one === document.body) return true;
  const shown = one.matches("input[type=radio], input[type=checkbox]") ? one.closest("label") || one : one;
  const box = shown.getClientRects()[0] || shown.getBoundingClientRect();
  const outlined = [one, shown, shown.parentElement, ...shown.children].some((part) => {
    const look = getComputedStyle(part);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  });
  const field = one.closest(".field__box, .till__line");
  const ringed = field && getComputedStyle(field).boxShadow.includes(" 3px");
  const at = [Math.min(box.x + box.width / 2, innerWidth - 4), box.y + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(...at);
  const covered = !top || !(shown.contains(top) || top.contains(shown));
  return (outlined || ringed) && !covered;
}"""  # noqa: E501


def tab_to(page: Page, words: str, exact: bool = False) -> None:
    """Press Tab until what has the focus says `words`."""
    passed = []
    for _ in range(TABS_MOST):
        page.keyboard.press("Tab")
        said = page.evaluate(FOCUSED)
        if said == words or (not exact and words.lower() in said.lower()):
            return
        passed.append(said)
    raise AssertionError(f"Tab never came to {words!r}, only to {passed}")


def press(page: Page, words: str, exact: bool = False) -> None:
    tab_to(page, words, exact)
    page.keyboard.press("Enter")


def test_the_whole_loop_by_keyboard(browser: Browser, shop: Shop) -> None:
    phone = Phone(browser, shop.url, reduced_motion="reduce", has_touch=False)
    page = phone.page
    page.goto("/join")
    for name, text in (("name", "Kinanti"), ("phone", "081477770001"), ("password", "rahasia-ku")):
        tab_to(page, name)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    press(page, "Mampir")
    expect(page.get_by_role("status").get_by_text("masuk")).to_be_visible()
    press(page, "Putar roda")
    page.wait_for_url("**/wheel")
    press(page, "Putar")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("() => document.querySelector('dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    page.goto("/rewards")
    press(page, "Satu kue kering")
    page.wait_for_url("**/rewards/*")
    press(page, "Tukar")
    page.wait_for_url("**/vouchers/*")
    expect(page.locator(".code").first).to_be_visible()
    page.goto("/")
    press(page, "Poin", exact=True)
    page.wait_for_url("**/wallet")
    phone.context.close()
    assert phone.errors == []


def test_the_first_tab_skips_to_the_content(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor], screens: list[Screen]
) -> None:
    with Walk(browser, shop.url, visitors) as walk:
        for screen in screens:
            page = walk.to(screen)
            page.keyboard.press("Tab")
            assert page.evaluate("() => document.activeElement.hash") == "#isi", screen
            page.keyboard.press("Enter")
            assert page.evaluate("() => Boolean(document.querySelector('main#isi'))"), screen


def test_whatever_has_the_focus_shows_it_and_nothing_covers_it(
    browser: Browser, shop: Shop, visitors: dict[str, Visitor], screens: list[Screen]
) -> None:
    hidden = []
    with Walk(browser, shop.url, visitors) as walk:
        for screen in screens:
            page = walk.to(screen)
            for _ in range(TABS_MOST):
                page.keyboard.press("Tab")
                if page.evaluate("() => document.activeElement === document.body"):
                    break
                if not page.evaluate(IS_SEEN):
                    html = page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")
                    hidden.append(f"{screen.path} {html}")
    assert hidden == []
