"""`setia push` and `setia stock`."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import DEMO


@pytest.fixture
def shop(run: Run) -> Run:
    assert run("init").code == 0
    assert run("program", "apply", str(DEMO)).code == 0
    return run


def test_keys_are_made_once_and_private(shop: Run, var: Path) -> None:
    first = shop("push", "keys", "show").out
    assert shop("push", "keys", "show").out == first
    assert first.startswith("public key   B")
    assert "0 subscriptions" in first
    assert stat.S_IMODE((var / "vapid_private.pem").stat().st_mode) == 0o600


def test_rotating_shows_a_new_key_and_keeps_no_old_one_that_nobody_uses(
    shop: Run, var: Path
) -> None:
    first = shop("push", "keys", "show").out
    rotated = shop("push", "keys", "rotate", "--yes")
    assert rotated.code == 0
    assert rotated.out != first
    assert list((var / "vapid_old").iterdir()) == []


def test_stock_is_set_and_wrong_names_are_named(shop: Run) -> None:
    assert shop("stock", "set", "CROISSANT", "3", "--outlet", "tebet").out.endswith("-> 3\n")
    again = shop("stock", "set", "CROISSANT", "0", "--outlet", "tebet")
    assert again.out == "CROISSANT at tebet: 3 -> 0\n"
    wrong = shop("stock", "set", "NO-SUCH", "3", "--outlet", "tebet")
    assert wrong.code == 2
    assert "NO-SUCH" in wrong.err
    assert "tebet, kemang" in shop("stock", "set", "CROISSANT", "3", "--outlet", "x").err
    assert shop("stock", "set", "CROISSANT", "-1", "--outlet", "tebet").code == 2


def test_pausing_is_seen_in_the_health(shop: Run) -> None:
    assert shop("push", "health").out == "waiting: 0\n"
    assert shop("push", "pause").code == 0
    assert "paused by the owner" in shop("push", "health").out
    shop("push", "resume")
    assert shop("push", "health").out == "waiting: 0\n"


def test_a_tick_begins_what_the_calendar_says(shop: Run) -> None:
    said = shop("tick", "--now", "2026-12-12T00:00:00+07:00").out
    assert "begin broadcasts" in said
    assert shop("push", "health").code == 0
