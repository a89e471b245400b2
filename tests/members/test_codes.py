"""Codes that people read aloud, and phone numbers as they type them."""

from __future__ import annotations

import pytest

from pwa.members import codes
from pwa.members.phones import BadPhone, shown, to_e164


def test_a_new_card_code_checks_and_every_slip_is_caught() -> None:
    for _ in range(50):
        code = codes.new_card_code()
        assert codes.is_card_code(code)
        for i in range(len(code)):
            for digit in set("0123456789") - {code[i]}:
                assert not codes.is_card_code(code[:i] + digit + code[i + 1 :])


def test_two_neighbouring_digits_swapped_are_caught() -> None:
    for _ in range(200):
        code = codes.new_card_code()
        for i in range(len(code) - 1):
            swapped = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
            assert swapped == code or not codes.is_card_code(swapped)


def test_a_voucher_code_has_no_look_alikes_and_every_slip_is_caught() -> None:
    for _ in range(20):
        code = codes.new_voucher_code()
        assert codes.is_voucher_code(code)
        assert not set(code) & set("01OIL")
        for i in range(len(code)):
            for letter in set(codes.LETTERS) - {code[i]}:
                assert not codes.is_voucher_code(code[:i] + letter + code[i + 1 :])


def test_codes_are_shown_in_fours() -> None:
    assert codes.in_fours("KW74F29Q") == "KW74 F29Q"


@pytest.mark.parametrize(
    "typed", ["081234567890", "6281234567890", "81234567890", "+62 812-3456-7890", "0812 3456 7890"]
)
def test_one_number_has_one_form_however_it_is_typed(typed: str) -> None:
    assert to_e164(typed) == "+6281234567890"


@pytest.mark.parametrize("typed", ["", "0812", "bukan nomor", "08123456789012345"])
def test_what_is_no_number_is_refused_by_name(typed: str) -> None:
    with pytest.raises(BadPhone):
        to_e164(typed)


def test_a_number_is_shown_the_way_it_is_written_at_home() -> None:
    assert shown("+6281234567890") == "0812-3456-7890"
