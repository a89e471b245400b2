"""A cashier's PIN: four digits that switch a till to them, where they had logged in before.

Four digits are little, so they open nothing alone: they count only on a device that knows this
account, five wrong ones block them until the password is said, and owners have none.
Callers commit, also after a wrong one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa.db import db
from pwa.errors import LoyaltyError, NotAllowed
from pwa.members import passwords
from pwa.staff import service
from pwa.staff.models import Staff

DIGITS = 4
TRIES_MOST = 5


class WrongPassword(LoyaltyError):
    code = "wrong_password"
    words = _l("Kata sandinya belum cocok.")
    todo = _l("Periksa lagi, lalu coba sekali lagi.")


class WeakPin(LoyaltyError):
    code = "weak_pin"
    words = _l("PIN ini terlalu mudah ditebak.")
    todo = _l("Pakai empat angka yang tidak sama semua dan tidak berurutan.")


class WrongPin(LoyaltyError):
    code = "wrong_pin"
    words = _l("PIN-nya belum cocok.")
    todo = _l("Coba lagi. Setelah lima kali salah, masuk dengan kata sandi.")


class PinBlocked(LoyaltyError):
    code = "pin_blocked"
    status = 403
    words = _l("PIN ini tidak bisa dipakai.")
    todo = _l("Masuk dengan kata sandi, PIN-nya lalu bisa dipakai lagi.")


def may_have(staff: Staff) -> bool:
    """Owners log in with their password: too much is behind it."""
    return staff.role != "owner"


def set_pin(staff: Staff, password: str, pin: str) -> None:
    """Give this account a PIN. Raises WrongPassword, WeakPin, NotAllowed for an owner."""
    if not may_have(staff):
        raise NotAllowed()
    if not passwords.matches(staff.password_hash, password):
        raise WrongPassword()
    if _is_weak(pin):
        raise WeakPin()
    staff.pin_hash = passwords.hashed(pin)
    staff.pin_tries = 0
    service.record(staff, "staff.pin_set", f"staff:{staff.id}")


def check(staff: Staff, pin: str) -> LoyaltyError | None:
    """What is wrong with this PIN; None if it is right. A wrong one is counted and logged.

    The count is taken before the PIN is looked at, by one guarded UPDATE, so that many at once
    have no more tries than one.
    """
    open_ = update(Staff).where(
        Staff.id == staff.id, Staff.active, Staff.pin_hash.is_not(None),
        Staff.pin_tries < TRIES_MOST,
    )  # fmt: skip
    taken: Any = db.session.execute(open_.values(pin_tries=Staff.pin_tries + 1))
    db.session.refresh(staff)
    if not taken.rowcount or not may_have(staff):
        return PinBlocked()
    if not passwords.matches(staff.pin_hash, pin):
        service.record(None, "staff.pin_wrong", f"staff:{staff.id}", after={"try": staff.pin_tries})
        return WrongPin()
    forgive(staff)
    return None


def forgive(staff: Staff) -> None:
    """The password was said: wrong PINs count from none again."""
    staff.pin_tries = 0


def with_pin(ids: Iterable[int]) -> Sequence[Staff]:
    """Those of these accounts that can be switched to, by name."""
    found = select(Staff).where(
        Staff.id.in_(set(ids)), Staff.active, Staff.pin_hash.is_not(None), Staff.role != "owner"
    )
    return db.session.scalars(found.order_by(Staff.name, Staff.id)).all()


def _is_weak(pin: str) -> bool:
    """Anything but four digits, all the same, or in a row."""
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", pin):
        return True
    steps = {int(b) - int(a) for a, b in itertools.pairwise(pin)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
