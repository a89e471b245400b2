"""Without a signal: card, vouchers and balance as of before; a check-in that goes out later."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import at_home, join
from tests.browser.shop import Phone, Shop
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
DEAD_NETWORK = "net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def sari(browser: Browser, shop: Shop) -> Iterator[Phone]:
    """A new member on a phone with the app's worker; what fails for want of network is no bug."""
    found = Phone(browser, shop.url)
    join(found, "Sari")
    at_home(found.page)
    yield found
    found.context.close()
    offline = (DEAD_NETWORK, "htmx:")
    assert [one for one in found.errors if not any(mark in one for mark in offline)] == []


def test_the_card_opens_without_a_signal_as_of_when_it_was_kept(sari: Phone) -> None:
    page = sari.page
    page.goto("/card")
    number = page.locator(".code").first.inner_text()
    sari.context.set_offline(True)
    page.goto("/card")
    expect(page.locator("[data-offline-card]")).to_be_visible()
    expect(page.locator('[data-card="code"]')).to_have_text(number)
    expect(page.locator('[data-card="svg"] svg')).to_be_visible()
    expect(page.locator('[data-card="points"]')).to_have_text("50")
    expect(page.locator('.pay[data-card="as-of"]')).to_have_text(re.compile(r"per \d\d\.\d\d"))


def test_without_a_signal_the_card_speaks_its_owners_language(sari: Phone) -> None:
    page = sari.page
    page.goto("/profile/data")
    page.get_by_label("Bahasa").select_option("en")
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_url("**/profile")
    at_home(page)
    page.wait_for_function("async () => (await setia.read()).language === 'en'")
    sari.context.set_offline(True)
    page.goto("/card")
    expect(page.get_by_role("heading", name="The signal is far away")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator('.pay[data-card="as-of"]')).to_have_text(re.compile(r"^as of \d\d[.:]\d\d"))
    expect(page.locator('[data-card="svg"] svg')).to_be_visible()
    page.get_by_role("button", name="Drop by today").click()
    expect(page.get_by_text("Noted on this phone")).to_be_visible()


def test_a_phone_whose_clock_is_hours_off_shows_a_card_that_the_till_takes(
    sari: Phone, visitors: dict[str, Visitor]
) -> None:
    page, till = sari.page, visitors["cashier"]
    page.clock.install(time=time.time() - 2 * 3600)
    at_home(page)
    for is_offline in (False, True):
        sari.context.set_offline(is_offline)
        page.goto("/card")
        code = page.locator("[data-text]").first
        expect(code).to_have_attribute("data-text", re.compile(r"^SC1\."))
        text = code.get_attribute("data-text") or ""
        assert till.submit("/till", "/till/codes", code=text).status == 303, is_offline


def test_a_chosen_answer_stays_through_a_reload_and_goes_when_the_signal_is_back(
    sari: Phone,
) -> None:
    page = sari.page
    page.goto("/quiz")
    page.get_by_role("button", name="Mulai").click()
    page.locator("label.answer").nth(1).click()
    page.reload()
    expect(page.locator(".answer input").nth(1)).to_be_checked()
    sari.context.set_offline(True)
    page.get_by_role("button", name="Jawab").click()
    expect(page.get_by_text("Sambungan putus")).to_be_visible()
    expect(page.locator(".answer input").nth(1)).to_be_checked()
    sari.context.set_offline(False)
    expect(page.locator(".quiz--answered")).to_be_visible()


def test_a_page_that_needs_the_server_says_so_and_comes_back(sari: Phone) -> None:
    page = sari.page
    sari.context.set_offline(True)
    page.goto("/wallet")
    expect(page.get_by_role("heading", name="Sinyal lagi jauh")).to_be_visible()
    sari.context.set_offline(False)
    page.get_by_role("link", name="Coba sambung lagi").click()
    expect(page.get_by_role("heading", name="Poin", exact=True)).to_be_visible()


def test_a_check_in_made_on_an_open_page_goes_out_when_the_signal_is_back(sari: Phone) -> None:
    page = sari.page
    sari.context.set_offline(True)
    page.get_by_role("button", name="Mampir").click()
    expect(page.get_by_text("Tercatat di HP ini")).to_be_visible()
    sari.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.get_by_text("poin sudah masuk")).to_be_visible()
    assert waiting(page) == 0
    page.goto("/missions")
    expect(page.get_by_text("1", exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="Mampir")).to_have_count(0)


def test_a_check_in_from_the_offline_page_goes_out_at_the_next_visit(sari: Phone) -> None:
    page = sari.page
    sari.context.set_offline(True)
    page.goto("/missions")
    page.get_by_role("button", name="Mampir hari ini").click()
    expect(page.get_by_text("Tercatat di HP ini")).to_be_visible()
    assert waiting(page) == 1
    sari.context.set_offline(False)
    page.goto("/wallet")
    expect(page.get_by_text("poin sudah masuk")).to_be_visible()
    assert waiting(page) == 0


def test_a_check_in_from_the_offline_page_is_answered_there_when_the_signal_is_back(
    sari: Phone,
) -> None:
    page = sari.page
    sari.context.set_offline(True)
    page.goto("/missions")
    page.get_by_role("button", name="Mampir hari ini").click()
    expect(page.get_by_text("Tercatat di HP ini")).to_be_visible()
    sari.context.set_offline(False)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.get_by_text("poin sudah masuk")).to_be_visible()
    assert waiting(page) == 0


def test_with_a_signal_a_check_in_says_what_it_paid(sari: Phone) -> None:
    page = sari.page
    page.get_by_role("button", name="Mampir").click()
    expect(page.get_by_role("status").get_by_text("poin sudah masuk")).to_be_visible()
    assert waiting(page) == 0


def test_authenticated_pages_are_never_in_the_cache_api(sari: Phone) -> None:
    for path in ("/wallet", "/card", "/profile", "/"):
        sari.page.goto(path)
    kept = sari.page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
    )
    assert "/offline" in kept
    pages = [path for path in kept if not re.match(r"/(static|style|icons|manifest|offline)", path)]
    assert pages == []


def waiting(page: Page) -> int:
    return int(page.evaluate("() => setia.store('outbox', 'readonly', waiting => waiting.count())"))
