"""What people do at the start of a browser test."""

from __future__ import annotations

import itertools
import os

from playwright.sync_api import Page

from tests.browser.shop import Phone

PASSWORD = "rahasia-sekali"
TOO_MANY = 429
_numbers = itertools.count(1)


def join(phone: Phone, name: str) -> str:
    """A new member through the form; her phone number."""
    number = f"0813{os.getpid() % 10000:04d}{next(_numbers):04d}"
    page = phone.page
    while _asks_to_join(page, name, number) == TOO_MANY:
        # All tests of a shop come from one address, and the limit on it is real.
        phone.errors.clear()
        page.wait_for_timeout(20_000)
    page.wait_for_url("**/")
    return number


def _asks_to_join(page: Page, name: str, number: str) -> int:
    page.goto("/join")
    page.fill("[name=name]", name)
    page.fill("[name=phone]", number)
    page.fill("[name=password]", PASSWORD)
    with page.expect_response(lambda one: one.request.method == "POST") as told:
        page.press("[name=password]", "Enter")
    return told.value.status


def log_in(phone: Phone, number: str) -> None:
    page = phone.page
    page.goto("/login")
    page.fill("[name=phone]", number)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


def at_home(page: Page) -> None:
    """Home, with the worker in charge and the card kept on the phone."""
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(
        "() => new Promise(done => { const look = async () =>"
        " (navigator.serviceWorker.controller && await setia.read())"
        " ? done() : setTimeout(look, 50); look(); })"
    )
