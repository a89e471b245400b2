"""Small things that make it loved: the prize as a picture, the pull, the number that counts up."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.people import join
from tests.browser.shop import Phone, Shop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# A thumb that goes down from the top of the page; what a browser sends for it.
PULL = """(far) => {
  const touch = (y) =>
    new Touch({ identifier: 1, target: document.body, clientX: 180, clientY: y });
  const send = (kind, y, held) => document.body.dispatchEvent(new TouchEvent(kind,
    { bubbles: true, touches: held ? [touch(y)] : [], changedTouches: [touch(y)] }));
  send("touchstart", 60, true);
  send("touchmove", 60 + far / 2, true);
  send("touchmove", 60 + far, true);
  const seen = document.querySelector(".pull")?.dataset.state;
  send("touchend", 60 + far, false);
  return seen ?? "";
}"""
SHARED = """() => { window.shared = [];
  navigator.canShare = () => true;
  navigator.share = async (parcel) => { window.shared.push(parcel); }; }"""


def spin(page: Page) -> None:
    page.goto("/wheel")
    page.click("[data-spin] .btn")
    expect(page.locator("#hasil")).to_be_visible(timeout=15_000)


def test_a_prize_is_saved_as_a_picture_where_it_cannot_be_shared(
    phone: Phone, tmp_path: Path
) -> None:
    join(phone, "Rara")
    phone.page.emulate_media(reduced_motion="reduce")
    spin(phone.page)
    with phone.page.expect_download() as saved:
        phone.page.get_by_role("button", name="Bagikan").click()
    picture = tmp_path / saved.value.suggested_filename
    saved.value.save_as(picture)
    body = picture.read_bytes()
    width, height = (int.from_bytes(body[at : at + 4], "big") for at in (16, 20))
    assert (body[1:4], width, height) == (b"PNG", 1080, 1350)


def test_a_prize_is_shared_as_a_file_where_the_phone_can(phone: Phone) -> None:
    join(phone, "Dina")
    page = phone.page
    page.emulate_media(reduced_motion="reduce")
    spin(page)
    page.evaluate(SHARED)
    page.get_by_role("button", name="Bagikan").click()
    page.wait_for_function("() => window.shared.length === 1")
    told = page.evaluate("() => [shared[0].files[0].type, shared[0].files[0].name, shared[0].text]")
    assert told == ["image/png", "hadiah.png", "Aku dapat ini dari Roda harian"]


def test_a_pull_refreshes_an_app_on_an_iphones_home_screen(browser: Browser, shop: Shop) -> None:
    phone = Phone(browser, shop.url)
    phone.context.add_init_script("Object.defineProperty(navigator, 'standalone', { value: true })")
    join(phone, "Wati")
    page = phone.page
    assert page.evaluate(PULL, 60) == "pull"
    expect(page.locator(".pull")).to_have_count(0)
    with page.expect_navigation():
        assert page.evaluate(PULL, 220) == "ready"
    phone.context.close()


def test_a_browser_with_a_pull_of_its_own_gets_no_second_one(phone: Phone) -> None:
    join(phone, "Lina")
    assert phone.page.evaluate(PULL, 220) == ""


def test_the_number_counts_up_from_what_this_phone_showed_last(phone: Phone) -> None:
    join(phone, "Mira")
    page = phone.page
    page.goto("/")
    seen = page.evaluate("() => Number(document.querySelector('[data-countup]').dataset.countup)")
    assert seen > 0
    page.evaluate(
        "() => { for (const key of Object.keys(sessionStorage)) "
        "if (key.startsWith('points:')) sessionStorage.setItem(key, '0'); }"
    )
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.steps = new Set();"
        " const place = document.querySelector('[data-countup]');"
        " new MutationObserver(() => steps.add(place.textContent))"
        ".observe(place, { childList: true, characterData: true, subtree: true }); })"
    )
    page.reload()
    expect(page.locator("[data-countup]")).to_have_text(str(seen))
    page.wait_for_function("() => window.steps.size > 2")


def test_another_language_keeps_what_was_typed(phone: Phone) -> None:
    page = phone.page
    page.goto("/join")
    page.fill("[name=name]", "Rara Kinasih")
    page.fill("[name=phone]", "0813 1234 5678")
    page.fill("[name=password]", "rahasia-sekali")
    page.check("[name=promo]")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=name]")).to_have_value("Rara Kinasih")
    expect(page.locator("[name=phone]")).to_have_value("0813 1234 5678")
    expect(page.locator("[name=password]")).to_have_value("")
    expect(page.locator("[name=promo]")).to_be_checked()
    assert page.evaluate("() => sessionStorage.getItem('typed')") is None


PRESS_AND_LOOK = """() => {
  setTimeout(() => { sessionStorage.waited = [
    document.querySelector(".tabbar [aria-current]").pathname,
    document.querySelectorAll("main .bone").length > 3,
    document.querySelector(".hero").checkVisibility(),
  ].join(" "); }, 900);
  setTimeout(() => document.querySelector("a[href='/missions']").click());
}"""


def test_a_slow_page_shows_its_bones_and_the_tab_that_was_pressed(
    browser: Browser, shop: Shop
) -> None:
    def slowly(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    phone = Phone(browser, shop.url, service_workers="block")
    join(phone, "Ningsih")
    page = phone.page
    page.goto("/")
    page.route("**/missions", slowly)
    page.evaluate(PRESS_AND_LOOK)
    page.wait_for_url("**/missions")
    assert page.evaluate("() => sessionStorage.waited") == "/missions true false"
    expect(page.locator(".bone")).to_have_count(0)
    page.go_back()
    expect(page.locator("main .hero")).to_be_visible()
    expect(page.locator(".tabbar [aria-current]")).to_have_attribute("href", "/")
    expect(page.locator(".bone")).to_have_count(0)
    phone.context.close()


def test_the_card_fills_the_screen_and_turns_there_too(phone: Phone) -> None:
    join(phone, "Kirana")
    page = phone.page
    page.goto("/card")
    page.get_by_role("button", name="Layar penuh").click()
    full = page.get_by_role("dialog")
    expect(full).to_be_visible()
    shown = full.bounding_box()
    code = full.locator(".qr").bounding_box()
    screen = page.viewport_size
    assert shown is not None
    assert code is not None
    assert screen is not None
    assert (shown["width"], shown["height"]) == (screen["width"], screen["height"])
    assert code["width"] >= 0.9 * screen["width"]
    page.wait_for_function(
        "() => { const [one, other] = document.querySelectorAll('.qr');"
        " return one.innerHTML === other.innerHTML && one.closest('[data-text]'); }"
    )
    page.keyboard.press("Escape")
    expect(full).to_be_hidden()
