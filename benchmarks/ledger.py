"""What a posting costs, beside the bare SQL of the same rows: `make bench-ledger`.

Loads a small and a large program on each database, posts earns and burns for random members
with one and with four writers, ours and by hand, small and large, all in turns within the same
run, times reads, verifies the ledgers, and writes var/bench/ledger.json and
docs/benchmarks-ledger.md.
"""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from benchmarks import ledger_load, ledger_page, ledger_writers, report
from pwa.db import db
from pwa.ledger.verify import differences

Apps = dict[int, Flask]
POSTGRESQL = "postgresql://root@127.0.0.1:5432/postgres"
WRITERS = (1, 4)
READS = 400  # of each kind, in each turn
RATIO_LEAST = 0.5
GROWTH_MOST = 1.3
READ_MOST_MS = 2.0


def main() -> None:
    asked = _arguments()
    figures: dict[str, Any] = {}
    on = report.machine()
    for database in asked.databases.split(","):
        with ExitStack() as stack:
            apps = {
                size: stack.enter_context(_app(database, asked.postgresql))
                for size in (asked.small, asked.large)
            }
            for size, found in _measure(database, apps, asked).items():
                figures[f"{database}, {size:,} members"] = found
    ratios = _ratios(figures, asked)
    targets = _targets(figures, ratios)
    say(f"wrote {report.write('ledger', figures, ratios, targets, on)}")
    if not asked.no_page:
        say(f"wrote {ledger_page.write(figures, ratios, targets, on, asked)}")


def _measure(database: str, apps: Apps, asked: argparse.Namespace) -> dict[int, dict[str, Any]]:
    """Both sizes in turns, so that whatever else the machine does meets both alike."""
    found = {size: _load(database, app, size) for size, app in apps.items()}
    seconds = asked.rounds * asked.slice_s
    for writers in WRITERS:
        timings = {size: ledger_writers.Timings() for size in apps}
        for _ in range(asked.rounds):
            for size, app in apps.items():
                timings[size].add(ledger_writers.run(app, writers, size, asked.slice_s))
        for size in apps:
            for name in ("ours", "bare"):
                values = getattr(timings[size], name)
                found[size][f"{name}, {writers} writers"] = _summary(values, seconds)
            say(f"{database}, {size:,} members, {writers} writers: {_line(found[size], writers)}")
    reads: dict[int, dict[str, list[float]]] = {size: {} for size in apps}
    for _ in range(asked.rounds):
        for size, app in apps.items():
            for name, values in ledger_writers.time_reads(app, size, READS).items():
                reads[size].setdefault(name, []).extend(values)
    for size, app in apps.items():
        for name, values in reads[size].items():
            found[size][name] = _summary(values, sum(values))
            say(f"{database}, {size:,} members, {name}: {found[size][name]}")
        found[size] |= _verify(app)
    return found


def _load(database: str, app: Flask, size: int) -> dict[str, Any]:
    entries = size * ledger_load.EACH
    say(f"{database}, {size:,} members: loading {entries:,} entries")
    start = time.monotonic()
    with app.app_context():
        ledger_load.load(size)
        db.engine.dispose()
    return {"entries_loaded": entries, "load_s": round(time.monotonic() - start, 1)}


def _summary(values: list[float], seconds: float) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "per_s": round(len(ordered) / seconds, 1),
        "p50_ms": round(ordered[len(ordered) // 2] * 1_000, 3),
        "p99_ms": round(ordered[len(ordered) * 99 // 100] * 1_000, 3),
    }


def _line(found: dict[str, Any], writers: int) -> str:
    ours, bare = found[f"ours, {writers} writers"], found[f"bare, {writers} writers"]
    return f"ours {ours}, bare {bare}, ratio {ours['per_s'] / bare['per_s']:.2f}"


def _verify(app: Flask) -> dict[str, Any]:
    start = time.monotonic()
    with app.app_context():
        lines = list(differences())
        db.engine.dispose()
    for line in lines[:5]:
        say(f"  x {line}")
    seconds = round(time.monotonic() - start, 1)
    say(f"  verify: {len(lines)} differences in {seconds} s")
    return {"verify_s": seconds, "differences": len(lines)}


def _ratios(figures: dict[str, Any], asked: argparse.Namespace) -> dict[str, float]:
    ratios = {}
    for key, found in figures.items():
        for writers in WRITERS:
            ours, bare = found[f"ours, {writers} writers"], found[f"bare, {writers} writers"]
            ratios[f"ours by bare, {key}, {writers} writers"] = ours["per_s"] / bare["per_s"]
    for database in asked.databases.split(","):
        small, large = (figures[f"{database}, {n:,} members"] for n in (asked.small, asked.large))
        for writers in WRITERS:
            for name in ("ours", "bare"):
                which = f"{name}, {writers} writers"
                growth = large[which]["p99_ms"] / small[which]["p99_ms"]
                ratios[f"p99 large by small, {database}, {which}"] = growth
    return {name: round(value, 2) for name, value in ratios.items()}


def _targets(figures: dict[str, Any], ratios: dict[str, float]) -> dict[str, Any]:
    """Each target, the worst that was measured of it, and whether it is met."""
    postgresql = [v for k, v in ratios.items() if k.startswith("ours by bare, postgresql")]
    growth = [v for k, v in ratios.items() if k.startswith("p99") and "ours" in k]
    found = {}
    if postgresql:
        least = min(postgresql)
        found["ratio to the bare SQL on PostgreSQL, at least"] = (
            RATIO_LEAST, least, least >= RATIO_LEAST,
        )  # fmt: skip
    most = max(growth)
    found["p99 of the large program by that of the small, at most"] = (
        GROWTH_MOST, most, most <= GROWTH_MOST,
    )  # fmt: skip
    for name in ("balance", "statement"):
        for rank in ("p50_ms", "p99_ms"):
            slowest = max(sizes[name][rank] for sizes in figures.values())
            found[f"{name}, {rank}, under"] = (READ_MOST_MS, slowest, slowest < READ_MOST_MS)
    return {
        name: {"target": target, "measured": measured, "met": met}
        for name, (target, measured, met) in found.items()
    }


@contextmanager
def _app(database: str, postgresql: str) -> Iterator[Flask]:
    """Flask and the ledger on an empty database of its own, which is removed afterwards."""
    maker = _on_sqlite() if database == "sqlite" else _on_postgresql(postgresql)
    with maker as url:
        app = Flask("ledger")
        app.config["SQLALCHEMY_DATABASE_URI"] = url
        if database == "postgresql":
            app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": True}  # as in create_app
        db.init_app(app)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _on_sqlite() -> Iterator[str]:
    report.BENCH.mkdir(parents=True, exist_ok=True)
    path = report.BENCH / f"ledger-{uuid.uuid4().hex[:8]}.db"
    try:
        yield f"sqlite:///{path}"
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextmanager
def _on_postgresql(server: str) -> Iterator[str]:
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"setia_bench_{uuid.uuid4().hex[:8]}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield str(sa.make_url(server).set(database=name).render_as_string(hide_password=False))
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, help="members")
    parser.add_argument("--large", type=int, default=1_000_000, help="members, 5 entries each")
    parser.add_argument("--rounds", type=int, default=6, help="turns of ours and bare")
    parser.add_argument("--slice-s", type=float, default=5.0, help="seconds of each turn")
    parser.add_argument("--databases", default="postgresql,sqlite")
    parser.add_argument("--postgresql", default=POSTGRESQL, help="a server to make a database on")
    parser.add_argument("--no-page", action="store_true", help="leave docs/ as it is")
    return parser.parse_args()


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
