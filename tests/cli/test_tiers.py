"""`setia tiers`: by hand, with a day and a reason."""

from __future__ import annotations

from pathlib import Path

from pwa import create_app
from tests.cli.conftest import Run
from tests.conftest import DEMO
from tests.people import PHONES, join


def test_a_tier_is_given_and_ended(run: Run, var: Path) -> None:
    assert run("init").code == 0
    assert run("program", "apply", str(DEMO)).code == 0
    app = create_app()
    with app.app_context():
        join("Sari")
    phone = PHONES["Sari"]
    until = ("--until", "2099-12-31")
    given = run("tiers", "grant", phone, "kawan-setia", *until, "--reason", "Tamu pembukaan")
    assert (given.code, given.out) == (0, f"{phone}: kawan-setia until 2099-12-31\n")
    refused = run("tiers", "grant", phone, "emas", *until, "--reason", "Tamu pembukaan")
    assert refused.code == 2
    assert "tidak bisa diberikan" in refused.err
    ended = run("tiers", "end", phone, "--reason", "Salah orang")
    assert ended.out == f"{phone}: 1 ended\n"
    assert "nothing" in run("tiers", "end", phone, "--reason", "Salah orang").out
    assert run("tiers", "grant", "4471903599", "kawan-setia", *until, "--reason", "x y z").code == 2
