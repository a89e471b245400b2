"""A voucher's signature: ours verifies, and nothing else does."""

from __future__ import annotations

import stat
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pwa import outbox
from pwa.push.vapid import unb64
from pwa.rewards import service as rewards
from pwa.rewards import signing
from tests import people
from tests.till.test_till import voucher_of

TEXT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."


@pytest.fixture
def signed(app: Flask) -> str:
    found = rewards.by_code(voucher_of(people.join().id))
    outbox.commit()
    return signing.text_of(found)


def test_a_voucher_says_its_code_end_and_worth_and_the_signature_is_webcryptos(
    app: Flask, signed: str
) -> None:
    """Checked with nothing of ours: the raw public point, r and s of 32 bytes, SHA-256."""
    said, _, signature = signed.rpartition(".")
    raw, point = unb64(signature), unb64(signing.public_key())
    assert (len(raw), len(point), point[0]) == (64, 65, 4)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    halves = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(encode_dss_signature(*halves), said.encode(), ec.ECDSA(SHA256()))
    found = signing.read(signed)
    assert found is not None
    voucher = rewards.by_code(found.code)
    assert (found.reward_code, found.worth_rupiah) == ("kue-kering", 3000)
    assert found.expires_at == voucher.expires_at.replace(microsecond=0)


def test_the_same_voucher_is_the_same_picture_every_time(app: Flask, signed: str) -> None:
    found = signing.read(signed)
    assert found is not None
    signing._sign.cache_clear()
    assert signing.text_of(rewards.by_code(found.code)) == signed


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture],
          deadline=None)  # fmt: skip
@given(data=some.data())
def test_no_character_can_be_changed_added_or_dropped(app: Flask, signed: str, data: Any) -> None:
    place = data.draw(some.integers(0, len(signed) - 1))
    act = data.draw(some.sampled_from(["change", "drop", "add"]))
    letter = data.draw(some.sampled_from(TEXT))
    kept = place if act == "add" else place + 1
    forged = signed[:place] + ("" if act == "drop" else letter) + signed[kept:]
    # The last letter of 86 carries 2 bits of the signature and 4 that base64 ignores.
    if forged == signed or (place == len(signed) - 1 and act == "change"):
        return
    assert signing.read(forged) is None


def test_another_shops_signature_is_a_strangers(app: Flask, signed: str, tmp_path: Any) -> None:
    said = signed.rpartition(".")[0]
    other = str(signing.ensure(tmp_path))
    assert signing.read(signing._sign(other, said)) is None


def test_the_key_is_made_once_and_is_private_to_us(tmp_path: Any) -> None:
    path = signing.ensure(tmp_path)
    before = path.read_bytes()
    assert signing.ensure(tmp_path).read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "SV1", "SV1....", "SV1.KW74F29Q.1.1.x." + "A" * 86,
                                  "SV1.KW74F29Q.1.1.x." + "_" * 86])  # fmt: skip
def test_what_is_not_ours_is_nothing(app: Flask, text: str) -> None:
    assert signing.read(text) is None
