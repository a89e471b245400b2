"""What the quality tests share: the crawled screens, and a session for each kind of person."""

from __future__ import annotations

import pytest

from tests.browser import screens as crawled
from tests.browser.screens import Screen
from tests.browser.shop import Shop
from tests.browser.visitor import Visitor


@pytest.fixture(scope="session")
def visitors(shop: Shop) -> dict[str, Visitor]:
    """A session of each kind of person, logged in once: logging in is slow and counted."""
    return crawled.visitors(shop.url)


@pytest.fixture(scope="session")
def screens(visitors: dict[str, Visitor]) -> list[Screen]:
    found = crawled.screens(visitors)
    assert len(found) > 20, found
    return found
