"""Our own fan-out: a campaign through database, planner and workers to the sink."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
SETIA = [sys.executable, "-c", "from pwa.cli import main; main()"]


def environment(var: Path, database_url: str | None, web_port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SETIA_")}
    found = {
        **kept, "SETIA_VAR": str(var), "SETIA_PUSH_HOSTS": "127.0.0.1",
        "SETIA_PORT": str(web_port),
    }  # fmt: skip
    return {**found, "SETIA_DATABASE_URL": database_url} if database_url else found


def setia(env: dict[str, str], *words: str) -> str:
    done = subprocess.run([*SETIA, *words], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def running(env: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with (Path(env["SETIA_VAR"]) / f"{words[-1]}.log").open("ab") as log:
        process = subprocess.Popen([*SETIA, *words], cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def sink(port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.push_sink", str(port)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _until_it_answers(port)
        yield
    finally:
        process.kill()
        process.wait()


def counted(port: int) -> dict[str, Any]:
    """What the sink has counted since it was last asked."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/count", timeout=30) as answer:
        return json.loads(answer.read())


def _until_it_answers(port: int) -> None:
    for _ in range(200):
        try:
            counted(port)
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the sink does not start")


def peak_mib(pid: int) -> float:
    """The most memory that the process has had (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(kib) / 1024


def fan_out(
    app: Any, env: dict[str, str], count: int, sink_port: int, workers: int = 2
) -> dict[str, Any]:
    """Send a campaign to everybody; ends when every delivery row is written."""
    from pwa import outbox
    from pwa.db import only_reads
    from pwa.push import campaign_notices

    with _many(env, workers) as processes:
        _wait_idle(processes)
        counted(sink_port)
        text = "Coba hari ini di Tebet."
        message = campaign_notices.Message("Menu baru, {nama}", text, "/rewards")
        with app.app_context():
            only_reads(False)
            cpu = _cpu_s(processes)
            campaign_notices.send(message, f"bench-{time.time_ns()}")
            outbox.commit()
            began = time.time()
            _wait_written(count)
            ended = time.time()
        cpu = _cpu_s(processes) - cpu
        memory = [round(peak_mib(process.pid), 1) for process in processes]
    seen = counted(sink_port)
    assert seen["count"] == seen["different"] == count, seen
    return {
        "messages": count,
        "first_after_s": round(seen["first"] - began, 3),
        "seconds": round(ended - began, 2),
        "a_second": round(count / (ended - began)),
        "peak_mib_a_worker": memory,
        "workers_cpu_us_a_message": round(cpu / count * 1e6),
    }


@contextmanager
def _many(env: dict[str, str], workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield [stack.enter_context(running(env, "worker")) for _ in range(workers)]


def _cpu_s(processes: list[subprocess.Popen[bytes]]) -> float:
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for process in processes:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / ticks


def _wait_idle(processes: list[subprocess.Popen[bytes]]) -> None:
    """Until the workers have started and rest: two seconds without much work."""
    before = -1.0
    for _ in range(60):
        spent = _cpu_s(processes)
        if spent > 1 and spent - before < 0.3:
            return
        before = spent
        time.sleep(2)
    raise AssertionError("the workers never rest")


def _wait_written(count: int) -> None:
    from pwa.db import db, reading
    from pwa.push.models import Broadcast, Delivery

    def finished() -> bool:
        with reading():
            open_ = db.session.scalar(select(func.count()).where(Broadcast.done_at.is_(None)))
            due = select(Delivery.id).where(Delivery.state.in_(("queued", "deferred", "sending")))
            waiting = db.session.scalar(due.limit(1))
            db.session.rollback()
        return not open_ and waiting is None

    deadline = time.monotonic() + 1800
    while not finished():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with reading():
        rows = dict(db.session.execute(
            select(Delivery.state, func.count()).group_by(Delivery.state)
        ).all())  # fmt: skip
        db.session.rollback()
    assert rows == {"accepted": count}, rows
