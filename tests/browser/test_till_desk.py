"""The till under a thumb: cashiers switch by PIN, and the camera falls back step by step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import join
from tests.browser.shop import ROOT, Phone, Shop
from tests.browser.till_people import PASSWORD, Till

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]
CARD = "4471903521"
SHOTS = ROOT / "screenshots"
TARGET_LEAST_PX = 44
SCREENS = ("/till", "/till/sales", "/till/purchases", "/till/pin", "/till/people", "/till/offline",
           "/till/offline-acts")  # fmt: skip
# A camera that shows a QR code, and a browser with or without a reader of its own.
CAMERA = """
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 400;
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => {
    window.asked = true;
    const image = new Image();
    image.src = "data:image/svg+xml," + encodeURIComponent(window.picture);
    await image.decode();
    const draw = () => canvas.getContext("2d").drawImage(image, 0, 0, 400, 400);
    draw();
    setInterval(draw, 50);
    return canvas.captureStream(20);
  } } });
"""
DETECTOR = """
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { window.detected = true; return [{ rawValue: "%s" }]; }
  };
"""


@pytest.fixture
def maya(browser: Browser, shop: Shop) -> Iterator[Till]:
    found = Till(browser, shop, "maya")
    yield found
    found.context.close()
    assert found.errors == []


def picture(text: str) -> str:
    import json

    from pwa import qr

    svg = str(qr.draw(text, "x")).replace("<svg", '<svg width="400" height="400"', 1)
    return f"window.picture = {json.dumps(svg)};"


def camera(browser: Browser, shop: Shop, *scripts: str) -> Till:
    found = Till(browser, shop, "budi")
    for script in (picture(CARD), *scripts):
        found.page.add_init_script(script)
    return found


def test_two_taps_and_a_pin_and_the_till_is_the_next_ones(browser: Browser, shop: Shop) -> None:
    till = Till(browser, shop, "budi")
    page = till.page
    for login, pin in (("budi", "2580"), ("maya", "1379")):
        page.goto("/till/login")
        if page.locator("[name=login]").count():
            page.fill("[name=login]", login)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/till")
        page.goto("/till/pin")
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=pin]", pin)
        page.get_by_role("button", name="Simpan PIN").click()
        page.wait_for_url("**/till")
        if login == "budi":
            till.context.clear_cookies(name="setia")
    expect(page.locator("h1")).to_contain_text("Kasir, Maya")
    page.get_by_role("link", name="Budi").click()
    for key in "2580":
        page.locator(".key").get_by_text(key, exact=True).click()
    page.wait_for_url("**/till")
    expect(page.locator("h1")).to_contain_text("Kasir, Budi")
    till.keeps()
    page.wait_for_function("async () => (await setiaTill.kept()).name === 'Budi'")
    till.context.close()
    assert till.errors == []


def test_the_camera_reads_by_the_browsers_own_detector_first(browser: Browser, shop: Shop) -> None:
    till = camera(browser, shop, CAMERA, DETECTOR % "KW74-XXXX")
    asked: list[str] = []
    till.page.on("request", lambda request: asked.append(request.url))
    till.page.goto("/till?kamera=1")
    expect(till.page.get_by_text("bukan kartu, voucher, atau struk kami")).to_be_visible()
    assert not any("qr-scanner" in url for url in asked)
    till.context.close()


def test_without_one_it_reads_by_our_own_scanner(browser: Browser, shop: Shop) -> None:
    till = camera(browser, shop, "delete window.BarcodeDetector;", CAMERA)
    till.page.goto("/till?kamera=1")
    # It is nobody's card, so that the till gives back what it read.
    expect(till.page.get_by_text("Kode ini bukan kartu")).to_be_visible(timeout=15_000)
    expect(till.page.locator("[name=code]")).to_have_value(CARD)
    till.context.close()


def test_without_a_camera_there_is_typing(browser: Browser, shop: Shop) -> None:
    refused = "navigator.mediaDevices.getUserMedia = async () => { throw new Error('no'); };"
    till = camera(browser, shop, refused)
    till.page.goto("/till?kamera=1")
    expect(till.page.get_by_text("Ketik kodenya saja")).to_be_visible()
    expect(till.page.locator("[name=code]")).to_be_focused()
    till.context.close()


@pytest.mark.parametrize("path", SCREENS)
def test_what_a_cashier_touches_is_large_and_nothing_runs_off(maya: Till, path: str) -> None:
    page = maya.page
    page.goto(path)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "(least) => [...document.querySelectorAll('main button, main .btn, main input, .crew a')]"
        ".filter(one => one.checkVisibility() && one.type !== 'hidden')"
        ".map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])"
        ".filter(([, box]) => box.height < least || box.width < least).map(([html]) => html)",
        TARGET_LEAST_PX,
    )
    assert small == []


def card_of_a_new_member(browser: Browser, shop: Shop) -> str:
    person = Phone(browser, shop.url)
    join(person, "Sekar")
    person.page.goto("/card")
    expect(person.page.locator("[data-turning][data-text]").first).to_be_visible()
    code = str(person.page.locator("[data-turning]").first.get_attribute("data-text"))
    person.context.close()
    return code


def test_goods_are_picked_by_taps_and_the_amount_follows(
    maya: Till, browser: Browser, shop: Shop
) -> None:
    """Two croissants and an iced coffee, less one: the amount follows, and so does the receipt."""
    page = maya.page
    maya.scan(card_of_a_new_member(browser, shop))
    page.wait_for_url("**/till/members/*")
    amount = page.locator("[data-amount]")
    page.get_by_text("Isi barang").click()
    for name in ("Croissant mentega", "Croissant mentega", "Es Kopi Susu"):
        page.get_by_role("button", name=f"Tambah {name}", exact=True).click()
    expect(amount).to_have_value("70.000")
    expect(page.locator("[data-count]")).to_have_text("2")
    page.get_by_role("button", name="Kurangi Croissant mentega", exact=True).click()
    expect(amount).to_have_value("46.000")
    expect(page.locator("#f-amount-salah")).to_contain_text("Croissant")  # what each line earns
    give = page.locator(".till__do button")
    box = give.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= page.evaluate("() => innerHeight")
    page.screenshot(path=str(SHOTS / "till-goods.png"))
    page.get_by_role("searchbox").fill("croi")
    expect(page.get_by_role("button", name="Tambah Es Kopi Susu", exact=True)).to_be_hidden()
    give.click()
    page.wait_for_url("**/receipts/*")
    expect(page.locator("main")).to_contain_text("Rp46.000")


def test_the_scan_button_is_on_the_first_screen_also_above_a_managers_menu(maya: Till) -> None:
    page = maya.page
    page.goto("/till")
    box = page.get_by_role("link", name="Pindai dengan kamera").bounding_box()
    assert box is not None
    assert 300 < box["y"] < 844 - 56 - 44
