"""A voucher's own signature, which a till checks without a network.

What the QR says is SV1.<code>.<end>.<rupiah>.<reward>.<signature>: the voucher's code, the instant
it ends in seconds since 1970 (base 36), what it is worth, and ECDSA on P-256 with SHA-256 over
all before the last dot, as r and s of 32 bytes each in base64url. That is what WebCrypto checks
(`{name: "ECDSA", hash: "SHA-256"}`, W3C Web Cryptography API, section 23). Signing is
deterministic (RFC 6979), so that the same voucher is the same picture every time.

The key is var/till_private.pem, made once; lose it and vouchers on phones need the network.
"""

from __future__ import annotations

import contextlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from flask import current_app

from pwa.members import codes
from pwa.rewards.models import Voucher
from pwa.settings import write_private

FILE = "till_private.pem"
MARK = "SV1"
HALF_BYTES = 32  # of r, and of s
_TEXT = re.compile(
    r"SV1\.([2-9A-HJ-NP-Z]{8})\.([0-9a-z]{1,8})\.(\d{1,10})\.([a-z0-9-]{1,40})\.([\w-]{86})",
    re.ASCII,
)


class Signed(NamedTuple):
    """What a genuine signed voucher says."""

    code: str
    expires_at: datetime
    worth_rupiah: int
    reward_code: str


def ensure(var: Path) -> Path:
    """Make the key (mode 0600) unless it is there; where it is."""
    path = var / FILE
    if not path.exists():
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with contextlib.suppress(FileExistsError):  # another process of ours was first
            write_private(path, pem.decode())
    return path


def public_key() -> str:
    """The uncompressed point (65 bytes, base64url): what WebCrypto imports as "raw"."""
    return _point(_key())


def public_key_of(path: Path) -> str:
    """The public part of a key file, as it lies there now.

    Raises OSError, ValueError, TypeError, AssertionError.
    """
    return _point(_parse(str(path)))


def _point(private: ec.EllipticCurvePrivateKey) -> str:
    public = private.public_key()
    return _b64(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def text_of(voucher: Voucher) -> str:
    """What this voucher's QR says. Worth 0 means that the shop has not said."""
    worth = int(voucher.reward.get("value_rupiah", 0))
    ends = codes.base36(int(voucher.expires_at.timestamp()))
    return _sign(str(_path()), f"{MARK}.{voucher.code}.{ends}.{worth}.{voucher.reward_code}")


def read(text: str) -> Signed | None:
    """What a signed voucher says; None if it is not one, or not of our making."""
    found = _TEXT.fullmatch(text)
    if found is None or not _is_ours(text):
        return None
    code, ends, worth, reward_code, _ = found.groups()
    return Signed(code, datetime.fromtimestamp(int(ends, 36), UTC), int(worth), reward_code)


def _is_ours(text: str) -> bool:
    said, _, signature = text.rpartition(".")
    raw = urlsafe_b64decode(signature + "==")
    halves = (int.from_bytes(raw[:HALF_BYTES], "big"), int.from_bytes(raw[HALF_BYTES:], "big"))
    try:
        der = encode_dss_signature(*halves)
        _key().public_key().verify(der, said.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _sign(path: str, said: str) -> str:
    algorithm = ec.ECDSA(SHA256(), deterministic_signing=True)
    halves = decode_dss_signature(_load(path).sign(said.encode(), algorithm))
    return f"{said}.{_b64(b''.join(half.to_bytes(HALF_BYTES, 'big') for half in halves))}"


def _key() -> ec.EllipticCurvePrivateKey:
    return _load(str(_path()))


def _path() -> Path:
    return ensure(current_app.config["SETIA"].var)


@lru_cache(maxsize=4)
def _load(path: str) -> ec.EllipticCurvePrivateKey:
    return _parse(path)


def _parse(path: str) -> ec.EllipticCurvePrivateKey:
    private = load_pem_private_key(Path(path).read_bytes(), password=None)
    assert isinstance(private, ec.EllipticCurvePrivateKey), f"{path} is not an EC key"
    return private


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
