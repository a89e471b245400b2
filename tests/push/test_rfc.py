"""Known answers of RFC 8291 (encryption) and RFC 8292 (VAPID), against the code that sends."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
import webpush
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pwa import clock
from pwa.push import vapid
from pwa.push.encryption import PLAINTEXT_MOST_BYTES, Sealer, are_keys
from pwa.push.vapid import Key, b64, unb64
from tests.conftest import NOON
from tests.push.service import Browser

RFC: dict[str, Any] = json.loads((Path(__file__).parent / "rfc8291.json").read_text())


def private(scalar: str, public: str) -> ec.EllipticCurvePrivateKey:
    key = ec.derive_private_key(int.from_bytes(unb64(scalar), "big"), ec.SECP256R1())
    raw = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert b64(raw) == public
    return key


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The RFC's own salt and server key go in; every value on the way is written down."""
    values: dict[str, str] = {}
    server = private(RFC["as_private"], RFC["as_public"])

    class WatchedKey:
        def public_key(self) -> ec.EllipticCurvePublicKey:
            return server.public_key()

        def exchange(self, algorithm: ec.ECDH, peer: ec.EllipticCurvePublicKey) -> bytes:
            secret = server.exchange(algorithm, peer)
            values["ecdh_secret"] = b64(secret)
            return secret

    class WatchedHkdf:
        def __init__(self, *, salt: bytes, info: bytes, length: int, **rest: Any) -> None:
            self.salt, self.info = salt, info
            self.real = HKDF(salt=salt, info=info, length=length, algorithm=rest["algorithm"])

        def derive(self, secret: bytes) -> bytes:
            names = {b"WebPush": ("prk_key", "ikm"), b"Content-Encoding: a": ("prk", "cek"),
                     b"Content-Encoding: n": ("prk", "nonce")}  # fmt: skip
            extract, expand = next(v for k, v in names.items() if self.info.startswith(k))
            out = self.real.derive(secret)
            values[extract] = b64(hmac.digest(self.salt, secret, "sha256"))
            values[expand] = b64(out)
            return out

    def watched_cipher(key: bytes) -> AESGCM:
        values["cipher_key"] = b64(key)
        return AESGCM(key)

    monkeypatch.setattr(webpush.os, "urandom", lambda count: unb64(RFC["salt"])[:count])
    monkeypatch.setattr(webpush.ec, "generate_private_key", lambda *_: WatchedKey())
    monkeypatch.setattr(webpush, "HKDF", WatchedHkdf)
    monkeypatch.setattr(webpush, "AESGCM", watched_cipher)
    return values


def test_every_value_of_rfc_8291_appendix_a(seen: dict[str, str]) -> None:
    key = Key(ec.derive_private_key(7, ec.SECP256R1()), "https://kopikawan.example")
    sealed = Sealer(key).seal(
        unb64(RFC["plaintext"]), "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        RFC["ua_public"], RFC["auth_secret"],
    )  # fmt: skip
    for name in ("ecdh_secret", "prk_key", "ikm", "prk", "cek", "nonce"):
        assert seen[name] == RFC[name], name
    assert seen["cipher_key"] == RFC["cek"]
    assert len(sealed.body) == RFC["body_bytes"]
    assert b64(sealed.body) == RFC["body"]
    assert sealed.headers["Content-Encoding"] == "aes128gcm"


def test_the_rfcs_browser_reads_the_rfcs_message() -> None:
    browser = Browser(
        "https://push.example.net/x", private(RFC["ua_private"], RFC["ua_public"]),
        unb64(RFC["auth_secret"]),
    )  # fmt: skip
    assert browser.open(unb64(RFC["body"])) == unb64(RFC["plaintext"])
    assert browser.p256dh == RFC["ua_public"]


@pytest.mark.parametrize("size", [0, 1, 500, PLAINTEXT_MOST_BYTES])
def test_a_browser_reads_what_we_seal_up_to_one_record(size: int) -> None:
    browser = Browser("https://updates.push.services.mozilla.com/wpush/v2/x")
    key = Key(ec.generate_private_key(ec.SECP256R1()), "https://kopikawan.example")
    message = b"k" * size
    sealed = Sealer(key).seal(message, browser.endpoint, browser.p256dh, browser.auth)
    assert browser.open(sealed.body) == message
    assert len(sealed.body) <= 4096


def test_two_messages_share_no_salt_and_no_key() -> None:
    browser = Browser("https://fcm.googleapis.com/fcm/send/x")
    sealer = Sealer(Key(ec.generate_private_key(ec.SECP256R1()), "https://kopikawan.example"))
    one, two = (sealer.seal(b"x", browser.endpoint, browser.p256dh, browser.auth) for _ in "12")
    assert one.body[:16] != two.body[:16]
    assert one.body[21:86] != two.body[21:86]


def test_the_example_token_of_rfc_8292_verifies_with_its_key() -> None:
    example = RFC["vapid_example"]
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(example["k"]))
    claims = jwt.decode(
        example["t"], point, algorithms=["ES256"], audience=example["claims"]["aud"],
        options={"verify_exp": False},
    )  # fmt: skip
    assert claims == example["claims"]


def test_our_token_makes_the_claims_of_rfc_8292() -> None:
    key = Key(ec.generate_private_key(ec.SECP256R1()), "mailto:push@example.com")
    claims = RFC["vapid_example"]["claims"]
    token = key.token(claims["aud"], claims["exp"])
    head, body, signature = token.split(".")
    example_head, example_body, _ = RFC["vapid_example"]["t"].split(".")
    assert json.loads(unb64(head)) == json.loads(unb64(example_head))
    assert json.loads(unb64(body)) == json.loads(unb64(example_body))
    assert len(unb64(signature)) == 64  # JWS, not DER
    decoded = jwt.decode(
        token, key.private.public_key(), ["ES256"], audience=claims["aud"],
        options={"verify_exp": False},
    )  # fmt: skip
    assert decoded == claims


def test_a_header_is_signed_once_for_each_push_service_and_renewed_in_time() -> None:
    key = Key(ec.generate_private_key(ec.SECP256R1()), "https://kopikawan.example")
    with clock.at(NOON):
        first = key.header("https://fcm.googleapis.com/fcm/send/a")
        assert key.header("https://fcm.googleapis.com/fcm/send/b") is first
        assert key.header("http://127.0.0.1:9/a") != first
    claims = jwt.decode(first.split("t=")[1].split(",")[0], options={"verify_signature": False})
    assert claims["aud"] == "https://fcm.googleapis.com"
    assert 0 < claims["exp"] - NOON.timestamp() <= 12 * 3600
    assert first.endswith(f"k={key.public}")
    with clock.at(NOON.replace(hour=NOON.hour + 11)):
        assert key.header("https://fcm.googleapis.com/fcm/send/a") != first


@pytest.mark.parametrize(
    ("endpoint", "audience"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", "https://fcm.googleapis.com"),
        ("https://push.example.net:443/x", "https://push.example.net"),
        ("http://127.0.0.1:8081/wpush/v2/x", "http://127.0.0.1:8081"),
    ],
)
def test_the_audience_keeps_a_port_that_is_not_the_usual(endpoint: str, audience: str) -> None:
    assert vapid.origin(endpoint) == audience


def test_keys_of_the_wrong_length_or_off_the_curve_are_no_keys() -> None:
    browser = Browser("https://x.example/y")
    off_curve = b64(b"\x04" + b"\x01" * 64)
    compressed = b64(
        browser.key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    )
    assert are_keys(browser.p256dh, browser.auth)
    assert not are_keys(off_curve, browser.auth)
    assert not are_keys(compressed, browser.auth)
    assert not are_keys(browser.p256dh[:-4], browser.auth)
    assert not are_keys(browser.p256dh, b64(b"x" * 15))
    assert not are_keys("é", "ü")
