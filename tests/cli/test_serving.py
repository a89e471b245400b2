"""`setia serve` as a process group: it answers, mends itself, and goes when it is told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from pwa.cli import main; main()"]
MOST_S = 60


def wait_for(true: object) -> None:
    deadline = time.monotonic() + MOST_S
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def children(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in found}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "serve.log"


@pytest.fixture
def serving(var: Path, log: Path, free_port: int) -> Iterator[subprocess.Popen[bytes]]:
    environ = {**os.environ, "SETIA_PORT": str(free_port)}
    with log.open("wb") as out:
        process = subprocess.Popen([*COMMAND, "serve", "--demo"], cwd=ROOT, env=environ,
                                   stdout=out, stderr=out)  # fmt: skip
    try:
        wait_for(lambda: process.poll() is not None or answers(free_port))
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        process.kill()
        process.wait()


def test_it_answers_mends_a_dead_part_and_stops_without_a_trace(
    serving: subprocess.Popen[bytes], log: Path, free_port: int
):
    assert "0812-1000-0001" in log.read_text()
    before = children(serving.pid)
    assert len(before) == 2
    for child in before:
        os.kill(child, signal.SIGKILL)
    wait_for(lambda: len(children(serving.pid) - before) == 2 and answers(free_port))
    assert "starting it again" in log.read_text()
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(MOST_S) == 0
    assert not answers(free_port)
    assert "Traceback" not in log.read_text()


def test_its_parts_go_when_it_is_killed(serving: subprocess.Popen[bytes], free_port: int):
    serving.kill()
    serving.wait()
    wait_for(lambda: not answers(free_port))


def test_a_busy_port_is_one_clear_line(run: Run, monkeypatch: pytest.MonkeyPatch, free_port: int):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        monkeypatch.setenv("SETIA_PORT", str(free_port))
        said = run("serve")
    assert said.code == 2
    assert f"port {free_port} on 127.0.0.1 is taken" in said.err
    assert said.err.count("\n") == 1
