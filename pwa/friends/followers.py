"""Joining and buying, as those who invited hear of it."""

from __future__ import annotations

from pwa import outbox
from pwa.friends import service


def _joined(told: outbox.Event) -> None:
    if told.member_id is not None:
        service.joined(told.member_id, str(told.data.get("via", "")))


def _bought(told: outbox.Event) -> None:
    if told.member_id is not None:
        service.bought(told.member_id, int(told.data.get("amount_rupiah", 0)))


FOLLOWS = {
    "member.joined": _joined,
    "purchase.recorded": _bought,
    "purchase.claimed": _bought,
}
