"""Chromium by CDP: the worker's handlers under every odd payload, clicks, the badge, offline.

A real subscribe() needs Google's service, so deliveries come through DevTools here; Firefox does
the real thing (test_firefox.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.shop import CHROMIUM, PHONE
from tests.conftest import skip_or_fail
from tests.push.conftest import wait_for
from tests.push.running import Running, program

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("push-chromium")]
ODD = ["", "not json", "{}", "[]", "null", '"text"', "5", '{"notification":null}',
       '{"notification":[]}', '{"notification":{"title":""}}', '{"notification":{"title":7}}',
       '{"notification":{"title":"a","actions":"x","data":null,"app_badge":"x"}}',
       '{"notification":{"title":"a","actions":[null,{"action":1}],"data":"x"}}']  # fmt: skip


class Chrome:
    """A persistent profile with the shop's worker installed, and its DevTools."""

    def __init__(self, context: Any, url: str) -> None:
        self.context, self.url = context, url
        context.grant_permissions(["notifications"], origin=url)
        self.page = context.new_page()
        self.page.goto(url + "/join")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        self.page.reload()
        self.cdp = context.new_cdp_session(self.page)
        self.cdp.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self.registration = ""
        self.cdp.send("ServiceWorker.enable")
        wait_for(self._has_registration)
        wait_for(self._is_warm)

    def _is_warm(self) -> bool:
        """DevTools drops a first push now and then, while the worker is still waking."""
        self.push(message(tag="warm"))
        self.page.wait_for_timeout(500)
        return bool(self.shown())

    def _registered(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            self.registration = one["registrationId"]

    def _has_registration(self) -> str:
        self.page.wait_for_timeout(50)
        return self.registration

    def push(self, data: str) -> None:
        self.cdp.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self.url, "registrationId": self.registration, "data": data},
        )

    def shown(self) -> list[dict[str, Any]]:
        return self.page.evaluate(
            "navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) =>"
            " all.map(({title, body, tag, data, actions}) => ({title, body, tag, data,"
            " actions: (actions || []).map((one) => one.title)})))"
        )

    def close_all(self) -> None:
        self.page.evaluate(
            "navigator.serviceWorker.ready.then((r) => r.getNotifications())"
            ".then((all) => all.forEach((one) => one.close()))"
        )

    def worker(self) -> Any:
        return self.context.service_workers[0]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("chromium-shop"))
    running.apply(program("Asia/Jakarta"))
    running.serve()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chrome(shop: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    if not Path(CHROMIUM).exists():
        skip_or_fail("Chromium is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path_factory.mktemp("profile")), executable_path=CHROMIUM,
            args=["--no-sandbox"], viewport=PHONE, locale="id-ID",
        )  # fmt: skip
        yield Chrome(context, shop.url)
        context.close()


@pytest.fixture(autouse=True)
def _clean(chrome: Chrome) -> None:
    chrome.context.set_offline(False)
    chrome.close_all()


@pytest.mark.parametrize("data", ODD)
def test_whatever_comes_something_is_shown(chrome: Chrome, data: str) -> None:
    chrome.push(data)
    (shown,) = wait_for(lambda: _after(chrome))
    assert shown["title"]
    assert "undefined" not in shown["title"] + (shown["body"] or "")


def _after(chrome: Chrome) -> list[dict[str, Any]]:
    chrome.page.wait_for_timeout(30)
    return chrome.shown()


def message(**more: Any) -> str:
    notification = {
        "title": "Poin ganda mulai sekarang", "body": "Sari, poinmu 2x.", "tag": "promo",
        "navigate": "/login", "lang": "id", "app_badge": "3", **more,
    }  # fmt: skip
    return json.dumps({"web_push": 8030, "notification": notification, "app_badge": 3})


def test_a_notice_is_shown_with_its_words_and_two_actions(chrome: Chrome) -> None:
    actions = [
        {"action": a, "title": a.title(), "navigate": f"/{a}"} for a in ("satu", "dua", "tiga")
    ]
    chrome.push(message(actions=actions))
    (shown,) = wait_for(lambda: _after(chrome))
    assert (shown["title"], shown["tag"]) == ("Poin ganda mulai sekarang", "promo")
    assert shown["actions"] == ["Satu", "Dua"]


def test_a_second_one_with_the_same_tag_replaces_the_first(chrome: Chrome) -> None:
    chrome.push(message())
    wait_for(lambda: _after(chrome))
    chrome.push(message(title="Tinggal sebentar"))
    wait_for(lambda: [n for n in _after(chrome) if n["title"] == "Tinggal sebentar"])
    assert len(chrome.shown()) == 1


def test_it_is_shown_without_a_signal(chrome: Chrome) -> None:
    chrome.context.set_offline(True)
    chrome.push(message(data={"id": "1.x"}))  # the beacon can't be sent, and that is all right
    (shown,) = wait_for(lambda: _after(chrome))
    assert shown["title"] == "Poin ganda mulai sekarang"


CLICK = """
async ([title, action]) => {
  const all = await self.registration.getNotifications();
  const notification = all.find((one) => one.title === title);
  const opened = [];
  const real = self.clients.openWindow;
  self.clients.openWindow = async (url) => { opened.push(url); return null; };
  const seen = [];
  const match = self.clients.matchAll.bind(self.clients);
  self.clients.matchAll = async (options) => (await match(options)).map((one) => ({
    url: one.url,
    focus: async () => { seen.push("focus"); return {
      url: one.url, navigate: async (url) => { seen.push("navigate " + url); return one; } }; },
  }));
  const waits = [];
  const event = new NotificationEvent("notificationclick", { notification, action });
  event.waitUntil = (one) => waits.push(one);
  self.dispatchEvent(event);
  await Promise.all(waits);
  self.clients.openWindow = real;
  delete self.clients.matchAll;
  return { opened, seen };
}
"""


def click(chrome: Chrome, title: str, action: str = "") -> dict[str, list[str]]:
    return chrome.worker().evaluate(CLICK, [title, action])


def test_a_click_focuses_an_open_window_and_then_navigates(chrome: Chrome) -> None:
    chrome.push(message())
    wait_for(lambda: _after(chrome))
    happened = click(chrome, "Poin ganda mulai sekarang")
    assert happened == {"opened": [], "seen": ["focus", f"navigate {chrome.url}/login"]}
    wait_for(lambda: not _after(chrome))


def test_an_action_leads_to_its_own_page_and_never_elsewhere(chrome: Chrome) -> None:
    actions = [{"action": "a", "title": "A", "navigate": "/terms"},
               {"action": "b", "title": "B", "navigate": "https://evil.example/x"}]  # fmt: skip
    chrome.push(message(actions=actions))
    wait_for(lambda: _after(chrome))
    assert click(chrome, "Poin ganda mulai sekarang", "a")["seen"][1].endswith("/terms")
    chrome.push(message(actions=actions))
    wait_for(lambda: _after(chrome))
    assert click(chrome, "Poin ganda mulai sekarang", "b")["seen"][1] == f"navigate {chrome.url}"


def test_a_click_opens_a_window_where_there_is_none(chrome: Chrome) -> None:
    chrome.push(message())
    wait_for(lambda: _after(chrome))
    opened = chrome.worker().evaluate(
        "async () => { const match = self.clients.matchAll; self.clients.matchAll = async () => [];"
        " const real = self.clients.openWindow; const seen = [];"
        " self.clients.openWindow = async (url) => { seen.push(url); };"
        " const [notification] = await self.registration.getNotifications(); const waits = [];"
        " const event = new NotificationEvent('notificationclick', { notification });"
        " event.waitUntil = (one) => waits.push(one); self.dispatchEvent(event);"
        " await Promise.all(waits); self.clients.openWindow = real; delete self.clients.matchAll;"
        " return seen; }"
    )
    assert opened == [f"{chrome.url}/login"]


def test_the_badge_counts_and_never_stands_in_the_way(chrome: Chrome) -> None:
    worker = chrome.worker()
    worker.evaluate(
        "() => { self.counts = []; self.navigator.setAppBadge = async (n) => self.counts.push(n); }"
    )
    chrome.push(message())
    wait_for(lambda: _after(chrome))
    assert worker.evaluate("() => self.counts") == [3]
    worker.evaluate("() => { self.navigator.setAppBadge = () => { throw new Error('no'); }; }")
    chrome.push(message(tag="other", title="Masih tampil"))
    wait_for(lambda: [n for n in _after(chrome) if n["title"] == "Masih tampil"])
