"""The push service that Firefox talks to, on 127.0.0.1: a websocket to the browser, POSTs from us.

As much of the autopush protocol as push.md says that the browser needs.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import threading
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import WSMsgType, web


@dataclass
class Channel:
    """One subscription of the browser."""

    id: str
    vapid: str
    token: str
    got: list[dict[str, str]] = field(default_factory=list)  # headers of each POST
    acks: list[int] = field(default_factory=list)
    gone: bool = False


class Autopush:
    """Runs in a thread. `script` holds answers (status, headers) to give before forwarding."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}  # by token
        self.script: list[tuple[int, dict[str, str]]] = []
        self.answered: list[int] = []
        self._socket: web.WebSocketResponse | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _start(self) -> int:
        app = web.Application()
        app.router.add_get("/", self._browser)
        app.router.add_post("/wpush/v2/{token}", self._post)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def _browser(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        self._socket = socket
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._hear(socket, json.loads(message.data))
        return socket

    async def _hear(self, socket: web.WebSocketResponse, said: dict[str, Any]) -> None:
        kind = said.get("messageType")
        if kind == "hello":
            answer = {"messageType": "hello", "uaid": said.get("uaid") or secrets.token_hex(16),
                      "status": 200, "use_webpush": True, "broadcasts": {}}  # fmt: skip
            await socket.send_json(answer)
        elif kind == "register":
            channel = Channel(said["channelID"], said.get("key", ""), secrets.token_urlsafe(12))
            self.channels[channel.token] = channel
            endpoint = f"http://127.0.0.1:{self.port}/wpush/v2/{channel.token}"
            await socket.send_json({"messageType": "register", "channelID": channel.id,
                                    "status": 200, "pushEndpoint": endpoint})  # fmt: skip
        elif kind == "unregister":
            for channel in self.channels.values():
                channel.gone |= channel.id == said["channelID"]
            await socket.send_json({"messageType": "unregister", "channelID": said["channelID"],
                                    "status": 200})  # fmt: skip
        elif kind in ("ack", "nack"):
            self._note(said)

    def _note(self, said: dict[str, Any]) -> None:
        updates = said.get("updates") or [said]
        for update in updates:
            for channel in self.channels.values():
                if channel.id == update.get("channelID"):
                    channel.acks.append(int(update.get("code", 0)))

    async def _post(self, request: web.Request) -> web.Response:
        status, headers = self.script.pop(0) if self.script else (201, {})
        channel = self.channels.get(request.match_info["token"])
        if status == 201 and (channel is None or channel.gone):
            status = 410
        self.answered.append(status)
        body = await request.read()
        if status == 201 and channel is not None:
            channel.got.append({k.lower(): v for k, v in request.headers.items()})
            with contextlib.suppress(ConnectionError):  # the browser has just been closed
                await self._forward(channel, body, request.headers.get("TTL", "0"))
            headers = {"Location": f"http://127.0.0.1:{self.port}/m/{secrets.token_hex(4)}"}
        return web.Response(status=status, headers=headers)

    async def _forward(self, channel: Channel, body: bytes, ttl: str) -> None:
        assert self._socket is not None, "no browser is connected"
        await self._socket.send_json(
            {
                "messageType": "notification",
                "channelID": channel.id,
                "version": secrets.token_hex(8),
                "ttl": int(ttl),
                "data": urlsafe_b64encode(body).rstrip(b"=").decode(),
                "headers": {"encoding": "aes128gcm"},
            }
        )

    @property
    def live(self) -> list[Channel]:
        return [channel for channel in self.channels.values() if not channel.gone]
