"""Installing: offered after a first success, never on arrival; all that a phone needs is there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from tests.browser.people import join
from tests.browser.shop import CHROMIUM, PHONE, Phone, Shop
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1"
)
# Chromium fires it when it pleases; the page can't tell a real one from ours.
PROMPT = """() => {
  const event = new Event("beforeinstallprompt", { cancelable: true });
  event.prompt = async () => { window.asked = (window.asked || 0) + 1; };
  dispatchEvent(event);
  return event.defaultPrevented;
}"""
SUCCESS = "() => document.dispatchEvent(new CustomEvent('setia:success'))"


@pytest.fixture
def profile(playwright: Playwright, shop: Shop, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser with a profile of its own: a default context can't install anything."""
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path / "profile"), executable_path=CHROMIUM, args=["--no-sandbox"],
        base_url=shop.url, viewport=PHONE, locale="id-ID",
    )  # fmt: skip
    yield context
    context.close()


def test_chromium_finds_nothing_missing_for_an_install(profile: BrowserContext) -> None:
    page = profile.pages[0]
    page.goto("/join")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    session = profile.new_cdp_session(page)
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert errors == []
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert json.loads(found["data"])["id"] == "/"


def test_every_picture_of_the_manifest_is_there(shop: Shop) -> None:
    visitor = Visitor(shop.url)
    manifest = json.loads(visitor.get("/manifest.webmanifest").body)
    pictures = [*manifest["icons"], *manifest["screenshots"]]
    assert {"any", "maskable"} <= {icon["purpose"] for icon in manifest["icons"]}
    assert len(manifest["screenshots"]) >= 2
    for picture in pictures:
        answer = visitor.get(picture["src"])
        width, height = (int.from_bytes(answer.body[at : at + 4], "big") for at in (16, 20))
        assert (answer.status, f"{width}x{height}") == (200, picture["sizes"]), picture
    assert {shortcut["url"].split("?")[0] for shortcut in manifest["shortcuts"]} >= {"/card"}


def test_nothing_is_offered_on_arrival_and_once_after_a_success(phone: Phone) -> None:
    page = phone.page
    join(phone, "Sari")
    assert page.evaluate(PROMPT), "the browser's own banner was not held back"
    offer = page.get_by_role("button", name="Pasang")
    expect(offer).to_have_count(0)
    page.evaluate(SUCCESS)
    offer.click()
    assert page.evaluate("() => window.asked") == 1
    expect(offer).to_have_count(0)
    page.evaluate(PROMPT)
    page.evaluate(SUCCESS)
    expect(offer).to_have_count(0)


def test_an_offer_that_was_put_off_does_not_come_back_tomorrow(phone: Phone) -> None:
    page = phone.page
    join(phone, "Sari")
    page.evaluate(PROMPT)
    page.evaluate(SUCCESS)
    page.locator("[data-install] [data-dismiss]").click()
    page.reload()
    page.evaluate(PROMPT)
    page.evaluate(SUCCESS)
    expect(page.get_by_role("button", name="Pasang")).to_have_count(0)


def test_an_iphone_is_shown_how(browser: Browser, shop: Shop) -> None:
    phone = Phone(browser, shop.url, user_agent=IPHONE)
    phone.context.add_init_script("delete window.onbeforeinstallprompt")
    page = phone.page
    join(phone, "Sari")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate(SUCCESS)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_text("Tambah ke Layar Utama")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    phone.context.close()


def test_an_install_is_told_to_the_shop_under_the_phones_own_key(phone: Phone) -> None:
    page, keys = phone.page, set()
    join(phone, "Sari")
    for _ in range(2):
        with page.expect_response("**/installs") as answered:
            page.evaluate("() => dispatchEvent(new Event('appinstalled'))")
        assert answered.value.status == 204
        keys.add(answered.value.request.post_data)
    assert len(keys) == 1
