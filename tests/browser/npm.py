"""Packages from npm for the checks, pinned in tests/node/, installed when first wanted."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.browser.shop import ROOT
from tests.conftest import skip_or_fail

NODE = ROOT / "tests" / "node"
INSTALL_MOST_S = 300


def packages(folder: Path = NODE) -> Path:
    """node_modules of one package.json, as its lock file says; skips where npm can't."""
    if not (shutil.which("node") and shutil.which("npm")):
        skip_or_fail("node and npm are not installed (apt-get install nodejs npm)")
    modules = folder / "node_modules"
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = modules / ".setia-stamp"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers of pytest want it at once
        if not (stamp.exists() and stamp.read_text() == wanted):
            _install(folder)
            stamp.write_text(wanted)
    return modules


def _install(folder: Path) -> None:
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],
        cwd=folder, capture_output=True, text=True, timeout=INSTALL_MOST_S,
    )  # fmt: skip
    if done.returncode != 0:
        skip_or_fail(f"npm ci in {folder} did not work: {done.stderr[-600:]}")
