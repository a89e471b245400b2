"""make bench-push: a campaign to 100,000 browsers, beside pywebpush and npm web-push.

    python -m benchmarks.push [--quick] [--count N] [--postgresql URL]

Everything is on this machine: database, planner, two workers, and a sink that counts. The others
post to the same sink in the same run, at the same priority as our workers (nice 10).
Figures go to var/bench/push.json and docs/benchmarks-push.md.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import push_fanout, push_home, push_load, report
from tests.browser.npm import packages
from tests.browser.shop import free_port
from tests.push.running import program, zone_where_it_is

HERE = Path(__file__).parent
POSTGRESQL = "postgresql://root@127.0.0.1:5432/postgres"
OTHERS = HERE / "push_others"
TITLE = "A campaign to 100,000 browsers"
HOW = """Database, planner, two
workers and the sink that counts share one machine; pywebpush (one by one) and npm web-push (64 in
flight) post to the same sink before and after, at the same priority. Members ask for Home
meanwhile, by themselves first and then during a fan-out. Targets: times_* at least, the rest at
most.

Where the time goes (py-spy, one worker, SQLite): sealing a quarter of the CPU of a message, most of
it ECDH; the rest of posting it a fifth; leasing, wording and writing down in the database a third.
Tried and left out: uvloop (5% less CPU a message), `webpush` without its pydantic models (4%)."""
TARGETS = {
    "times_pywebpush": 6, "times_web_push": 4, "peak_mib_a_worker": 200, "first_after_s": 1,
    "planning_1000000_s": 60, "home_p95_ratio": 2,
}  # fmt: skip
MESSAGE = json.dumps({"web_push": 8030, "notification": {"title": "Menu baru, Sari 12345",
          "body": "Coba hari ini.", "navigate": "https://kopikawan.example/rewards", "lang": "id",
          "tag": "promo", "app_badge": "1", "data": {"id": "12345.abcdefghijkl"}},
          "mutable": True, "app_badge": 1})  # fmt: skip


def main(arguments: list[str]) -> None:
    quick = "--quick" in arguments
    count, planned = (3_000, 20_000) if quick else (100_000, 1_000_000)
    if "--count" in arguments:
        count = int(arguments[arguments.index("--count") + 1])
    url = POSTGRESQL
    if "--postgresql" in arguments:
        url = arguments[arguments.index("--postgresql") + 1]
    port = free_port()
    figures: dict[str, Any] = {}
    on = report.machine()
    with push_fanout.sink(port):
        figures["pywebpush"] = pywebpush(port, 500 if quick else 3_000)
        figures["web_push"] = web_push(port, 1_000 if quick else 10_000)
        for name, database in _databases(url).items():
            print(f"--- {name}", flush=True)
            figures[name] = ours(database, port, count)
            figures[name]["planning"] = planning(_fresh(database), planned)
            print(json.dumps(figures[name]), flush=True)
        # The others once more: a busy machine shows in the difference.
        figures["pywebpush_again"] = pywebpush(port, 500 if quick else 3_000)
        figures["web_push_again"] = web_push(port, 1_000 if quick else 10_000)
    ratios = _ratios(figures)
    path = report.write("push", figures, ratios, TARGETS, on)
    print(json.dumps(ratios, indent=2))
    print(f"wrote {path}")
    if not quick:
        print(f"wrote {report.page('push', TITLE, HOW)}")


def _databases(url: str) -> dict[str, str | None]:
    """SQLite, and PostgreSQL where one answers."""
    engine = sa.create_engine(url)
    try:
        engine.connect().close()
    except sa.exc.OperationalError:
        return {"sqlite": None}
    finally:
        engine.dispose()
    return {"sqlite": None, "postgresql": url}


def _fresh(url: str | None) -> str | None:
    """An empty database on the same server; for SQLite a new file comes by itself."""
    if url is None:
        return None
    name = f"setia_bench_{time.time_ns()}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return str(sa.make_url(url).set(database=name).render_as_string(hide_password=False))


def _shop(database: str | None) -> tuple[Any, dict[str, str]]:
    """An initialised shop where it is noon, so that nobody's quiet hours are on."""
    from pwa import create_app
    from pwa.settings import read

    var = Path(tempfile.mkdtemp(prefix="setia-bench-"))
    env = push_fanout.environment(var, database, free_port())
    push_fanout.setia(env, "init")
    (var / "program.toml").write_text(program(zone_where_it_is(12)))
    push_fanout.setia(env, "program", "apply", str(var / "program.toml"))
    settings = read({name: value for name, value in env.items() if name.startswith("SETIA_")})
    return create_app(settings), env


def ours(database: str | None, port: int, count: int) -> dict[str, Any]:
    from pwa.push import vapid

    app, env = _shop(_fresh(database))
    began = time.monotonic()
    with app.app_context():
        public = vapid.public_key(app.config["SETIA"])
        push_load.fill(count, port, public, zone_where_it_is(12))
    found: dict[str, Any] = {"loading_s": round(time.monotonic() - began, 1)}
    found["fan_out"] = push_fanout.fan_out(app, env, count, port)
    found["home"] = push_home.measure(app, env, port)
    return found


def planning(database: str | None, count: int) -> dict[str, Any]:
    """Turn one campaign into `count` notices and deliveries, by one planner."""
    from pwa import outbox
    from pwa.clock import now
    from pwa.db import db, only_reads
    from pwa.push import campaign_notices, planner, vapid

    app, _ = _shop(database)
    with app.app_context():
        public = vapid.public_key(app.config["SETIA"])
        push_load.fill_fast(count, public, zone_where_it_is(12))
        db.session.remove()
        only_reads(False)
        campaign_notices.send(campaign_notices.Message("Menu baru", "Coba hari ini."), "planning")
        outbox.commit()
        began, steps = time.monotonic(), []
        while True:
            only_reads(False)
            step = time.monotonic()
            made = planner.fan_out(now(), 200)
            outbox.commit()
            steps.append(time.monotonic() - step)
            if not made or db.session.scalar(sa.text("SELECT 1 FROM push_broadcast"
                                                     " WHERE done_at IS NOT NULL")):  # fmt: skip
                break
        seconds = time.monotonic() - began
        total = db.session.scalar(sa.text("SELECT count(*) FROM push_delivery"))
        assert total == count, total
    return {
        "deliveries": count, "seconds": round(seconds, 2), "a_second": round(count / seconds),
        "step_p95_ms": round(statistics.quantiles(steps, n=20)[-1] * 1000, 1),
    }  # fmt: skip


def pywebpush(port: int, count: int) -> dict[str, Any]:
    python = _pywebpush_python()
    with tempfile.TemporaryDirectory() as folder:
        file, pem = _subscriptions(Path(folder), port)
        script = OTHERS / "pywebpush_one_by_one.py"
        return _run([str(python), str(script), str(file), str(pem), str(count)], port, count)


def web_push(port: int, count: int) -> dict[str, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from pwa.push import vapid

    packages(OTHERS)
    with tempfile.TemporaryDirectory() as folder:
        file, pem = _subscriptions(Path(folder), port)
        private = load_pem_private_key(pem.read_bytes(), None)
        key = vapid.Key(private, vapid.NO_CONTACT)  # type: ignore[arg-type]
        scalar = vapid.b64(key.private.private_numbers().private_value.to_bytes(32, "big"))
        script = OTHERS / "web_push_64.js"
        return _run(["node", str(script), str(file), key.public, scalar, str(count)], port, count)


def _run(command: list[str], port: int, count: int) -> dict[str, Any]:
    push_fanout.counted(port)
    done = subprocess.run(
        command, cwd=OTHERS, capture_output=True, text=True, preexec_fn=lambda: os.nice(10)
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = push_fanout.counted(port)
    assert seen["count"] == count, seen
    said = json.loads(done.stdout.splitlines()[-1])
    found = {"messages": count, "seconds": round(said["seconds"], 2),
             "a_second": round(count / said["seconds"])}  # fmt: skip
    print(command[1].rsplit("/", 1)[-1], found, flush=True)
    return found


def _subscriptions(folder: Path, port: int) -> tuple[Path, Path]:
    from pwa.push import vapid

    rows = []
    for n in range(1_000):
        p256dh, auth = push_load.key_pair()
        endpoint = f"http://127.0.0.1:{port}/wpush/v2/other-{n}"
        keys = {"p256dh": p256dh, "auth": auth}
        rows.append({"endpoint": endpoint, "keys": keys, "message": MESSAGE})
    vapid.ensure(folder)
    file = folder / "subscriptions.json"
    file.write_text(json.dumps(rows))
    return file, folder / vapid.FILE


def _pywebpush_python() -> Path:
    """A venv of its own, from hash-pinned packages: it must not change ours."""
    venv = report.BENCH.parent / "bench-pywebpush"
    python = venv / "bin" / "python"
    if not python.exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "-q", str(venv)], check=True)
        subprocess.run(
            [*uv, "pip", "install", "-q", "--python", str(python), "--require-hashes",
             "-r", str(OTHERS / "pywebpush.txt")],
            check=True,
        )  # fmt: skip
    return python


def _ratios(figures: dict[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    others = {
        name: statistics.mean((figures[name]["a_second"], figures[f"{name}_again"]["a_second"]))
        for name in ("pywebpush", "web_push")
    }
    for database in ("sqlite", "postgresql"):
        if database in figures:
            ours_ = figures[database]["fan_out"]["a_second"]
            for name, theirs in others.items():
                found[f"{database}_times_{name}"] = round(ours_ / theirs, 2)
            found[f"{database}_home_p95_ratio"] = figures[database]["home"]["ratio"]
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
