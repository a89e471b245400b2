"""A machine of one's own: an empty folder, no settings, and the command."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pwa.cli import main


class Said(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for SETIA_VAR; no other setting of this machine reaches the test."""
    for name in list(os.environ):
        if name.startswith("SETIA_") and not name.startswith("SETIA_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SETIA_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `setia WORDS` in this process."""

    def ran(*words: str) -> Said:
        code = 0
        try:
            main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        return Said(code, *capsys.readouterr())

    return ran


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    before = logging.root.handlers[:]
    yield
    logging.root.handlers[:] = before


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
