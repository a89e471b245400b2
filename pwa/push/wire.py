"""Posting over HTTP/1.1: as little of it as push services need, so that sealing is what costs.

A client library spends more than the encryption does (docs/benchmarks-push.md). This one knows
POST, keep-alive, TLS with certificates checked, status and Retry-After. What it does not
know it treats as the end of the connection. It follows no redirect, keeps no cookie, reads no proxy
from the environment and unpacks nothing: an endpoint is somebody else's word.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import defaultdict
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from pwa.push.verdict import TIMEOUT, Answer

IDLE_MOST_S = 20.0  # services close idle connections; do so first
HEAD_MOST_BYTES = 32 * 1024
NO_ANSWER = Answer(TIMEOUT)
Origin = tuple[str, str, int]


class Request(NamedTuple):
    """One POST, ready to be written."""

    origin: Origin
    head: bytes
    body: bytes


def request(origin: str, endpoint: str, headers: dict[str, str], body: bytes) -> Request:
    """The POST of `body` to `endpoint`, an address below `origin` that is ours to trust."""
    where, host = _parsed_origin(origin)
    lines = [f"POST {_target(endpoint)} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n"
    return Request(where, head.encode("ascii"), body)


@lru_cache(maxsize=64)
def _parsed_origin(origin: str) -> tuple[Origin, str]:
    parts = urlsplit(origin)
    default = 443 if parts.scheme == "https" else 80
    return (parts.scheme, parts.hostname or "", parts.port or default), parts.netloc


def _target(endpoint: str) -> str:
    """Path and query; a line break in it would be a header of somebody else's making."""
    _, _, rest = endpoint.partition("://")
    target = "/" + rest.partition("/")[2].partition("#")[0]
    assert target.isprintable(), "the endpoint was not checked"
    assert " " not in target, "the endpoint was not checked"
    return target


class Wires:
    """Connections kept alive, by push service. For one event loop."""

    def __init__(self, within_s: float) -> None:
        self.within_s = within_s
        self._idle: dict[Origin, list[_Wire]] = defaultdict(list)

    async def post(self, asked: Request) -> Answer:
        """Post and wait for the answer; status 0 when there is none in time."""
        try:
            async with asyncio.timeout(self.within_s):
                return await self._post(asked)
        except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError):
            return NO_ANSWER

    def close(self) -> None:
        for wires in self._idle.values():
            for wire in wires:
                wire.close()
        self._idle.clear()

    async def _post(self, asked: Request) -> Answer:
        kept = self._take(asked.origin)
        if kept is not None:
            try:
                return await self._ask(kept, asked)
            except ConnectionResetError:
                # It was closed while idle, as we wrote. Had it arrived, its Topic and tag would
                # still make it one notice.
                pass
        return await self._ask(await _connect(asked.origin), asked)

    async def _ask(self, wire: _Wire, asked: Request) -> Answer:
        try:
            answer = await wire.ask(asked)
        except BaseException:
            wire.close()
            raise
        if wire.reusable:
            wire.idle_since = time.monotonic()
            self._idle[asked.origin].append(wire)
        else:
            wire.close()
        return answer

    def _take(self, origin: Origin) -> _Wire | None:
        kept = self._idle[origin]
        while kept:
            wire = kept.pop()
            if wire.reusable and time.monotonic() - wire.idle_since < IDLE_MOST_S:
                return wire
            wire.close()
        return None


async def _connect(origin: Origin) -> _Wire:
    scheme, host, port = origin
    loop = asyncio.get_running_loop()
    tls = _tls() if scheme == "https" else None
    _, wire = await loop.create_connection(_Wire, host, port, ssl=tls, happy_eyeballs_delay=0.25)
    return wire


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


class _Wire(asyncio.Protocol):
    """One connection, with at most one request on it."""

    def __init__(self) -> None:
        self.reusable = True
        self.idle_since = 0.0
        self._data = b""
        self._left = 0  # bytes of an answer's body still to come
        self._answer: Answer | None = None
        self._waiter: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def ask(self, asked: Request) -> Answer:
        """Raises ConnectionResetError if the other side is gone before it said anything."""
        if self._transport.is_closing():
            raise ConnectionResetError
        self._waiter = asyncio.get_running_loop().create_future()
        self._transport.write(asked.head + asked.body)
        return await self._waiter

    def data_received(self, data: bytes) -> None:
        if self._waiter is None:
            self.close()  # nobody asked
        elif self._answer is not None:
            self._drain(len(data))
        else:
            self._data += data
            self._read_head()

    def _read_head(self) -> None:
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            if len(self._data) > HEAD_MOST_BYTES:
                self._fail(ValueError("an endless head"))
            return
        head, rest = self._data[:end], self._data[end + 4 :]
        self._data = b""
        try:
            status, headers = _parsed(head)
        except ValueError as error:
            self._fail(error)
            return
        if 100 <= status < 200:
            self._data = rest
            self._read_head()
            return
        self._answer = Answer(status, headers.get("retry-after"))
        self._left = self._length(status, headers)
        self._drain(len(rest))

    def _length(self, status: int, headers: dict[str, str]) -> int:
        """How much body to wait for. Of one without a length nothing: we close instead."""
        if headers.get("connection", "").lower() == "close":
            self.reusable = False
        length = headers.get("content-length", "")
        if status in (204, 304):
            return 0
        if "transfer-encoding" in headers or not length.isdecimal():
            self.reusable = False
            return 0
        return int(length)

    def _drain(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            self.reusable = False
        if self._left <= 0 and self._waiter is not None and not self._waiter.done():
            assert self._answer is not None
            answer, self._answer = self._answer, None
            waiter, self._waiter = self._waiter, None
            waiter.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        self.reusable = False
        if self._answer is not None:
            self._left = 0
            self._drain(0)  # the status is what matters
        else:
            self._fail(ConnectionResetError() if not self._data else OSError("cut short"))

    def _fail(self, error: Exception) -> None:
        self.reusable = False
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)
        self._waiter = None

    def close(self) -> None:
        self.reusable = False
        self._transport.close()


def _parsed(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers by lower-case name. Raises ValueError."""
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
        raise ValueError("not an HTTP answer")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return int(rest[:3]), headers
