"""The message itself: read by our service worker, and by Declarative Web Push."""

from __future__ import annotations

import hmac
import json
from typing import Any

from pwa.push.encryption import PLAINTEXT_MOST_BYTES
from pwa.push.kinds import Words
from pwa.push.vapid import b64

VERSION = 8030
AIM_BYTES = 2000  # bridged services cap near 2,744
TITLE_MOST, BODY_MOST = 100, 400
ACTIONS_MOST = 2
PROOF_BYTES = 9


def of(
    words: Words, *, public_url: str, language: str, tag: str | None, unread: int, id_: str
) -> bytes:
    """The plaintext: at most one record, by leaving out the image, then words, if it must."""
    notification: dict[str, Any] = {
        "title": words.title[:TITLE_MOST],
        "body": words.body[:BODY_MOST],
        "navigate": public_url + words.path,
        "lang": language,
        "app_badge": str(unread),
        "data": {"id": id_},
    }
    if tag:
        notification["tag"] = tag
    if words.image:
        notification["image"] = public_url + words.image
    if words.actions:
        notification["actions"] = [
            {"action": a.name, "title": str(a.title), "navigate": public_url + a.path}
            for a in words.actions[:ACTIONS_MOST]
        ]
    return _fitting(notification, unread)


def smallest(words: Words, *, public_url: str) -> bytes:
    """Title and navigate only, for a push service that finds the message too large."""
    return _dumped({"title": words.title[:TITLE_MOST], "navigate": public_url + words.path}, None)


def proof(secret: str, delivery_id: int) -> str:
    """The delivery's id as the phone gives it back: only who got the message can say it."""
    mac = hmac.digest(secret.encode(), f"push beacon {delivery_id}".encode(), "sha256")
    return f"{delivery_id}.{b64(mac[:PROOF_BYTES])}"


def proven(secret: str, text: str) -> int | None:
    """The delivery that `text` proves to have got; None for a forgery."""
    number, _, _ = text.partition(".")
    if not (number.isdecimal() and number.isascii() and len(number) < 19):
        return None
    return int(number) if hmac.compare_digest(proof(secret, int(number)), text) else None


def _fitting(notification: dict[str, Any], unread: int) -> bytes:
    made = _dumped(notification, unread)
    for name in ("image", "actions"):
        if len(made) > AIM_BYTES and notification.pop(name, None):
            made = _dumped(notification, unread)
    assert len(made) <= PLAINTEXT_MOST_BYTES, len(made)
    return made


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _dumped(notification: dict[str, Any], unread: int | None) -> bytes:
    message: dict[str, Any] = {"web_push": VERSION, "notification": notification, "mutable": True}
    if unread is not None:
        message["app_badge"] = unread
    return _encode(message).encode()
