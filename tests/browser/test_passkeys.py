"""Passkeys in a real browser, with a virtual authenticator that checks who holds it."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from tests.browser.conftest import Phone, Shop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "rahasia-sekali"


def without_own_list(phone: Phone) -> None:
    """The browser's own list would answer by itself, before any button is pressed."""
    never = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"
    phone.page.add_init_script(never)


def with_authenticator(phone: Phone) -> Any:
    """Give the phone a screen lock that always opens, and a place for passkeys."""
    cdp = phone.context.new_cdp_session(phone.page)
    cdp.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp, made["authenticatorId"]


def join(phone: Phone, number: str, name: str = "Sekar") -> None:
    page = phone.page
    page.goto("/join")
    page.get_by_label("Nama panggilan").fill(name)
    page.get_by_label("Nomor HP").fill(number)
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Gabung").click()
    page.wait_for_url("**/")


def add_key(phone: Phone) -> None:
    page = phone.page
    page.goto("/profile/passkeys")
    page.get_by_role("button", name="Tambah kunci sandi").click()
    page.get_by_text("Kunci sandi sudah ditambah").wait_for()


def log_out(phone: Phone) -> None:
    phone.page.goto("/profile")
    phone.page.get_by_role("button", name="Keluar dari HP ini").click()
    phone.page.wait_for_url("**/login")


def credentials(cdp: Any, authenticator: str) -> list[Any]:
    found = cdp.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    return list(found["credentials"])


def test_one_tap_logs_in_with_the_key_that_was_added(phone: Phone) -> None:
    without_own_list(phone)
    cdp, authenticator = with_authenticator(phone)
    join(phone, "081288880001")
    add_key(phone)
    kept = credentials(cdp, authenticator)
    assert len(kept) == 1
    assert kept[0]["isResidentCredential"]
    assert kept[0]["rpId"] == "localhost"
    log_out(phone)
    phone.page.get_by_role("button", name="Masuk satu ketukan").click()
    phone.page.wait_for_url(re.compile(r"/$"))
    phone.page.goto("/profile")
    assert phone.page.get_by_role("heading", name="Sekar").is_visible()
    used = credentials(cdp, authenticator)
    assert used[0]["signCount"] > kept[0]["signCount"]


def test_the_keyboards_own_list_logs_in_without_any_button(phone: Phone) -> None:
    cdp, _ = with_authenticator(phone)
    join(phone, "081288880002", "Bayu")
    add_key(phone)
    phone.page.goto("/profile")
    phone.page.get_by_role("button", name="Keluar dari HP ini").click()
    phone.page.wait_for_url(re.compile(r"/$"))
    assert phone.page.evaluate("document.documentElement.dataset.member") != ""
    cdp.detach()


def test_a_removed_key_says_so_in_words(phone: Phone) -> None:
    without_own_list(phone)
    with_authenticator(phone)
    join(phone, "081288880003", "Wulan")
    add_key(phone)
    page = phone.page
    page.locator("details.ask summary").click()
    page.get_by_role("button", name="Hapus kunci sandi").click()
    page.get_by_text("Kunci sandi sudah dihapus").wait_for()
    log_out(phone)
    page.get_by_role("button", name="Masuk satu ketukan").click()
    page.get_by_text("Kunci sandinya belum cocok").first.wait_for()
    phone.errors[:] = [error for error in phone.errors if "422" not in error]


def test_a_forgotten_password_comes_back_by_a_code(phone: Phone, shop: Shop) -> None:
    join(phone, "081288880004", "Ratih")
    log_out(phone)
    page = phone.page
    page.get_by_role("link", name="Lupa kata sandi").click()
    page.get_by_label("Nomor HP").fill("0812 8888 0004")
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode 6 angka").fill(_code_in(shop, "+6281288880004"))
    page.get_by_label("Kata sandi baru", exact=True).fill("rahasia-baru")
    page.get_by_role("button", name="Pakai dan masuk").click()
    page.wait_for_url(re.compile(r"/$"))


def _code_in(shop: Shop, number: str) -> str:
    """The code that the developer's console shows."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        told = re.findall(re.escape(number) + r" \(code\): (\d{6})", shop.log.read_text())
        if told:
            return str(told[-1])
        time.sleep(0.1)
    raise AssertionError(shop.log.read_text())
