"""Codes that people read aloud: random, without look-alikes, and checked for typing slips."""

from __future__ import annotations

import secrets

# No 0 O 1 I L: nobody should have to ask which it is.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CARD_RANDOM_DIGITS = 8
VOUCHER_RANDOM_LETTERS = 7


def new_public_id() -> str:
    """An identifier that says nothing: 12 letters, about 59 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(12)).lower()


def new_card_code() -> str:
    """10 digits for a member's card; the last two check the rest (ISO 7064, MOD 97-10)."""
    body = "".join(secrets.choice("0123456789") for _ in range(CARD_RANDOM_DIGITS))
    return body + f"{98 - int(body) * 100 % 97:02d}"


def is_card_code(code: str) -> bool:
    """Whether the check digits fit: every single slip and every swap of neighbours is caught."""
    return len(code) == CARD_RANDOM_DIGITS + 2 and code.isdecimal() and int(code) % 97 == 1


def new_voucher_code() -> str:
    """8 letters for a voucher: 7 random ones and a check letter (weighted sum mod 31)."""
    body = "".join(secrets.choice(LETTERS) for _ in range(VOUCHER_RANDOM_LETTERS))
    return body + _check_letter(body)


def is_voucher_code(code: str) -> bool:
    """Whether the check letter fits the rest."""
    known = len(code) == VOUCHER_RANDOM_LETTERS + 1 and all(c in LETTERS for c in code)
    return known and _check_letter(code[:-1]) == code[-1]


def in_fours(code: str) -> str:
    """KW74F29Q as KW74 F29Q, the way it is shown and read aloud."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def base36(number: int) -> str:
    """A whole number of 0 or more, as `int(text, 36)` and JavaScript's parseInt read it."""
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[last] + digits
    return digits or "0"


def _check_letter(body: str) -> str:
    """The check letter of `body`. 31 is prime, so plain weights catch slips and swaps alike."""
    total = sum(weight * LETTERS.index(c) for weight, c in enumerate(body, start=1))
    return LETTERS[total % len(LETTERS)]
