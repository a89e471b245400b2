"""A browser without a screen: cookies, forms with their hidden fields, gzip. Standard library only.

It is what measures, crawls and loads: what it gets is what the server sent, byte for byte.
"""

from __future__ import annotations

import gzip
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back: `wire_bytes` is the body as it travelled."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire_bytes: int

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def is_page(self) -> bool:
        kind = self.headers.get("content-type", "")
        return kind.startswith("text/html") and "content-disposition" not in self.headers


class _Reader(HTMLParser):
    """Links, and the forms with the fields that they would send untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.csrf_token = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and (href := found.get("href")):
            self.links.append(href)
        elif tag == "meta" and found.get("name") == "csrf-token":
            self.csrf_token = found.get("content") or ""
        elif tag == "form":
            self.forms.append((found.get("method") or "get", found.get("action") or "", {}))
        elif tag == "input" and self.forms:
            self._note_field(found)

    def _note_field(self, found: dict[str, str | None]) -> None:
        is_sent = found.get("type") not in ("checkbox", "radio") or "checked" in found
        if is_sent and (name := found.get("name")):
            self.forms[-1][2][name] = found.get("value") or ""


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


@dataclass
class Visitor:
    """One session with the server at `url`."""

    url: str
    language: str = "id"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        return self._ask("POST", path, urlencode(fields).encode(), headers)

    def submit(self, page: str, action: str, **fields: str) -> Answer:
        """Fill the form with `action` on `page`, and send it with its hidden fields."""
        hidden = next(sent for _, to, sent in read(self.get(page).text).forms if to == action)
        return self.post(action, {**hidden, **fields})

    def order(self, path: str, page: str = "/", **fields: str) -> Answer:
        """Post `fields` with the token of `page`, as a script of that page would."""
        return self.post(path, {"csrf_token": read(self.get(page).text).csrf_token, **fields})

    def log_in(self, phone: str, password: str) -> Visitor:
        answer = self.submit("/login", "/login", phone=phone, password=password)
        assert answer.status == 303, (answer.status, answer.text[:2000])
        return self

    def log_in_staff(self, login: str, password: str) -> Visitor:
        answer = self.submit("/till/login", "/till/login", login=login, password=password)
        assert answer.status == 303, (answer.status, answer.text[:2000])
        return self

    def links(self, path: str) -> list[str]:
        """Addresses of our own that the page at `path` links to."""
        answer = self.get(path)
        if not answer.is_page:
            return []
        found = (urlsplit(urljoin(path, href)) for href in read(answer.text).links)
        return [part.path for part in found if not part.netloc and not part.scheme and part.path]

    def _ask(self, method: str, path: str, body: bytes | None, more: dict[str, str]) -> Answer:
        headers = {
            "Accept": "text/html",
            "Accept-Encoding": "gzip",
            "Accept-Language": self.language,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Connection": "close",
            **({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}),
            **more,
        }
        with closing(HTTPConnection(urlsplit(self.url).netloc, timeout=20)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            raw = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: m.value for name, m in SimpleCookie(line).items()})
        kept = {name.lower(): value for name, value in response.getheaders()}
        plain = gzip.decompress(raw) if kept.get("content-encoding") == "gzip" else raw
        return Answer(response.status, kept, plain, len(raw))
