"""Firefox ESR, for real: it subscribes with our key, decrypts what we send, shows it, and a click
opens the right page. One browser and one shop for all of these tests, in this order.
"""

from __future__ import annotations

import shutil
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.shop import free_port
from tests.conftest import skip_or_fail
from tests.push.autopush import Autopush
from tests.push.conftest import wait_for
from tests.push.running import Running, program, today_in, zone_where_it_is

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("firefox")]
FIREFOX = shutil.which("firefox-esr") or "/usr/bin/firefox-esr"
ZONE = zone_where_it_is(10)
PHONE = "81210000077"


class Fox:
    """One person's Firefox, with one shop open in it."""

    def __init__(self, marionette: Any, url: str) -> None:
        self.marionette, self.url = marionette, url

    def go(self, path: str) -> None:
        self.marionette.navigate(self.url + path)

    def run(self, script: str, *given: object) -> Any:
        """Run an async function's body in the page's own world."""
        wrapped = (
            "const [given, done] = [arguments[0], arguments[arguments.length - 1]];"
            f"(async () => {{ {script} }})().then((r) => done(r), (e) => done('ERROR ' + e));"
        )
        found = self.marionette.execute_async_script(
            wrapped, script_args=(list(given),), sandbox=None, script_timeout=20000
        )
        assert not (isinstance(found, str) and found.startswith("ERROR")), found
        return found

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.run(
                "const f = document.querySelector(`[name=${given[0]}]`);"
                "if (f.type === 'checkbox') f.checked = true; else f.value = given[1];",
                name, value,
            )  # fmt: skip

    def tap(self, selector: str) -> None:
        from marionette_driver import By

        # A greeting may still lie over the button for a few seconds.
        self.run("document.querySelectorAll('.toast').forEach((one) => one.remove())")
        self.marionette.find_element(By.CSS_SELECTOR, selector).click()

    def shown(self) -> list[dict[str, str]]:
        return self.run(
            "const r = await navigator.serviceWorker.ready;"
            "return (await r.getNotifications()).map(({title, body, tag, lang}) =>"
            " ({title, body, tag, lang}));"
        )

    def close_all(self) -> None:
        self.run(
            "const r = await navigator.serviceWorker.ready;"
            "(await r.getNotifications()).forEach((one) => one.close());"
        )

    def path(self) -> str:
        """Where the browser is; "" while it is on its way."""
        from marionette_driver.errors import MarionetteException

        try:
            return self.run("return location.pathname")
        except MarionetteException:
            return ""

    def sees(self, text: str) -> bool:
        from marionette_driver.errors import MarionetteException

        try:
            return text in self.marionette.page_source
        except MarionetteException:
            return False  # between two pages

    def click_notification(self, title: str) -> None:
        """Click the alert that the desktop would show: Firefox's own window for it."""
        with self.marionette.using_context("chrome"):
            clicked = self.marionette.execute_script(
                """
                for (const one of Services.ww.getWindowEnumerator()) {
                  if (!one.location.href.includes("alert.xhtml")) continue;
                  const label = one.document.getElementById("alertTitleLabel");
                  const text = label?.getAttribute("value") || label?.textContent || "";
                  if (text.includes(arguments[0])) {
                    one.onAlertClick();
                    return true;
                  }
                }
                return false;
                """,
                script_args=(title,),
            )
        assert clicked, f"no alert says {title!r}"


@pytest.fixture(scope="module")
def pushed() -> Iterator[Autopush]:
    with Autopush() as running:
        yield running


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, pushed: Autopush) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("firefox-shop"))
    running.apply(program(ZONE))
    for outlet in ("tebet", "kemang"):
        running.setia("stock", "set", "CROISSANT", "0", "--outlet", outlet)
    running.serve()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def fox(shop: Running, pushed: Autopush) -> Iterator[Fox]:
    if not Path(FIREFOX).exists():
        skip_or_fail("Firefox ESR is not installed (apt-get install firefox-esr)")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from marionette_driver.marionette import Marionette

        marionette = Marionette(
            bin=FIREFOX, headless=True, port=free_port(),
            prefs={
                "dom.push.serverURL": f"ws://127.0.0.1:{pushed.port}/",
                "dom.push.testing.allowInsecureServerURL": True,
                "dom.push.connection.enabled": True,
                "permissions.default.desktop-notification": 1,
                "alerts.useSystemBackend": False,
                "intl.accept_languages": "id",
            },
        )  # fmt: skip
        marionette.start_session()
    yield Fox(marionette, shop.url)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        marionette.quit()


def test_join_tap_the_bell_and_hear_of_the_restock(
    fox: Fox, shop: Running, pushed: Autopush
) -> None:
    fox.go("/join")
    birthday = today_in(ZONE).replace(year=1995).date()
    fox.fill(name="Sari", phone=PHONE, password="rahasia-sekali", birthday=str(birthday), promo="1")
    fox.tap("form button[type=submit]")
    wait_for(lambda: fox.path() == "/", most_s=60)
    fox.go("/products/CROISSANT")
    fox.run("await navigator.serviceWorker.ready")
    fox.tap("form[data-push-ask] button")
    wait_for(lambda: fox.sees("Kamu akan dikabari"))
    (channel,) = wait_for(lambda: pushed.live)
    assert channel.vapid.rstrip("=") == shop.setia("push", "keys", "show").split()[2]
    shop.start("worker")
    shop.setia("stock", "set", "CROISSANT", "4", "--outlet", "tebet")
    shown = wait_for(lambda: [n for n in fox.shown() if "Croissant" in n["title"]])
    assert shown[0]["title"] == "Croissant mentega sudah ada lagi"
    assert "Kamu minta dikabari, Sari" in shown[0]["body"]
    assert shown[0]["tag"].startswith("rs-")
    assert shown[0]["lang"] == "id"
    wait_for(lambda: 100 in channel.acks)
    assert 101 not in channel.acks
    assert 102 not in channel.acks


def test_the_birthday_came_by_itself(fox: Fox, pushed: Autopush) -> None:
    shown = wait_for(lambda: [n for n in fox.shown() if n["tag"] == "bday"], most_s=90)
    assert shown[0]["title"] == "Selamat ulang tahun, Sari"


def test_double_points_arrive_when_the_campaign_begins(fox: Fox, shop: Running) -> None:
    shop.apply(program(ZONE, campaign=True))
    shown = wait_for(lambda: [n for n in fox.shown() if n["tag"] == "promo"], most_s=60)
    assert shown[0]["title"] == "Poin ganda mulai sekarang"
    assert shown[0]["body"].startswith("Sari, poinmu 2x sampai pukul ")


@pytest.mark.parametrize(
    ("title", "path"),
    [("Croissant mentega sudah ada lagi", "/products/CROISSANT"), ("Selamat ulang tahun", "/tier")],
)
def test_a_click_opens_the_right_page(fox: Fox, title: str, path: str) -> None:
    fox.go("/missions")
    fox.click_notification(title)
    wait_for(lambda: fox.path() == path)
    wait_for(lambda: not [n for n in fox.shown() if n["title"].startswith(title)])


def test_the_inbox_and_the_owner_know_what_was_shown_and_clicked(fox: Fox, shop: Running) -> None:
    fox.go("/inbox")
    page = fox.marionette.page_source
    for title in ("Croissant mentega sudah ada lagi", "Selamat ulang tahun, Sari", "Poin ganda"):
        assert title in page
    assert "1 belum dibaca" in page  # the two that were clicked are read
    assert "3 accepted, 0 failed" in shop.setia("push", "health")


def send_a_test(fox: Fox) -> None:
    fox.close_all()
    fox.go("/inbox/settings")
    fox.tap("[data-device] form[action$=tests] button")
    wait_for(lambda: fox.sees("Percobaan dikirim"))


def is_shown(fox: Fox) -> bool:
    return any(n["tag"] == "test" for n in fox.shown())


def test_the_test_button_shows_a_test(fox: Fox) -> None:
    send_a_test(fox)
    wait_for(lambda: is_shown(fox))


def test_429_waits_as_long_as_it_is_asked_to(fox: Fox, pushed: Autopush) -> None:
    pushed.answered.clear()
    pushed.script.append((429, {"Retry-After": "4"}))
    began = time.monotonic()
    send_a_test(fox)
    wait_for(lambda: is_shown(fox), most_s=30)
    assert time.monotonic() - began > 3.5
    assert pushed.answered == [429, 201]


def test_500_is_tried_again_and_shown_once(fox: Fox, pushed: Autopush) -> None:
    pushed.answered.clear()
    pushed.script.append((500, {}))
    send_a_test(fox)
    wait_for(lambda: pushed.answered == [500, 201], most_s=75)
    wait_for(lambda: is_shown(fox))
    assert len([n for n in fox.shown() if n["tag"] == "test"]) == 1


def test_an_endpoint_that_is_gone_is_deleted_and_comes_back_with_the_next_visit(
    fox: Fox, shop: Running, pushed: Autopush
) -> None:
    pushed.script.append((410, {}))
    send_a_test(fox)
    wait_for(lambda: "active" not in shop.setia("push", "health"))
    fox.run("sessionStorage.clear()")
    fox.go("/inbox/settings")
    wait_for(lambda: "1 active" in shop.setia("push", "health"))


def test_logging_out_stops_them(fox: Fox, shop: Running, pushed: Autopush) -> None:
    send_a_test(fox)
    wait_for(lambda: is_shown(fox))
    pushed.answered.clear()
    fox.go("/profile")
    fox.tap("form[data-logout] button")
    wait_for(lambda: fox.path() == "/login")
    wait_for(lambda: not pushed.live)  # the browser unregistered it
    assert "active" not in shop.setia("push", "health")
    assert fox.shown() == []
    shop.setia("stock", "set", "CROISSANT", "0", "--outlet", "tebet")
    shop.setia("stock", "set", "CROISSANT", "9", "--outlet", "tebet")
    time.sleep(2)
    assert pushed.answered == []
