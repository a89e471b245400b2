"""Cashiers at tills and members beside them, for the browser tests."""

from __future__ import annotations

import subprocess
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.shop import ROOT, SETIA, Phone, Shop

PASSWORD = "kopikawan"
# What a camera would read from the page: our own scanner, on a picture of the code.
READ = """async (selector) => {
  const { default: Scanner } = await import("/static/vendor/qr-scanner.min.js");
  const svg = document.querySelector(selector).cloneNode(true);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("width", 592);
  svg.setAttribute("height", 592);
  const image = new Image();
  image.src = "data:image/svg+xml," + encodeURIComponent(svg.outerHTML);
  await image.decode();
  return (await Scanner.scanImage(image, { returnDetailedScanResult: true })).data;
}"""


class Till(Phone):
    """A cashier's phone, logged in, with the worker in charge and all it needs kept."""

    def __init__(self, browser: Browser, shop: Shop, login: str) -> None:
        super().__init__(browser, shop.url)
        page = self.page
        page.goto("/till/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/till")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.goto("/till")
        self.keeps()

    def keeps(self) -> None:
        self.page.evaluate(
            "() => new Promise(done => { const look = async () =>"
            " (navigator.serviceWorker.controller && await setiaTill.kept())"
            " ? done() : setTimeout(look, 50); look(); })"
        )

    def scan(self, text: str) -> None:
        """What scan.js does with what the camera read."""
        self.page.goto("/till")
        self.page.fill("[name=code]", text)
        self.page.get_by_role("button", name="Buka").click()

    def hand_over(self) -> None:
        """The green screen, pressed, and the next one."""
        expect(self.verdict()).to_have_text("Berlaku")
        self.page.get_by_role("button", name="Serahkan dan pakai").click()
        expect(self.verdict()).to_have_text("Serahkan")

    def verdict(self) -> Any:
        return self.page.locator(".verdict:visible h1")

    def type_amount(self, *keys: str) -> None:
        for key in keys:
            self.page.locator(".key:visible").get_by_text(key, exact=True).click()

    def back_online(self) -> None:
        """The signal is back, and the browser says so to the page."""
        self.context.set_offline(False)
        self.page.evaluate("() => dispatchEvent(new Event('online'))")

    def waiting(self) -> int:
        return int(self.page.evaluate("async () => (await setiaTill.waiting()).length"))


def read_code(page: Page, selector: str = "svg.qr") -> str:
    """What a till's camera reads off this phone's screen."""
    return str(page.evaluate(READ, selector))


def give_points(shop: Shop, phone_number: str, points: int = 500) -> None:
    """Points from the shop, enough for a voucher."""
    done = subprocess.run(
        [*SETIA[:2], GIVE, phone_number, str(points)],
        cwd=ROOT, env=shop.env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


GIVE = """
import sys
from pwa import create_app, outbox
from pwa.ledger import service as ledger
from pwa.members import service as members
with create_app().app_context():
    member = members.by_phone(sys.argv[1])
    ledger.earn(member.id, int(sys.argv[2]), key=sys.argv[1], source="campaign", reason="test")
    outbox.commit()
"""


def redeem(member: Phone, reward: str) -> str:
    """A voucher through the app: what its QR says."""
    page = member.page
    page.goto(f"/rewards/{reward}")
    page.locator(".dock .btn").click()
    page.wait_for_url("**/vouchers/*")
    return read_code(page)
