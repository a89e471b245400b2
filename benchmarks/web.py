"""Home, Wallet, Rewards and a spin under load, beside a bare Flask page: `make bench-web`.

For each database and size: load the members, start our server as `setia web` does, and beside it
the same server with a bare page (one template, one row by primary key). Each is asked in turns
within the same run, for random members, each with a session of her own. Writes
var/bench/web.json and docs/benchmarks-web.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from benchmarks import report, web_bare, web_data, web_load
from pwa import create_app
from pwa.cli._gunicorn import Server
from pwa.settings import Settings, read
from tests.browser.shop import free_port

POSTGRESQL = "postgresql://root@127.0.0.1:5432/postgres"
SECRET = "a-secret-of-the-benchmark-and-of-nobody"
TOKEN = "0" * 40
THREADS = 8
PAGES = ("/", "/wallet", "/rewards")
TITLE = "Pages under load"
HOW = """One gunicorn process
with 8 threads serves our pages, another one a bare Flask page (one template, one row by primary
key); the client that asks runs on the same machine. They take turns within one run, for random
members, each with a session of her own; every spin is another member's."""
TARGETS = {
    "Home's requests/s by the bare page's, at least": 0.25,
    "p95 of Home with the large size by that with the small, at most": 1.25,
}


def main() -> None:
    asked = _arguments()
    figures: dict[str, Any] = {}
    on = report.machine()
    for database in asked.databases.split(","):
        for members in (asked.small, asked.large):
            figures[f"{database}, {members:,} members"] = _measure(database, members, asked)
    ratios = _ratios(figures, asked)
    path = report.write("web", figures, ratios, TARGETS, on)
    print(f"wrote {path}")
    if not asked.no_page:
        print(f"wrote {report.page('web', TITLE, HOW)}")
    print(*(f"{name}: {value}" for name, value in ratios.items()), sep="\n")


def _measure(database: str, members: int, asked: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, _database(database, folder, asked) as url:
        settings = _settings(url, Path(folder))
        app = create_app(settings)
        print(f"{database}, {members:,} members: loading", flush=True)
        web_data.load(app, members)
        ask = _Asking(app, members)
        bare = _settings(url, Path(folder))
        with _serving(app, settings) as ours, _serving(web_bare.create(url), bare) as beside:
            return _take_turns(ours, beside, ask, asked)


def _take_turns(ours: int, beside: int, ask: _Asking, asked: argparse.Namespace) -> dict[str, Any]:
    """The bare page before and after each of ours, so that a busy minute hits both."""
    found: dict[str, list[web_load.Served]] = {"bare": []}
    for path in PAGES:
        web_load.run(ours, ask.page(path), asked.connections, asked.warm_s)
    for _ in range(asked.rounds):
        for path in PAGES:
            found["bare"].append(web_load.run(beside, ask.bare(), asked.connections, asked.seconds))
            served = web_load.run(ours, ask.page(path), asked.connections, asked.seconds)
            found.setdefault(path, []).append(served)
    spins = web_load.run(
        ours, ask.spin(asked.connections), asked.connections, asked.seconds * asked.rounds,
        most=ask.members // asked.connections,
    )  # fmt: skip
    found["a spin"] = [spins]
    summary = {name: _summary(parts) for name, parts in found.items()}
    for name, row in summary.items():
        print(f"  {name:10} {row}", flush=True)
    return summary


def _summary(parts: list[web_load.Served]) -> dict[str, Any]:
    whole = web_load.Served(
        [one for part in parts for one in part.latencies_ms],
        {},
        sum(part.seconds for part in parts),
    )
    statuses: dict[str, int] = {}
    for part in parts:
        for status, count in part.statuses.items():
            statuses[str(status)] = statuses.get(str(status), 0) + count
    return {
        "requests_per_s": round(whole.a_second, 1),
        **{f"p{p}_ms": round(whole.percentile_ms(p), 2) for p in (50, 95, 99)},
        "statuses": statuses,
    }


class _Asking:
    """Writes requests as a browser with a session would send them."""

    def __init__(self, app: Flask, members: int) -> None:
        self.members = members
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        assert signer is not None
        self._signer = signer
        self._token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(TOKEN)
        self._session = _logged_in(app) | {"csrf_token": TOKEN}

    def page(self, path: str) -> Callable[[int], Iterator[bytes]]:
        def requests(n: int) -> Iterator[bytes]:
            dice = random.Random(n)
            while True:
                yield self._get(path, dice.randint(1, self.members))

        return requests

    def bare(self) -> Callable[[int], Iterator[bytes]]:
        def requests(n: int) -> Iterator[bytes]:
            dice = random.Random(n)
            while True:
                yield _head("GET", f"/{dice.randint(1, self.members)}") + b"\r\n"

        return requests

    def spin(self, connections: int) -> Callable[[int], Iterator[bytes]]:
        """Every member once: a wheel gives one free spin a day."""

        def requests(n: int) -> Iterator[bytes]:
            for member in range(n + 1, self.members + 1, connections):
                body = f"csrf_token={self._token}&key={uuid.uuid4().hex[:16]}".encode()
                yield (
                    _head("POST", "/wheel/spins", self._cookie(member))
                    + b"Accept: application/json\r\n"
                    + b"Content-Type: application/x-www-form-urlencoded\r\n"
                    + f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )

        return requests

    def _get(self, path: str, member: int) -> bytes:
        return _head("GET", path, self._cookie(member)) + b"Accept-Encoding: gzip\r\n\r\n"

    def _cookie(self, member: int) -> str:
        session = self._session | {"_user_id": f"member:{member}:1"}
        return f"setia={self._signer.dumps(session)}"


def _logged_in(app: Flask) -> dict[str, Any]:
    """What a browser's session holds after a first page today: the next ones write nothing."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    session = {"sid": "0" * 16, "_permanent": True, "_fresh": True, "_user_id": "member:1:1"}
    browser = app.test_client()
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        session["_id"] = app.login_manager._session_identifier_generator()  # type: ignore[attr-defined]
    browser.set_cookie("setia", signer.dumps(session), domain="localhost")
    browser.get("/", base_url="https://localhost", headers={"User-Agent": ""})
    kept = browser.get_cookie("setia", domain="localhost")
    assert kept is not None
    found: dict[str, Any] = signer.loads(kept.value)
    return found


def _head(method: str, path: str, cookie: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Language: id"]
    return "".join(
        f"{line}\r\n" for line in lines + ([f"Cookie: {cookie}"] if cookie else [])
    ).encode()


def _settings(url: str, var: Path) -> Settings:
    return read(
        {
            "SETIA_ENV": "production",
            "SETIA_VAR": str(var),
            "SETIA_DATABASE_URL": url,
            "SETIA_PORT": str(free_port()),
            "SETIA_PUBLIC_URL": "https://localhost",
            "SETIA_SECRET_KEY": SECRET,
        }
    )


@contextmanager
def _serving(app: Flask, settings: Settings) -> Iterator[int]:
    """gunicorn as `setia web` runs it, in a process of its own; its port."""
    server = Server(app, settings, processes=1, threads=THREADS)
    process = multiprocessing.get_context("fork").Process(target=server.run)
    process.start()
    try:
        _wait(settings.port)
        yield settings.port
    finally:
        process.terminate()
        process.join(timeout=30)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/1", timeout=2)
            return
        except urllib.error.HTTPError:
            return  # an answer
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"no server on port {port}")


@contextmanager
def _database(kind: str, folder: str, asked: argparse.Namespace) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/setia.db"
        return
    admin = sa.create_engine(asked.postgresql, isolation_level="AUTOCOMMIT")
    name = f"setia_bench_{uuid.uuid4().hex[:8]}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        url = sa.make_url(asked.postgresql).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _ratios(figures: dict[str, Any], asked: argparse.Namespace) -> dict[str, float]:
    ratios: dict[str, float] = {}
    for name, found in figures.items():
        part = found["/"]["requests_per_s"] / found["bare"]["requests_per_s"]
        ratios[f"Home by bare, {name}"] = round(part, 3)
    for database in asked.databases.split(","):
        small, large = (
            figures[f"{database}, {size:,} members"] for size in (asked.small, asked.large)
        )
        for page in (*PAGES, "a spin"):
            growth = large[page]["p95_ms"] / small[page]["p95_ms"]
            ratios[f"p95 large by small, {database}, {page}"] = round(growth, 2)
    return ratios


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, help="members")
    parser.add_argument("--large", type=int, default=1_000_000, help="members")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each turn")
    parser.add_argument("--warm-s", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--postgresql", default=POSTGRESQL, help="a server to make a database on")
    parser.add_argument("--no-page", action="store_true", help="leave docs/ as it is")
    return parser.parse_args()


if __name__ == "__main__":
    main()
