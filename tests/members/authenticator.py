"""An authenticator in software: makes passkeys and signs with them, as a phone would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def _secret() -> bytes:
    return secrets.token_bytes(16)


@dataclass
class Authenticator:
    """One passkey on one device, at the site that `origin` names."""

    origin: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    credential_id: bytes = field(default_factory=_secret)

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.handle = b""

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """What navigator.credentials.create(options) gives."""
        self.handle = base64url_to_bytes(options["user"]["id"])
        data = self._data(options["rp"]["id"], ATTESTED) + self._attested()
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options["challenge"]),
            attestationObject=encode_cbor(attestation),
            transports=["internal", "hybrid"],
        )

    def log_in(self, options: dict[str, Any]) -> dict[str, Any]:
        """What navigator.credentials.get(options) gives."""
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(options["rpId"])
        signed = data + hashlib.sha256(client).digest()
        return self._answer(
            clientDataJSON=client,
            authenticatorData=data,
            signature=self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.handle,
        )

    def _data(self, rp_id: str, more: int = 0) -> bytes:
        self.count += 1
        flags = bytes([self.flags | more])
        return hashlib.sha256(rp_id.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def _attested(self) -> bytes:
        at = self.key.public_key().public_numbers()
        x, y = at.x.to_bytes(32, "big"), at.y.to_bytes(32, "big")
        cose = encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        return bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, **response: Any) -> dict[str, Any]:
        plain = {
            name: bytes_to_base64url(value) if isinstance(value, bytes) else value
            for name, value in response.items()
        }
        id_ = bytes_to_base64url(self.credential_id)
        return {"id": id_, "rawId": id_, "type": "public-key", "response": plain}
