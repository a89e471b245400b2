"""A push service for tests: takes messages as RFC 8030 says, decrypts them as RFC 8291 says.

Written from the RFCs with `cryptography` alone, so that it does not share our code's mistakes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import secrets
import struct
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    prk = hmac.digest(salt, secret, "sha256")
    return hmac.digest(prk, info + b"\x01", "sha256")[:length]


@dataclass
class Browser:
    """One browser: its keys, where it is told, and what it has been told."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def p256dh(self) -> str:
        return b64(self.point)

    @property
    def auth(self) -> str:
        return b64(self.secret)

    def open(self, body: bytes) -> bytes:
        """Decrypt one aes128gcm record addressed to this browser."""
        salt, size, length = body[:16], *struct.unpack("!LB", body[16:21])
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert size == 4096
        assert len(sealed) <= size - 86 + 16 + 1
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        ikm = _hkdf(self.secret, shared, b"WebPush: info\x00" + self.point + sender, 32)
        cek = _hkdf(salt, ikm, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _hkdf(salt, ikm, b"Content-Encoding: nonce\x00", 12)
        padded = AESGCM(cek).decrypt(nonce, sealed, None)
        plain = padded.rstrip(b"\x00")
        assert plain[-1:] == b"\x02"
        return plain[:-1]

    def read(self, message: Message) -> dict[str, Any]:
        return json.loads(self.open(message.body))


@dataclass(frozen=True)
class Message:
    """One POST as the push service saw it."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class PushService:
    """Listens on 127.0.0.1 in a thread. `answers[path]` is a list of (status, headers) to give."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.answers: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.always: tuple[int, dict[str, str]] | None = None
        self.most_bytes: int | None = None
        self.open: set[asyncio.Transport] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        make = self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(make, self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for transport in self.open:
            transport.close()
        await asyncio.sleep(0.01)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self) -> Browser:
        return Browser(f"{self.url}/wpush/v2/{secrets.token_urlsafe(12)}")

    def answer(self, browser: Browser, status: int, **headers: str) -> None:
        """The next message to this browser gets this answer."""
        path = "/" + browser.endpoint.split("/", 3)[3]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(path, []).append((status, named))

    def to(self, browser: Browser) -> list[Message]:
        path = "/" + browser.endpoint.split("/", 3)[3]
        return [message for message in self.got if message.path == path]

    def respond(self, message: Message) -> tuple[int, dict[str, str]]:
        self.got.append(message)
        if scripted := self.answers.get(message.path):
            return scripted.pop(0)
        if self.most_bytes is not None and len(message.body) > self.most_bytes:
            return 413, {}
        return self.always or (201, {"Location": f"{self.url}/m/{len(self.got)}"})


class _Connection(asyncio.Protocol):
    def __init__(self, service: PushService) -> None:
        self.service = service
        self.data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.service.open.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.service.open.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.data += data
        while (end := self.data.find(b"\r\n\r\n")) >= 0:
            first, *lines = self.data[:end].decode("latin-1").split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", "0"))
            if len(self.data) < end + 4 + length:
                return
            body = self.data[end + 4 : end + 4 + length]
            self.data = self.data[end + 4 + length :]
            self._answer(*self.service.respond(Message(first.split()[1], headers, body)))

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} X", "Content-Length: 0"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())
