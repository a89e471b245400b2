"""The wheel and the quiz in a real browser: in the middle, at the end, reloaded, used up."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import join
from tests.browser.shop import Phone, Shop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_wheel_stops_where_the_server_said_and_the_balance_moves_then(phone: Phone) -> None:
    join(phone, "Rara")
    page = phone.page
    page.goto("/wheel")
    before = page.text_content("[data-balance]")
    with page.expect_response("**/wheel/spins") as told:
        page.click("[data-spin] .btn")
    said = told.value.json()
    page.wait_for_timeout(1500)
    assert page.text_content("[data-balance]") == before
    phone.picture("wheel-middle")
    expect(page.locator("#hasil")).to_be_visible(timeout=15_000)
    expect(page.locator("#hasil")).to_contain_text(said["prize_text"])
    won = page.locator(".wheel__slice").nth(said["slice"])
    expect(won).to_have_class("wheel__slice is-won")
    assert page.text_content("[data-say]") == said["say"]
    phone.picture("wheel-end")
    page.goto("/wheel")
    expect(page.locator("[data-spin] .btn")).to_be_disabled()
    phone.picture("wheel-used")


def test_a_reload_in_the_middle_shows_the_same_result(phone: Phone) -> None:
    join(phone, "Dina")
    page = phone.page
    page.goto("/wheel")
    with page.expect_response("**/wheel/spins") as told:
        page.click("[data-spin] .btn")
    said = told.value.json()
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator("#hasil")).to_contain_text(said["prize_text"])
    expect(page.locator(".wheel")).to_have_attribute("data-state", "done")


def test_with_reduced_motion_the_result_is_there_at_once(browser: Browser, shop: Shop) -> None:
    phone = Phone(browser, shop.url, reduced_motion="reduce", color_scheme="dark")
    join(phone, "Wati")
    phone.page.goto("/wheel")
    phone.page.click("[data-spin] .btn")
    expect(phone.page.locator("#hasil")).to_be_visible(timeout=3_000)
    phone.picture("wheel-end-dark")
    phone.context.close()


def test_a_quiz_from_beginning_to_end(phone: Phone) -> None:
    join(phone, "Lina")
    page = phone.page
    page.goto("/quiz")
    phone.picture("quiz-begin")
    page.click("form[action='/quiz/attempts'] .btn")
    for place in range(3):
        expect(page.locator(".topbar__title")).to_have_text(f"Soal {place + 1} dari 3")
        page.locator(".answer").first.click()
        page.wait_for_timeout(2500)  # faster than reading would be held for the owner
        phone.picture(f"quiz-question-{place + 1}")
        page.click(".stage__foot .btn")
        expect(page.locator(".why")).to_be_visible()
        phone.picture(f"quiz-answered-{place + 1}")
        page.click(".why .btn")
    expect(page.locator("#hasil")).to_be_visible()
    phone.picture("quiz-end")
