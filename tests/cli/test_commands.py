"""Commands, as an operator types them: what they do, and what they say when they can't."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pwa.push import vapid
from pwa.rewards import signing
from tests.cli.conftest import Run
from tests.conftest import DEMO


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_help_lists_every_command(run: Run):
    said = run("--help")
    assert said.code == 0
    for name in ("demo", "doctor", "init", "ledger", "program", "serve", "staff", "tick", "web"):
        assert f"\n  {name} " in said.out


def test_init_makes_what_is_missing_private_and_once(run: Run, var: Path):
    first = run("init")
    assert first.code == 0
    assert "the database is at revision" in first.out
    assert mode(var) == 0o700
    assert mode(var / "secret_key") == mode(var / vapid.FILE) == 0o600
    kept = (var / vapid.FILE).read_bytes(), (var / "secret_key").read_bytes()
    assert run("init").out == "Nothing to do: all is there already.\n"
    assert ((var / vapid.FILE).read_bytes(), (var / "secret_key").read_bytes()) == kept


def test_init_closes_a_folder_that_others_could_read(run: Run, var: Path):
    var.mkdir(mode=0o755)
    assert "is now private" in run("init").out
    assert mode(var) == 0o700


def test_a_folder_that_cannot_be_written_is_one_clear_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SETIA_VAR", str(tmp_path / "file" / "var"))
    said = run("init")
    assert said.code == 2
    assert said.err.startswith("setia: SETIA_VAR: can't write ")
    assert said.err.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_one_clear_line(run: Run, var: Path):
    var.mkdir(mode=0o500)
    said = run("init")
    assert (said.code, said.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SETIA_PORT", "high", "SETIA_PORT must be a whole number"),
        ("SETIA_ENV", "prod", "SETIA_ENV must be one of"),
        ("SETIA_ENV", "production", "SETIA_SECRET_KEY must be set in production"),
        ("SETIA_DATABASE_URL", "mysql://x", "SETIA_DATABASE_URL must start with"),
    ],
)
def test_a_bad_setting_is_one_clear_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
):
    monkeypatch.setenv(name, value)
    said = run("init")
    assert said.code == 2
    assert words in said.err
    assert said.err.count("\n") == 1


def test_a_database_that_is_away_is_one_clear_line(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SETIA_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    said = run("init")
    assert said.code == 2
    assert "the database refuses" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("words", [("serve",), ("web",), ("worker",)])
def test_what_serves_refuses_a_database_that_is_behind(
    run: Run, monkeypatch: pytest.MonkeyPatch, free_port: int, words: tuple[str, ...]
):
    monkeypatch.setenv("SETIA_PORT", str(free_port))
    said = run(*words)
    assert said.code == 2
    assert "run setia init" in said.err


def test_a_dry_run_shows_the_changes_and_makes_none(run: Run, tmp_path: Path):
    run("init")
    run("program", "apply", str(DEMO))
    changed = tmp_path / "changed.toml"
    changed.write_text(DEMO.read_text().replace("welcome_points = 50", "welcome_points = 75"))
    said = run("program", "apply", str(changed), "--dry-run")
    assert said.out.splitlines()[0] == "~ program.welcome_points: 50 -> 75"
    assert "Nothing was changed" in said.out
    assert "welcome_points = 50" in run("program", "export").out
    assert "Kopi Kawan is in force" in run("program", "apply", str(changed)).out
    assert "welcome_points = 75" in run("program", "export").out


def test_applying_twice_and_applying_the_export_change_nothing(run: Run, tmp_path: Path):
    run("init")
    run("program", "apply", str(DEMO))
    assert "Nothing to change" in run("program", "apply", str(DEMO)).out
    path = tmp_path / "export.toml"
    assert run("program", "export", str(path)).code == 0
    assert "Nothing to change" in run("program", "apply", str(path)).out


def test_a_bad_file_is_refused_with_line_and_key(run: Run, tmp_path: Path):
    run("init")
    path = tmp_path / "bad.toml"
    path.write_text(DEMO.read_text().replace("welcome_points = 50", "welcome_points = -1"))
    said = run("program", "apply", str(path))
    assert said.code == 2
    assert "line 18: program.welcome_points: must be 0 or more, not -1" in said.err
    assert "Traceback" not in said.err


def test_without_a_program_an_export_says_what_to_do(run: Run):
    run("init")
    said = run("program", "export")
    assert (said.code, said.out) == (2, "")
    assert "setia program apply FILE" in said.err


def test_staff_is_added_once(run: Run):
    run("init")
    run("program", "apply", str(DEMO))
    words = ("staff", "add", "Budi", "--name", "Budi", "--outlet", "tebet", "--password", "p" * 8)
    assert run(*words).out == "budi can log in at /till as cashier.\n"
    again = run(*words)
    assert again.code == 2
    assert again.err.startswith("setia: Nama masuk ini sudah dipakai.")


def test_staff_at_an_unknown_outlet_is_refused_with_the_known_ones(run: Run):
    run("init")
    run("program", "apply", str(DEMO))
    said = run("staff", "add", "x", "--name", "X", "--outlet", "depok", "--password", "p" * 8)
    assert said.code == 2
    assert "tebet, kemang" in said.err


def test_doctor_tells_what_is_bad_and_how_to_mend_it(run: Run):
    ill = run("doctor")
    assert ill.code == 1
    assert ill.out.count("mend it: setia init") == 3
    run("init")
    assert "mend it: setia program apply FILE" in run("doctor").out
    run("program", "apply", str(DEMO))
    well = run("doctor")
    assert (well.code, "\nbad" in well.out) == (0, False), well.out


def test_doctor_sees_a_key_that_others_can_read(run: Run, var: Path):
    run("init")
    (var / vapid.FILE).chmod(0o644)
    assert f"mend it: chmod 600 {var / vapid.FILE}" in run("doctor").out


def test_doctor_looks_at_the_key_that_signs_vouchers(run: Run, var: Path):
    run("init")
    path = var / signing.FILE
    assert "ok   till key" in run("doctor").out
    path.chmod(0o644)
    assert f"mend it: chmod 600 {path}" in run("doctor").out
    path.write_text("no key at all")
    assert f"bad  till key     {path} can't be read" in run("doctor").out
    path.unlink()
    assert f"bad  till key     no {path}" in run("doctor").out


def test_doctor_sees_that_a_running_setia_signs_with_another_key(
    run: Run, var: Path, monkeypatch: pytest.MonkeyPatch
):
    run("init")
    for told, ok in ((signing.public_key_of(var / signing.FILE), True), ("another", False)):
        with answering(json.dumps({"key": told})) as port:
            monkeypatch.setenv("SETIA_PORT", str(port))
            said = run("doctor").out
        assert ("ok   till key" in said) is ok
        assert ("mend it: restart Setia" in said) is not ok


@contextmanager
def answering(text: str) -> Iterator[int]:
    """A server that says this to whoever asks: its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_doctor_names_a_bad_setting(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SETIA_PORT", "0")
    said = run("doctor")
    assert said.code == 1
    assert "bad  settings" in said.out


def test_tick_says_as_of_when_and_what_it_did(run: Run):
    run("init")
    run("program", "apply", str(DEMO))
    said = run("tick", "--now", "2026-12-12T00:00:00")
    assert said.out.startswith("As of 2026-12-12 00:00:00 WIB:\n")
    assert run("tick", "--now", "soon").code == 2
