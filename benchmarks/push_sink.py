"""A push service that only counts: python -m benchmarks.push_sink PORT

GET /count tells how many came, when the first and the last did, and how many paths came twice.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from typing import ClassVar

ANSWER = b"HTTP/1.1 201 Created\r\nLocation: /m/1\r\nContent-Length: 0\r\n\r\n"


class Sink(asyncio.Protocol):
    count = 0
    first = last = 0.0
    seen: ClassVar[Counter[bytes]] = Counter()

    def __init__(self) -> None:
        self.data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data
        while (end := self.data.find(b"\r\n\r\n")) >= 0:
            head = self.data[:end]
            at = head.lower().find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.data) < end + 4 + length:
                return
            self.data = self.data[end + 4 + length :]
            self.take(head.split(b" ", 2)[1])

    def take(self, path: bytes) -> None:
        if path == b"/count":
            self.tell()
            return
        Sink.last = time.time()
        Sink.first = Sink.first or Sink.last
        Sink.count += 1
        Sink.seen[path] += 1
        self.transport.write(ANSWER)

    def tell(self) -> None:
        twice = sum(1 for n in Sink.seen.values() if n > 1)
        said = {"count": Sink.count, "first": Sink.first, "last": Sink.last, "twice": twice,
                "different": len(Sink.seen)}  # fmt: skip
        body = json.dumps(said).encode()
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        Sink.count, Sink.first, Sink.last = 0, 0.0, 0.0
        Sink.seen.clear()


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
