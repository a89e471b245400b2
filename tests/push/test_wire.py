"""The HTTP that we speak, against servers that behave and servers that don't."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from pwa.push.verdict import Answer
from pwa.push.wire import Wires, request

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SENT = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head + await reader.readexactly(length)


def ask(talk: Talk, times: int = 1, within_s: float = 2) -> list[Answer]:
    """Post `times` to a server that talks like that."""

    async def run() -> list[Answer]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await talk(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        wires = Wires(within_s)
        try:
            asked = request(origin, f"{origin}/wpush/v2/x?y=1", {"TTL": "5"}, b"body")
            return [await wires.post(asked) for _ in range(times)]
        finally:
            wires.close()
            server.close()
            await asyncio.sleep(0)

    return asyncio.run(run())


def saying(*parts: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0.001)

    return talk


def test_one_connection_is_used_again() -> None:
    connections = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        while True:
            head = await read_request(reader)
            assert head.startswith(b"POST /wpush/v2/x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:")
            assert b"\r\nTTL: 5\r\n" in head
            assert head.endswith(b"\r\n\r\nbody")
            writer.write(SENT)

    assert ask(talk, times=3) == [Answer(201)] * 3
    assert len(connections) == 1


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        ((SENT,), Answer(201)),
        (tuple(SENT[i : i + 1] for i in range(len(SENT))), Answer(201)),
        ((b"HTTP/1.1 429 Slow\r\nRETRY-AFTER:  7 \r\nContent-Length: 4\r\n\r\nwait",),
         Answer(429, "7")),
        ((b"HTTP/1.1 500 X\r\nContent-Length: 10\r\n\r\n", b"01234", b"56789"), Answer(500)),
        ((b"HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",),
         Answer(410)),
        ((b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n", SENT), Answer(201)),
        ((b"HTTP/1.1 204 No Content\r\n\r\n",), Answer(204)),
        ((b"HTTP/1.0 201 Created\r\n\r\n",), Answer(201)),
    ],
)  # fmt: skip
def test_answers_in_all_their_shapes(parts: tuple[bytes, ...], answer: Answer) -> None:
    assert ask(saying(*parts), times=2) == [answer, answer]


@pytest.mark.parametrize(
    "parts",
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n",),
        (b"HTTP/1.1 abc\r\n\r\n",),
        (b"HTTP/2 200\r\n\r\n",),
        (b"x" * 40_000,),
        (b"\x00\xff\r\n\r\n",),
    ],
)
def test_nonsense_is_no_answer(parts: tuple[bytes, ...]) -> None:
    assert ask(saying(*parts)) == [Answer(0)]


def test_silence_is_no_answer_in_time() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await asyncio.sleep(1)

    assert ask(talk, within_s=0.1) == [Answer(0)]


def test_hanging_up_is_no_answer() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)

    assert ask(talk) == [Answer(0)]


def test_a_connection_that_was_closed_while_idle_is_opened_again() -> None:
    count = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        count.append(1)
        writer.write(SENT)
        await writer.drain()

    assert ask(talk, times=3) == [Answer(201)] * 3
    assert len(count) == 3


def test_an_answer_too_many_closes_the_connection() -> None:
    assert ask(saying(SENT + SENT), times=3) == [Answer(201)] * 3


def test_no_address_can_smuggle_a_header_in() -> None:
    with pytest.raises(AssertionError):
        request("https://x.example", "https://x.example/a\r\nHost: y", {}, b"")
    with pytest.raises(AssertionError):
        request("https://x.example", "https://x.example/a b", {}, b"")


def test_tls_checks_the_certificate() -> None:
    import ssl

    from pwa.push import wire

    context = wire._tls()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
