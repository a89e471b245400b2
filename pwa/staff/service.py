"""Staff accounts and the audit log. Callers commit."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from pwa.clock import now
from pwa.db import claim, db
from pwa.errors import LoyaltyError
from pwa.members import passwords
from pwa.staff.models import Staff, StaffAct

ROLES = ("cashier", "manager", "owner")  # each may do what those before it may


class WrongStaffLogin(LoyaltyError):
    code = "wrong_login"
    words = _l("Nama atau kata sandinya belum cocok.")
    todo = _l("Periksa lagi, lalu coba sekali lagi.")


class LoginTaken(LoyaltyError):
    code = "login_taken"
    status = 409
    words = _l("Nama masuk ini sudah dipakai.")
    todo = _l("Pilih nama masuk yang lain.")


def add(login: str, name: str, role: str, password: str, outlet_code: str | None = None) -> Staff:
    """A new staff account. Raises LoginTaken."""
    assert role in ROLES, role
    row = Staff(
        login=login.strip().lower(),
        name=name,
        role=role,
        outlet_code=outlet_code,
        password_hash=passwords.hashed(password),
    )
    stored, is_ours = claim(row, login=row.login)
    if not is_ours:
        raise LoginTaken()
    record(None, "staff.added", f"staff:{stored.id}", after={"login": row.login, "role": role})
    return stored


def log_in(login: str, password: str) -> Staff:
    """The active staff account with this login and password. Raises WrongStaffLogin."""
    found = db.session.scalar(
        select(Staff).where(Staff.login == login.strip().lower(), Staff.active)
    )
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        raise WrongStaffLogin()
    return found


def by_login(login: str) -> Staff | None:
    """The active staff account with this login."""
    return db.session.scalar(select(Staff).where(Staff.login == login, Staff.active))


def may(staff: Staff, role: str) -> bool:
    """Whether this account has at least the rights of `role`."""
    return ROLES.index(staff.role) >= ROLES.index(role)


def record(
    staff: Staff | None,
    act: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write one line of the audit log; no staff means the command line."""
    staff_id = staff.id if staff else None
    db.session.add(
        StaffAct(at=now(), staff_id=staff_id, act=act, subject=subject, before=before, after=after)
    )
