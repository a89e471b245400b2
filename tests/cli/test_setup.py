"""scripts/setup.py: what a newcomer's machine meets first."""

from __future__ import annotations

import ast
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "scripts" / "setup.py"


def test_any_python_3_can_read_it():
    ast.parse(SETUP.read_text(), feature_version=(3, 4))


def test_an_old_python_is_one_clear_line(tmp_path: Path):
    # A sitecustomize that makes this Python say that it is 3.9, and no newer one on the path.
    script = "\n".join([
        "import runpy, sys",
        "sys.version_info = (3, 9, 2, 'final', 0)",
        "sys.argv = ['setup.py', 'run']",
        f"runpy.run_path({str(SETUP)!r}, run_name='__main__')",
    ])  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("setup: Setia needs Python 3.11 or later; this is Python 3.9")
    assert done.stderr.count("\n") == 1


def test_an_unknown_purpose_is_refused():
    done = subprocess.run([sys.executable, SETUP, "play"], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_without_venv_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    names = runpy.run_path(str(SETUP))
    make = names["make_venv"]
    monkeypatch.setitem(make.__globals__, "works", lambda command: False)
    monkeypatch.setitem(make.__globals__, "VENV", str(tmp_path / "venv"))
    with pytest.raises(names["Stop"], match=r"sudo apt install python3\.\d+-venv"):
        make()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_stamp_follows_the_pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    names = runpy.run_path(str(SETUP))
    first = names["stamp"]("run")
    assert first == names["stamp"]("run")
    assert first != names["stamp"]("test")
    copy = tmp_path / "requirements"
    shutil.copytree(ROOT / "requirements", copy)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (copy / "run.txt").write_text("other==1\n")
    monkeypatch.setitem(names["stamp"].__globals__, "ROOT", str(tmp_path))
    assert names["stamp"]("run") != first
