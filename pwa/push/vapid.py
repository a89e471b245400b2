"""VAPID (RFC 8292): whose messages these are. Keys live in `var`, never in the code or database.

`var/vapid_private.pem` is the key that new subscriptions are made with. Rotating moves it to
`var/vapid_old/<key id>.pem`: a push service takes a message only from the key its
subscription was made with, so old keys sign until their last subscription has renewed.
"""

from __future__ import annotations

import contextlib
import os
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from webpush.vapid import VAPID

from pwa.clock import now
from pwa.settings import Settings, write_private

FILE = "vapid_private.pem"
OLD = "vapid_old"
HEADER_LIFE_S = 12 * 3600 - 600  # RFC 8292 allows 24 h; services differ, so stay under 12 h
RENEW_BEFORE_S = 3600
KEY_ID_CHARS = 12
# Where there is no public https address (development), nobody could write to us anyway.
NO_CONTACT = "mailto:push@example.com"


class NoKeys(Exception):
    """There is no VAPID key yet: `setia init` (or `setia push keys show`) makes one."""


def b64(raw: bytes) -> str:
    """base64url without padding, as all of Web Push writes bytes."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of base64url `text`, padded or not. Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """One VAPID key pair and the headers it has signed, one for each push origin."""

    private: ec.EllipticCurvePrivateKey
    contact: str  # `sub`: a real mailto: or https:, or Apple answers 403
    public: str = field(init=False)  # applicationServerKey, base64url
    id: str = field(init=False)
    _headers: dict[str, tuple[str, float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.public = b64(
            self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        )
        self.id = key_id(self.public)

    def header(self, endpoint: str) -> str:
        """The Authorization header for the push service behind `endpoint`, signed once in hours."""
        return self.header_for(origin(endpoint))

    def header_for(self, audience: str) -> str:
        """The same, for its origin."""
        seconds = now().timestamp()
        known = self._headers.get(audience)
        if known is None or known[1] - seconds < RENEW_BEFORE_S:
            expires = int(seconds) + HEADER_LIFE_S
            known = (f"vapid t={self.token(audience, expires)}, k={self.public}", expires)
            self._headers[audience] = known
        return known[0]

    def token(self, audience: str, expires: int) -> str:
        """The signed claims of RFC 8292, section 2; `expires` in seconds since 1970."""
        claims = {"aud": audience, "exp": expires, "sub": self.contact}
        return jwt.encode(claims, self.private, algorithm="ES256")


class Signature(VAPID):
    """What `webpush` asks for a header: ours, cached, with the port in `aud` (its own drops it)."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def get_authorization_header(self, endpoint: Any, subscriber: str, expiration: int) -> str:
        default = {"https": 443, "http": 80}.get(endpoint.scheme)
        port = "" if endpoint.port == default else f":{endpoint.port}"
        return self.key.header_for(f"{endpoint.scheme}://{endpoint.host}{port}")


def key_id(public: str) -> str:
    """Which key this is, in 12 letters: kept with each subscription, shown as the fingerprint."""
    return sha256(unb64(public)).hexdigest()[:KEY_ID_CHARS]


def origin(endpoint: str) -> str:
    """Scheme, host and any non-default port of `endpoint`: the `aud` of RFC 8292."""
    parts = urlsplit(endpoint)
    default = {"https": 443, "http": 80}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def ensure(var: Path) -> str:
    """Make var/vapid_private.pem (mode 0600) unless it is there; the public key, base64url."""
    path = var / FILE
    if not path.exists():
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with contextlib.suppress(FileExistsError):  # another process of ours was first
            write_private(path, pem.decode())
    return Key(_read(path), NO_CONTACT).public


def public_key(settings: Settings) -> str:
    """The applicationServerKey that browsers subscribe with, base64url. Raises NoKeys."""
    return current(settings).public


def rotate(settings: Settings) -> str:
    """A new key for new subscriptions; the old one keeps signing for the old. The public key."""
    old = current(settings)
    kept = settings.var / OLD / f"{old.id}.pem"
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    os.replace(settings.var / FILE, kept)
    public = ensure(settings.var)
    forget_cached()
    return public


def forget(settings: Settings, id_: str) -> None:
    """Delete an old key: nobody is subscribed with it any more."""
    (settings.var / OLD / f"{id_}.pem").unlink(missing_ok=True)
    forget_cached()


def current(settings: Settings) -> Key:
    """The key for new subscriptions. Raises NoKeys."""
    return next(iter(keys(settings).values()))


_lock = threading.Lock()
_cache: dict[tuple[Path, int], dict[str, Key]] = {}


def keys(settings: Settings) -> dict[str, Key]:
    """Every key we hold by its id, the current one first. Raises NoKeys.

    Read again when the file changed: a worker that runs for weeks must see a rotation.
    """
    try:
        stamp = (settings.var, (settings.var / FILE).stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise NoKeys(f"{settings.var / FILE} is missing; run: setia init") from error
    with _lock:
        if stamp not in _cache:
            _cache.clear()
            _cache[stamp] = _load(settings)
        return _cache[stamp]


def old_ids(settings: Settings) -> list[str]:
    """The ids of the keys that still sign for older subscriptions."""
    return list(keys(settings))[1:]


def forget_cached() -> None:
    with _lock:
        _cache.clear()


def contact(settings: Settings) -> str:
    """Who runs this shop: its own https address, which push services may ask to see."""
    return settings.public_url if settings.public_url.startswith("https://") else NO_CONTACT


def _load(settings: Settings) -> dict[str, Key]:
    paths = [settings.var / FILE, *sorted((settings.var / OLD).glob("*.pem"))]
    loaded = (Key(_read(path), contact(settings)) for path in paths)
    return {key.id: key for key in loaded}


def _read(path: Path) -> ec.EllipticCurvePrivateKey:
    private = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(private, ec.EllipticCurvePrivateKey), f"{path} is not an EC key"
    return private
