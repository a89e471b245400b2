"""Sealing a message for one browser (RFC 8291), by the package `webpush`.

`webpush` encrypts; everything it gets wrong for us (libraries.md, push.md) is replaced here:
the header is signed once for each push service, and TTL, Urgency and Topic are ours.
"""

from __future__ import annotations

from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from webpush import WebPush, WebPushSubscription
from webpush.types import WebPushKeys

from pwa.push.vapid import HEADER_LIFE_S, Key, Signature, unb64

RECORD_BYTES = 4096
PLAINTEXT_MOST_BYTES = 3993  # one record: 4096 - 86 header - 16 tag - 1 delimiter
POINT_BYTES = 65  # uncompressed P-256
AUTH_BYTES = 16


class Sealed(NamedTuple):
    """What to POST: the body, and the headers that come of sealing it."""

    body: bytes
    headers: dict[str, str]


class Sealer(WebPush):
    """Seals with one VAPID key. Built without files: `webpush` loads its PEM for each message."""

    def __init__(self, key: Key) -> None:
        self.vapid = Signature(key)
        self.max_resord_size = RECORD_BYTES
        self.ttl = 0
        self.expiration = HEADER_LIFE_S
        self.subscriber = key.contact

    def seal(self, plaintext: bytes, endpoint: str, p256dh: str, auth: str) -> Sealed:
        """Encrypt for the browser behind `endpoint` and sign for its push service."""
        assert len(plaintext) <= PLAINTEXT_MOST_BYTES, len(plaintext)
        keys = WebPushKeys(p256dh=p256dh, auth=auth)
        message = self.get(plaintext, WebPushSubscription(endpoint=endpoint, keys=keys))
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": message.headers["authorization"],
        }
        return Sealed(message.encrypted, headers)


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether these can be a subscription's keys: a point on P-256, and 16 bytes."""
    try:
        point, secret = unb64(p256dh), unb64(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == POINT_BYTES and point[0] == 4 and len(secret) == AUTH_BYTES
