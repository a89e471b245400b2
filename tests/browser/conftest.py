"""A real server (setia serve) with the demo program, and a real Chromium the size of a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.production import production_url  # noqa: F401  fixture
from tests.browser.quality import screens, visitors  # noqa: F401  fixtures
from tests.browser.shop import CHROMIUM, Phone, Shop, open_browser
from tests.conftest import skip_or_fail


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    running = Shop(tmp_path_factory.mktemp("shop"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if not Path(CHROMIUM).exists():
        skip_or_fail("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = open_browser(playwright)
    yield found
    found.close()


@pytest.fixture
def phone(browser: Browser, shop: Shop) -> Iterator[Phone]:
    found = Phone(browser, shop.url)
    yield found
    found.context.close()
    assert found.errors == [], found.errors


@pytest.fixture
def till(browser: Browser, shop: Shop) -> Iterator[Phone]:
    found = Phone(browser, shop.url)
    yield found
    found.context.close()
    assert found.errors == [], found.errors
