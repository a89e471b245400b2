"""A cashier and a member side by side: online, then both offline, then reconciled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from pwa.members.codes import base36
from tests.browser.people import at_home, join
from tests.browser.shop import Phone, Shop
from tests.browser.till_people import Till, give_points, read_code, redeem

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def sari(browser: Browser, shop: Shop) -> Iterator[Phone]:
    found = Phone(browser, shop.url)
    number = join(found, "Sari")
    give_points(shop, number)
    at_home(found.page)
    yield found
    found.context.close()
    assert [one for one in found.errors if NO_NETWORK not in one] == []


@pytest.fixture
def tills(browser: Browser, shop: Shop) -> Iterator[list[Till]]:
    """Budi's and Maya's, in one shop."""
    found = [Till(browser, shop, "budi"), Till(browser, shop, "maya")]
    yield found
    for till in found:
        till.context.close()
        assert [one for one in till.errors if NO_NETWORK not in one and "409" not in one] == []


def points(page: Page) -> int:
    """From the server: the wallet's number counts up for a while."""
    page.goto("/wallet")
    return int(page.evaluate("async () => (await (await fetch('/card.json')).json()).points"))


def test_online_then_both_offline_then_reconciled(
    sari: Phone, tills: list[Till], browser: Browser, shop: Shop
) -> None:
    budi, maya = tills
    # Online: the card's code is scanned off her screen, and the points are there at once.
    sari.page.goto("/card")
    expect(sari.page.locator("[data-turning][data-text]").first).to_be_visible()
    card = read_code(sari.page, "[data-turning] svg.qr")
    assert card == sari.page.locator("[data-turning]").first.get_attribute("data-text")
    budi.scan(card)
    budi.type_amount("4", "5", "000")
    budi.page.get_by_role("button", name="Beri 45 poin").click()
    expect(budi.page.locator(".t-mega")).to_have_text("+45")
    voucher = redeem(sari, "ukuran-besar")
    at_home(sari.page)  # the phone keeps the voucher
    before = points(sari.page)
    # Both offline: her phone still shows voucher and turning card, two tills still judge.
    for phone in (sari, budi, maya):
        phone.context.set_offline(True)
    sari.page.goto("/card")
    expect(sari.page.locator("[data-turning][data-text]").first).to_be_visible()
    kept = sari.page.locator("[data-vouchers] svg.qr").count()
    assert kept == 1
    budi.scan(voucher)
    budi.hand_over()
    budi.scan(voucher)
    expect(budi.verdict()).to_have_text("Sudah dipakai")
    maya.scan(voucher)  # who can't know of Budi's
    maya.hand_over()
    card = str(sari.page.locator("[data-turning]").first.get_attribute("data-text"))
    budi.scan(card)
    budi.type_amount("3", "0", "000")
    budi.page.get_by_role("button", name="Catat belanja").click()
    expect(budi.page.get_by_role("heading", name="Tercatat")).to_be_visible()
    budi.page.goto("/till")
    expect(budi.page.locator("[data-waiting]:visible")).to_contain_text("2 menunggu sinyal")
    # Reconciled: the purchase counts, the first use counts, and the second is the owner's to see.
    sari.context.set_offline(False)
    for till, words in ((budi, "2 catatan terkirim"), (maya, "1 tidak cocok")):
        till.back_online()
        expect(till.page.locator("[data-toasts]")).to_contain_text(words)
        assert till.waiting() == 0
    assert points(sari.page) >= before + 30
    owner = Till(browser, shop, "ratna")
    owner.page.get_by_role("link", name="catatan tanpa sinyal perlu dilihat").click()
    card_of = owner.page.locator(
        "section", has=owner.page.get_by_role("heading", name="Dipakai dua kali")
    )
    expect(card_of).to_contain_text("Budi")
    expect(card_of).to_contain_text("Maya")
    owner.page.get_by_role("button", name="Sudah kuurus").click()
    expect(owner.page.get_by_role("heading", name="Semua cocok")).to_be_visible()
    owner.context.close()


def test_a_form_that_was_on_its_way_when_the_network_went_is_not_lost(
    sari: Phone, tills: list[Till]
) -> None:
    budi = tills[0]
    voucher = redeem(sari, "tambah-shot")
    budi.scan(voucher)
    expect(budi.verdict()).to_have_text("Berlaku")
    budi.context.set_offline(True)
    budi.page.get_by_role("button", name="Serahkan dan pakai").click()
    expect(budi.verdict()).to_have_text("Serahkan")
    assert budi.waiting() == 1
    budi.back_online()
    expect(budi.page.locator("[data-toasts]")).to_contain_text("1 catatan terkirim")
    budi.scan(voucher)
    expect(budi.verdict()).to_have_text("Sudah dipakai")


def test_offline_a_till_refuses_what_is_forged_dear_typed_or_unknown(
    sari: Phone, tills: list[Till]
) -> None:
    budi = tills[0]
    voucher = redeem(sari, "kue-kering")
    mark, code, ends, _worth, reward, signature = voucher.split(".")
    budi.context.set_offline(True)
    dearer = ".".join([mark, code, ends, "9999", reward, signature])
    for text, title in ((dearer, "Palsu"), (code, "Butuh sinyal")):
        budi.scan(text)
        expect(budi.verdict()).to_have_text(title)
        expect(budi.page.locator(".verdict:visible")).to_contain_text("Jangan serahkan barangnya")
    # A card's code tells its own time: an old picture of it is refused here already.
    sari.page.goto("/card")
    expect(sari.page.locator("[data-turning][data-text]").first).to_be_visible()
    card = str(sari.page.locator("[data-turning]").first.get_attribute("data-text"))
    mark, digits, turn, mac = card.split(".")
    budi.scan(f"{mark}.{digits}.{base36(int(turn, 36) - 120)}.{mac}")  # an hour old
    expect(budi.page.get_by_text("Kode kartu ini sudah lewat.")).to_be_visible()
    budi.page.goto("/till")
    budi.page.fill("[name=code]", "HALO")
    budi.page.get_by_role("button", name="Buka").click()
    expect(budi.page.get_by_text("bukan kartu atau voucher kami")).to_be_visible()
    budi.page.evaluate(
        "async () => { const db = await new Promise(done => { const asked ="
        " indexedDB.open('setia-till', 1); asked.onsuccess = () => done(asked.result); });"
        " const all = db.transaction('kept', 'readwrite').objectStore('kept');"
        " const asked = all.get('till'); await new Promise(done => asked.onsuccess = done);"
        " all.put({ ...asked.result, most_rupiah: 2999 }, 'till'); db.close(); }"
    )
    budi.scan(voucher)
    expect(budi.verdict()).to_have_text("Butuh sinyal")
    expect(budi.page.locator(".verdict:visible")).to_contain_text("sampai Rp2.999")
    assert budi.waiting() == 0
