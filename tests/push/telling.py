"""Members with a phone, and what was said to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pwa import outbox
from pwa.members.models import Member
from pwa.push import inbox
from pwa.shop import stock
from tests.people import join
from tests.push.conftest import commit, subscribe
from tests.push.service import Browser, PushService

LANGUAGES = ("id", "en", "jv", "su")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def member_with_phone(
    service: PushService, name: str = "Sari", **facts: Any
) -> tuple[Member, Browser]:
    member = join(name)
    for field, value in facts.items():
        setattr(member, field, value)
    commit()
    browser = service.browser()
    subscribe(member.id, browser)
    return member, browser


def said(service: PushService, browser: Browser) -> list[str]:
    return [browser.read(m)["notification"]["title"] for m in service.to(browser)]


def titles(member: Member) -> list[str]:
    return [item.words.title for item in inbox.page(member).items]


def empty_shelves(sku: str = "CROISSANT") -> None:
    for outlet in stock.pieces_of(sku):
        stock.set_pieces(sku, outlet, 0)
    outbox.commit()
