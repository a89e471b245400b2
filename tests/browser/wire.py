"""A counter on the wire between a browser and the shop: every byte and every request, whoever asks.

It stands where the network is, so what a service worker fetches on its own counts too.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.browser.shop import free_port

REQUEST = re.compile(rb"(?:GET|HEAD|POST) (/\S*) HTTP/1\.1\r\n")


@dataclass
class Wire:
    """Listens on `url`, passes everything on to the shop, and counts what comes back."""

    shop_url: str
    requests: list[str] = field(default_factory=list)
    received_bytes: int = 0

    def __post_init__(self) -> None:
        port = free_port()
        self.url = f"http://localhost:{port}"
        self._listener = socket.create_server(("127.0.0.1", port))
        self._shop = urlsplit(self.shop_url).port
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        with browser, socket.create_connection(("127.0.0.1", self._shop)) as shop:
            asking = threading.Thread(
                target=_pass_on, args=(browser, shop, self._note_asked), daemon=True
            )
            asking.start()
            _pass_on(shop, browser, self._note_answered)
            asking.join()

    def _note_asked(self, chunk: bytes) -> None:
        with self._lock:
            self.requests += [path.decode() for path in REQUEST.findall(chunk)]

    def _note_answered(self, chunk: bytes) -> None:
        with self._lock:
            self.received_bytes += len(chunk)


def _pass_on(source: socket.socket, target: socket.socket, note: Callable[[bytes], None]) -> None:
    try:
        while chunk := source.recv(65536):
            note(chunk)
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()  # the other side hung up, so that both loops end
