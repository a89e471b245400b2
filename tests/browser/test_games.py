"""The wheel and the quiz in a real browser: in the middle, at the end, reloaded, used up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import join
from tests.browser.shop import Phone, Shop
from tests.conftest import DEMO

BARE = """
[[quizzes]]
code = "urut"
name = "Kuis urut"
ask = 1
seconds_per_question = 8

[[quizzes.questions]]
code = "tubruk"
kind = "order"
text = "Bagaimana urutannya?"
explanation = "Bubuk, air, aduk."
options = ["Masukkan bubuk", "Tuang air", "Aduk"]
"""

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop with one quiz of steps against the clock, and no wheel."""
    folder = tmp_path_factory.mktemp("bare")
    running = Shop(folder)
    demo = DEMO.read_text("utf-8")
    demo = re.sub(r"(?ms)^\[\[(wheels|quizzes)(\.\w+)?\]\].*?(?=^\[|\Z)", "", demo)
    (folder / "bare.toml").write_text(demo + BARE)
    running.setia("program", "apply", str(folder / "bare.toml"))
    yield running
    running.stop()


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
    page.wait_for_timeout(800)  # one page fades into the other
    phone.picture("quiz-end")


def test_the_quiz_clock_runs_down_and_the_server_says_when_it_is_over(
    browser: Browser, bare: Shop
) -> None:
    phone = Phone(browser, bare.url)
    join(phone, "Lambat")
    page = phone.page
    page.goto("/quiz")
    page.click("form[action='/quiz/attempts'] .btn")
    first = int(page.text_content("[data-seconds]") or "")
    page.wait_for_timeout(2200)
    later = int(page.text_content("[data-seconds]") or "")
    assert first - 4 <= later < first
    phone.picture("quiz-clock")
    expect(page.locator(".quiz")).to_contain_text("Waktunya habis untuk soal ini.", timeout=15_000)
    phone.picture("quiz-late")
    phone.context.close()


def test_steps_are_moved_by_keyboard_and_by_touch_and_without_a_script_by_selects(
    browser: Browser, bare: Shop
) -> None:
    phone = Phone(browser, bare.url)
    join(phone, "Urut")
    page = phone.page
    page.goto("/quiz")
    page.click("form[action='/quiz/attempts'] .btn")
    steps = page.locator("[data-step]")
    before = steps.all_text_contents()
    page.locator("[data-move='1']").first.focus()
    page.keyboard.press("Enter")
    assert steps.all_text_contents() == [before[1], before[0], *before[2:]]
    assert page.text_content("[data-told]") == f"{before[0]}: sekarang nomor 2"
    page.locator("li:nth-child(2) [data-move='-1']").tap()
    assert steps.all_text_contents() == before
    phone.picture("quiz-steps")
    values = [i.get_attribute("value") for i in page.locator(".steps input").all()]
    with page.expect_request("**/answers") as sent:
        page.click(".stage__foot .btn")
    assert [f"answer={value}" for value in values] == [
        part for part in (sent.value.post_data or "").split("&") if part.startswith("answer")
    ]
    expect(page.locator(".why")).to_be_visible()
    phone.context.close()


def test_steps_without_a_script_are_selects(browser: Browser, bare: Shop) -> None:
    phone = Phone(browser, bare.url, java_script_enabled=False)
    join(phone, "Polos")
    page = phone.page
    page.goto("/quiz")
    page.click("form[action='/quiz/attempts'] .btn")
    expect(page.locator(".steps")).to_be_hidden()
    for n in range(3):
        page.locator("select[name=answer]").nth(n).select_option(index=n + 1)
    page.click(".stage__foot .btn")
    expect(page.locator(".why")).to_be_visible()
    phone.context.close()


def test_a_shop_without_a_wheel_says_so_and_leads_on(browser: Browser, bare: Shop) -> None:
    phone = Phone(browser, bare.url)
    join(phone, "Kosong")
    answer = phone.page.goto("/wheel")
    assert answer is not None
    assert answer.status == 404
    expect(phone.page.locator("main")).to_contain_text("Roda belum dipasang")
    phone.picture("wheel-none")
    phone.errors.clear()  # the browser notes the 404
    phone.context.close()


def test_a_scratch_card_from_covered_to_used_up(phone: Phone) -> None:
    join(phone, "Gosok")
    page = phone.page
    page.goto("/games/scratch")
    phone.picture("scratch-new")
    page.click("form[action$=plays] .btn")
    page.locator(".scratch__field").first.click()
    page.wait_for_timeout(500)
    phone.picture("scratch-middle")
    page.click(".stage__foot a.btn >> text=Buka semua")
    expect(page.locator("#hasil")).to_be_visible()
    page.wait_for_timeout(500)
    phone.picture("scratch-end")
    page.goto("/games/scratch")
    expect(page.locator(".stage__foot .btn")).to_be_disabled()
    phone.picture("scratch-used")
