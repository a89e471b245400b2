"""The wheel on a phone four times slower than this machine, and on the narrowest one."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import join
from tests.browser.shop import Phone, Shop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SLOWER = 4
FRAME_MS = 1000 / 60
# Two processors are shared with whatever else runs, and nothing here has a graphics chip: a
# frame may come a little late, and one in ten much later. A wheel that is laid out or painted
# anew in each frame is far beyond both.
LATE_MS = 34
LATE_MOST = 0.10
TRIES = 3

RECORD = """() => {
  window.stamps = [];
  const disc = document.querySelector(".wheel__disc");
  const note = (at) => {
    if (document.querySelector(".wheel").dataset.state === "spin") {
      window.stamps.push(at);
      window.moves = window.moves || getComputedStyle(disc).transitionProperty;
    }
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}"""


def metrics(cdp: Any) -> dict[str, float]:
    return {m["name"]: m["value"] for m in cdp.send("Performance.getMetrics")["metrics"]}


def spun(phone: Phone) -> tuple[list[float], float]:
    """The gaps between frames of one spin in milliseconds, and layouts while it turned."""
    page = phone.page
    page.goto("/wheel")
    cdp = phone.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(RECORD)
    page.click("[data-spin] .btn")
    page.wait_for_selector('.wheel[data-state="spin"]', timeout=20_000)
    page.wait_for_timeout(500)
    before = metrics(cdp)["LayoutCount"]
    page.wait_for_timeout(3500)
    layouts = metrics(cdp)["LayoutCount"] - before
    expect(page.locator("#hasil")).to_be_visible(timeout=20_000)
    stamps: list[float] = page.evaluate("window.stamps")
    assert page.evaluate("window.moves") == "transform"  # what the compositor does alone
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return [later - earlier for earlier, later in pairwise(stamps)], layouts


def test_sixty_frames_a_second_four_times_slower(browser: Browser, shop: Shop) -> None:
    """At the best of three spins: another test's noise is not the wheel's."""
    seen = []
    for n in range(TRIES):
        phone = Phone(browser, shop.url)
        join(phone, f"Cepat {n}")
        gaps, layouts = spun(phone)
        phone.context.close()
        assert len(gaps) > 100, len(gaps)  # of some 330
        assert layouts <= 3, layouts
        late = sum(gap > LATE_MS for gap in gaps) / len(gaps)
        seen.append((round(median(gaps), 1), round(late, 3)))
        if median(gaps) <= FRAME_MS * 1.2 and late <= LATE_MOST:
            return
    pytest.fail(f"median gap in ms and share of late frames of each spin: {seen}")


def boxes(page: Page) -> list[dict[str, float]]:
    return page.evaluate(
        """() => [...document.querySelectorAll(".wheel text")].map((text) => {
          const box = text.getBoundingClientRect();
          const size = parseFloat(getComputedStyle(text).fontSize);
          const scale = text.ownerSVGElement.getScreenCTM().a;
          return {left: box.left, right: box.right, px: size * scale};
        })"""
    )


def test_labels_can_be_read_at_320_px(browser: Browser, shop: Shop) -> None:
    phone = Phone(browser, shop.url, viewport={"width": 320, "height": 568})
    join(phone, "Sempit")
    phone.page.goto("/wheel")
    found = boxes(phone.page)
    assert len(found) >= 8
    assert min(box["px"] for box in found) >= 12
    assert all(box["left"] >= 0 and box["right"] <= 320 for box in found)
    phone.picture("wheel-320")
    phone.context.close()


def test_reduced_motion_fades_and_the_live_region_speaks_after(
    browser: Browser, shop: Shop
) -> None:
    phone = Phone(browser, shop.url, reduced_motion="reduce")
    join(phone, "Tenang")
    page = phone.page
    page.goto("/wheel")
    assert page.text_content("[data-say]") == ""
    page.click("[data-spin] .btn")
    expect(page.locator(".wheel")).to_have_attribute("data-state", "done", timeout=5_000)
    disc = page.locator(".wheel__disc")
    assert disc.evaluate("disc => getComputedStyle(disc).animationName") == "appear"
    assert disc.evaluate("disc => getComputedStyle(disc).animationDuration") == "0.24s"
    assert "Saldomu sekarang" in (page.text_content("[data-say]") or "")
    phone.context.close()


def test_nothing_is_said_and_nothing_is_added_while_it_turns(phone: Phone) -> None:
    join(phone, "Sabar")
    page = phone.page
    page.goto("/wheel")
    before = page.text_content("[data-balance]")
    page.click("[data-spin] .btn")
    page.wait_for_selector('.wheel[data-state="spin"]')
    page.wait_for_timeout(1000)
    assert (page.text_content("[data-say]"), page.text_content("[data-balance]")) == ("", before)
    expect(page.locator(".wheel")).to_have_attribute("data-state", "done", timeout=15_000)
    assert page.text_content("[data-say]") != ""
    assert page.text_content("[data-balance]") != before
