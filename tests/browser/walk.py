"""Looking at many screens fast: one context for each kind of person, with their cookies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.screens import Screen
from tests.browser.visitor import Visitor

SMALL = {"width": 360, "height": 800}


class Walk:
    """Pages of `url` as any of the people in `visitors`. Motion is reduced: it only costs time."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        visitors: dict[str, Visitor],
        language: str = "id",
        **options: Any,
    ) -> None:
        self.browser, self.url, self.visitors = browser, url, visitors
        self.options = {
            "viewport": SMALL,
            "reduced_motion": "reduce",
            "service_workers": "block",
            "locale": language,
            **options,
        }
        self._pages: dict[str, Page] = {}

    def __enter__(self) -> Walk:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for page in self._pages.values():
            page.context.close()

    def to(self, screen: Screen) -> Page:
        """The page of `screen`, by day, when everything on it has loaded."""
        page = self._pages.get(screen.who) or self._open(screen.who)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto(screen.path, wait_until="load")
        return page

    def night(self, page: Page) -> None:
        """The same page in the dark, when its colours have settled."""
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.evaluate("() => Promise.all(document.getAnimations().map(one => one.finished))")
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))"
        )

    def _open(self, who: str) -> Page:
        context: BrowserContext = self.browser.new_context(base_url=self.url, **self.options)
        cookies = self.visitors[who].cookies.items()
        context.add_cookies([{"name": n, "value": v, "url": self.url} for n, v in cookies])
        self._pages[who] = context.new_page()
        return self._pages[who]


@contextmanager
def speaking(member: Visitor, language: str) -> Iterator[None]:
    """The member's account set to `language`, and back to Indonesian afterwards."""
    try:
        assert member.order("/language", language=language).status == 303
        yield
    finally:
        assert member.order("/language", language="id").status == 303
