"""Phone numbers as people type them, stored as E.164."""

from __future__ import annotations

import phonenumbers
from flask_babel import lazy_gettext as _l

from pwa.errors import LoyaltyError


class BadPhone(LoyaltyError):
    code = "bad_phone"
    words = _l("Nomor HP ini belum lengkap.")
    todo = _l("Nomor HP biasanya 10 sampai 13 angka, seperti 0812 3456 7890.")


def to_e164(typed: str, country: str = "ID") -> str:
    """0812..., 62812..., 812... and +62812... all as +62812.... Raises BadPhone."""
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException as error:
        raise BadPhone() from error
    if not phonenumbers.is_valid_number(number):
        raise BadPhone()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(e164: str) -> str:
    """+6281234567890 as 0812-3456-7890, the way it is written at home."""
    number = phonenumbers.parse(e164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
