"""Every screen at two sizes, light and dark, in id and jv, into screenshots/ (make screenshots)."""

from __future__ import annotations

import itertools
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, sync_playwright

from tests.browser.shop import ROOT, Phone, Shop, open_browser

SIZES = ((360, 800), (412, 915))
THEMES = ("light", "dark")
LANGUAGES = ("id", "en", "jv")
MEMBER = ("0812-1000-0001", "kopikawan")
CASHIER = ("budi", "kopikawan")
STRANGER_PAGES = ("/join", "/login", "/terms", "/privacy", "/offline")
MEMBER_PAGES = (
    "/", "/missions", "/wheel", "/quiz", "/rewards", "/rewards/tambah-shot", "/vouchers",
    "/card", "/wallet", "/tier", "/inbox", "/inbox/settings",
    "/profile", "/profile/security", "/profile/privacy", "/streak/pauses", "/help", "/tidak-ada",
)  # fmt: skip
TILL_PAGES = ("/till",)


def main() -> None:
    wanted = sys.argv[1:]  # languages, all without any
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        shop = Shop(Path(folder))
        browser = open_browser(playwright)
        try:
            for size, theme, language in itertools.product(SIZES, THEMES, wanted or LANGUAGES):
                options = {
                    "viewport": {"width": size[0], "height": size[1]},
                    "color_scheme": theme,
                    "reduced_motion": "reduce",
                    "locale": {"id": "id-ID", "en": "en-GB", "jv": "jv-ID"}[language],
                }
                phone = Phone(browser, shop.url, **options)
                _round(phone, language, f"{language}-{theme}-{size[0]}")
        finally:
            browser.close()
            shop.stop()


def _round(phone: Phone, language: str, folder: str) -> None:
    page = phone.page
    _speak(page, "/login", language)
    _take(page, folder, STRANGER_PAGES)
    _log_in(page, "/login", "phone", *MEMBER)
    _speak(page, "/profile", language)
    _take(page, folder, MEMBER_PAGES)
    phone.context.clear_cookies()
    _take(page, folder, ("/till/login",))
    _log_in(page, "/till/login", "login", *CASHIER)
    _take(page, folder, TILL_PAGES)
    phone.context.close()


def _log_in(page: Page, path: str, field: str, name: str, password: str) -> None:
    page.goto(path)
    page.fill(f"[name={field}]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def _speak(page: Page, path: str, language: str) -> None:
    """The session's language, and the account's where somebody is logged in."""
    page.goto(path)
    page.evaluate(
        "language => fetch('/language', { method: 'POST', body: new URLSearchParams({ language,"
        " csrf_token: document.querySelector('[name=csrf-token]').content }) })",
        language,
    )


def _take(page: Page, folder: str, paths: tuple[str, ...]) -> None:
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        name = path.strip("/").replace("/", "-") or "home"
        target = ROOT / "screenshots" / folder / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        _whole(page, target)
        print(target.relative_to(ROOT))


def _whole(page: Page, target: Path) -> None:
    """All of a page, with what is fixed at its foot where the page ends."""
    screen = page.viewport_size
    assert screen is not None
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": screen["width"], "height": tall})
    page.screenshot(path=target)
    page.set_viewport_size(screen)


if __name__ == "__main__":
    main()
