"""A running Setia and a phone to use it with, for the browser tests and for screenshots."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
SETIA = [sys.executable, "-c", "from pwa.cli import main; main()"]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}
START_MOST_S = 60


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Shop:
    """A running Setia of its own: its address, and its command line."""

    def __init__(self, var: Path) -> None:
        port = free_port()
        self.url = f"http://localhost:{port}"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("SETIA_")},
            "SETIA_VAR": str(var),
            "SETIA_PORT": str(port),
            "SETIA_PUBLIC_URL": self.url,
        }
        self.log = var / "serve.log"
        self.setia("init")
        self.setia("demo")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*SETIA, "serve"], cwd=ROOT, env=self.env, stdout=log, stderr=log
            )
        wait_for(self.url + "/login", self.process, self.log)

    def setia(self, *words: str) -> str:
        done = subprocess.run(
            [*SETIA, *words], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when `url` answers; fail with the server's own words if it stops or stays silent."""
    deadline = time.monotonic() + START_MOST_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:  # refused, reset, or not within two seconds
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url}: {log.read_text()}")


def open_browser(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


class Phone:
    """One person's phone: a page of its own, and whatever went wrong on it."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        options = {"viewport": PHONE, "locale": "id-ID", "has_touch": True, **options}
        self.context = browser.new_context(base_url=url, timezone_id="Asia/Jakarta", **options)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", self._note)
        self.page.on("console", self._listen)

    def _note(self, error: Exception) -> None:
        # A page that is left in the middle of its view transition says so; nobody is hurt.
        if "Transition was" not in str(error):
            self.errors.append(str(error))

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def picture(self, name: str) -> None:
        folder = ROOT / "screenshots" / "loop"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png")
