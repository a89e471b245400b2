"""Every reason that moves points has words, an icon and a dye."""

from __future__ import annotations

import pytest
from flask import Flask

from pwa.languages import force_locale
from pwa.shell import drawings
from pwa.wallet import words


@pytest.mark.parametrize("reason", [*words.LOOKS, "something-new"])
@pytest.mark.parametrize("state", ["in", "out", "wait", "void"])
def test_a_movement_is_told_with_an_icon_that_exists(app: Flask, reason: str, state: str) -> None:
    with app.test_request_context(), force_locale("id"):
        assert words.title(reason, {})
        assert drawings.svg(f"icons/{words.look(reason, state).icon}")


def test_a_purchase_says_its_amount(app: Flask) -> None:
    with app.test_request_context(), force_locale("id"):
        assert words.title("purchase", {"amount_rupiah": 45000}) == "Belanja Rp45.000"


def test_a_title_of_the_programs_own_is_told_in_the_readers_language(app: Flask) -> None:
    facts = {"title": {"id": "Satu kue kering", "en": "One cookie"}}
    with app.test_request_context(), force_locale("en"):
        assert words.title("redemption", facts) == "One cookie"


def test_what_waits_looks_like_waiting_whatever_it_is(app: Flask) -> None:
    with app.test_request_context(), force_locale("id"):
        assert words.look("purchase", "wait") == words.WAITING
        assert words.small_print("purchase", "wait", {}) == "Menunggu masa retur"
