"""`setia pools`: partners' codes from a file."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run
from tests.conftest import DEMO


def test_codes_are_added_once_to_a_pool_that_a_reward_names(run: Run, tmp_path: Path) -> None:
    film = """
[[rewards]]
code = "film"
kind = "partner-code"
name = "Tiket film"
text = "Satu tiket."
hand_over = "Kodenya di aplikasi"
price_points = 100
art = "tiket"
settings = { pool = "bioskop" }

[[campaigns]]"""
    program = tmp_path / "toko.toml"
    program.write_text(DEMO.read_text("utf-8").replace("\n[[campaigns]]", film, 1), "utf-8")
    assert run("init").code == 0
    assert run("program", "apply", str(program)).code == 0
    codes = tmp_path / "kode.txt"
    codes.write_text("FILM-1\n FILM-2 \n\nFILM-1\n")
    assert run("pools", "load", "bioskop", str(codes)).out == "bioskop: 2 added, 2 left\n"
    codes.write_text("FILM-2\nFILM-3\n")
    assert run("pools", "load", "bioskop", str(codes)).out == "bioskop: 1 added, 3 left\n"
    assert run("pools", "show").out == "bioskop: 3 left\n"
    refused = run("pools", "load", "salah", str(codes))
    assert refused.code == 2
    assert "the program has bioskop" in refused.err
