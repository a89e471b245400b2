"""Two members on one phone: neither ever sees anything of the other, signal or no signal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.people import at_home, join, log_in
from tests.browser.shop import Phone, Shop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
SARI, TONO = "Sarimawar", "Tonomelati"  # names that stand nowhere else on a page
STORED = """async () => {
  const kept = [JSON.stringify(await setia.read() ?? ""), JSON.stringify({...localStorage, ...sessionStorage})];
  kept.push(JSON.stringify(await setia.store("outbox", "readonly", waiting => waiting.getAll())));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      if (/html|json/.test(answer.headers.get("Content-Type"))) kept.push(await answer.text());
    }
  }
  return kept.join(" ");
}"""  # noqa: E501


@pytest.fixture
def phone_of_two(browser: Browser, shop: Shop) -> Iterator[Phone]:
    found = Phone(browser, shop.url)
    yield found
    found.context.close()


def use(page: Page) -> str:
    """Look at everything private; the number on the card."""
    at_home(page)
    for path in ("/wallet", "/vouchers", "/profile", "/card"):
        page.goto(path)
    return page.locator(".code").first.inner_text()


def log_out(page: Page) -> None:
    page.goto("/profile")
    page.get_by_role("button", name="Keluar dari HP ini").click()


def seen_while_going_back(page: Page, steps: int = 8) -> str:
    """All that the back button shows, one page after the other."""
    shown = ""
    for _ in range(steps):
        with suppress(Error):  # the browser's own page for "no network" is a fine answer
            page.go_back(wait_until="commit")
        page.wait_for_timeout(150)
        shown += page.url + " " + page.content()
        if page.url == "about:blank":
            break
    return shown


def test_the_next_member_finds_nothing_with_a_signal(phone_of_two: Phone) -> None:
    page = phone_of_two.page
    join(phone_of_two, SARI)
    code = use(page)
    log_out(page)
    page.wait_for_url("**/login")
    assert SARI not in page.evaluate(STORED)
    join(phone_of_two, TONO)
    use(page)
    stored = page.evaluate(STORED)
    assert TONO in stored
    assert SARI not in stored
    shown = seen_while_going_back(page, steps=16)
    assert SARI not in shown
    assert code not in shown


def test_the_next_member_finds_nothing_without_a_signal(phone_of_two: Phone) -> None:
    page = phone_of_two.page
    join(phone_of_two, SARI)
    code = use(page)
    log_out(page)
    page.wait_for_url("**/login")
    phone_of_two.context.set_offline(True)
    for path in ("/", "/card", "/wallet", "/vouchers"):
        page.goto(path)
        expect(page.get_by_role("heading", name="Sinyal lagi jauh")).to_be_visible()
        assert SARI not in page.content()
        assert code not in page.content()
    shown = seen_while_going_back(page, steps=14)
    assert SARI not in shown
    assert code not in shown


def test_logging_out_without_a_signal_is_kept_when_it_is_back(phone_of_two: Phone) -> None:
    page = phone_of_two.page
    join(phone_of_two, SARI)
    use(page)
    page.goto("/profile")
    phone_of_two.context.set_offline(True)
    page.get_by_role("button", name="Keluar dari HP ini").click()
    page.wait_for_url("**/offline")
    expect(page.locator("[data-offline-card]")).to_be_hidden()
    assert SARI not in page.evaluate(STORED)
    phone_of_two.context.set_offline(False)
    page.goto("/card")
    assert page.url.split("?")[0].endswith("/login"), page.url
    assert SARI not in page.content()


def test_a_member_who_takes_over_without_a_log_out_sees_only_herself(phone_of_two: Phone) -> None:
    """Sari's session ends elsewhere (a new password, say); the phone only learns it by a 401."""
    page = phone_of_two.page
    join(phone_of_two, SARI)
    code = use(page)
    phone_of_two.context.clear_cookies()
    join(phone_of_two, TONO)
    at_home(page)
    page.wait_for_function("async () => (await setia.read()).name.startsWith('Tono')")
    assert SARI not in page.evaluate(STORED)
    phone_of_two.context.set_offline(True)
    page.goto("/card")
    expect(page.locator('[data-card="name"]')).to_have_text(TONO)
    assert code not in page.content()


def test_a_check_in_waiting_of_one_member_is_never_sent_for_another(phone_of_two: Phone) -> None:
    page = phone_of_two.page
    join(phone_of_two, SARI)
    at_home(page)
    phone_of_two.context.set_offline(True)
    page.get_by_role("button", name="Mampir").click()
    expect(page.get_by_text("Tercatat di HP ini")).to_be_visible()
    phone_of_two.context.clear_cookies()
    phone_of_two.context.set_offline(False)
    number = join(phone_of_two, TONO)
    at_home(page)
    page.goto("/missions")
    expect(page.get_by_role("button", name="Mampir")).to_be_visible()
    assert number
    log_out(page)
    page.wait_for_url("**/login")
    log_in(phone_of_two, number)
    expect(page.get_by_role("button", name="Mampir")).to_be_visible()
