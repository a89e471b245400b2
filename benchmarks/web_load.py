"""A closed-loop load generator on loopback: so many connections, each with one request at a time.

Bounded by design: at most CONNECTIONS_MOST connections, only to 127.0.0.1, for a fixed time.
"""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

CONNECTIONS_MOST = 16
HEAD_END = b"\r\n\r\n"
Requests = Iterator[bytes]


class Served(NamedTuple):
    """What came of a load: every latency in ms, in no order, and the answers by status."""

    latencies_ms: list[float]
    statuses: dict[int, int]
    seconds: float

    @property
    def a_second(self) -> float:
        return len(self.latencies_ms) / self.seconds

    def percentile_ms(self, p: int) -> float:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, len(ordered) * p // 100)]


def run(
    port: int, make: Callable[[int], Requests], connections: int, seconds: float, most: int = 0
) -> Served:
    """Send what `make(n)` yields on connection n, for so long or until `most` are sent each.

    In a process of its own, so that it shares no interpreter with whoever measures.
    """
    assert 0 < connections <= CONNECTIONS_MOST, connections
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=_all, args=(port, make, connections, seconds, most, answers))
    process.start()
    found: Served = answers.get()
    process.join()
    return found


def _all(port, make, connections, seconds, most, answers) -> None:  # type: ignore[no-untyped-def]
    latencies: list[float] = []
    statuses: dict[int, int] = {}
    begun = time.perf_counter()
    threads = [
        threading.Thread(
            target=_one, args=(port, make(n), begun + seconds, most, latencies, statuses)
        )
        for n in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put(Served(latencies, statuses, time.perf_counter() - begun))


def _one(
    port: int, requests: Requests, end: float, most: int,
    latencies: list[float], statuses: dict[int, int],
) -> None:  # fmt: skip
    connection = _connect(port)
    for request in islice(requests, most or None):
        asked = time.perf_counter()
        if asked > end:
            break
        connection.sendall(request)
        status, stays_open = _read(connection)
        latencies.append((time.perf_counter() - asked) * 1000)
        statuses[status] = statuses.get(status, 0) + 1
        if not stays_open:
            connection.close()
            connection = _connect(port)
    connection.close()


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _read(connection: socket.socket) -> tuple[int, bool]:
    """One whole answer: its status, and whether the connection may be used again."""
    got = b""
    while HEAD_END not in got:
        chunk = connection.recv(65536)
        assert chunk, "the server hung up"
        got += chunk
    head, _, body = got.partition(HEAD_END)
    lowered = head.lower()
    length = 0
    if b"content-length:" in lowered:
        length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0])
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return int(head.split(b" ", 2)[1]), b"connection: close" not in lowered
