"""A shop that runs in processes of its own (`setia web`, `setia worker`), for tests of push."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.browser.shop import free_port
from tests.conftest import DEMO

ROOT = Path(__file__).resolve().parents[2]
SETIA = [sys.executable, "-c", "from pwa.cli import main; main()"]


class Running:
    """A shop with the demo program, a web process, and as many workers as a test starts."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.var = var
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("SETIA_")},
            "SETIA_VAR": str(var),
            "SETIA_PORT": str(self.port),
            "SETIA_PUBLIC_URL": self.url,
            "SETIA_PUSH_HOSTS": "127.0.0.1",
            **settings,
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.setia("init")

    def setia(self, *words: str) -> str:
        done = subprocess.run(
            [*SETIA, *words], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def apply(self, text: str) -> None:
        """Put this program file into force."""
        file = self.var / "program.toml"
        file.write_text(text, encoding="utf-8")
        self.setia("program", "apply", str(file))

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """A long-running command, ended with the test."""
        with (self.var / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [*SETIA, *words], cwd=ROOT, env=self.env, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def serve(self) -> None:
        self.start("web")
        deadline = time.monotonic() + 150
        while True:
            try:
                urllib.request.urlopen(self.url + "/login", timeout=20)
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert time.monotonic() < deadline, self.log("web")
                time.sleep(0.1)

    def log(self, name: str) -> str:
        return (self.var / f"{name}.log").read_text()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            process.wait(timeout=30)


def zone_where_it_is(hour: int) -> str:
    """A zone in which the clock says `hour` now, so that a test needs no other clock."""
    ahead = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def today_in(zone: str) -> datetime:
    return datetime.now(ZoneInfo(zone))


def program(zone: str, campaign: bool = False) -> str:
    """The demo program in another zone, with a double-points campaign that is on now, or none."""
    text = DEMO.read_text(encoding="utf-8")
    text = re.sub(r'^zone = ".*"$', f'zone = "{zone}"', text, count=1, flags=re.MULTILINE)
    if f'zone = "{zone}"' not in text:
        text = text.replace("[program]\n", f'[program]\nzone = "{zone}"\n', 1)
    text = re.sub(r"\[\[campaigns\]\]\n(?:.+\n)+", "", text)
    if campaign:
        start = datetime.now(UTC) - timedelta(minutes=1)
        end = start + timedelta(hours=7)
        text += CAMPAIGN.format(start=start.isoformat(), end=end.isoformat())
    return text


CAMPAIGN = """
[[campaigns]]
code = "ganda-hari-ini"
name = {{ id = "Poin ganda", en = "Double points" }}
text = {{ id = "Semua belanja dihitung dua kali.", en = "Every purchase counts twice." }}
starts_at = {start}
ends_at = {end}
multiplier_percent = 200
"""
