from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class Staff(Base):
    """Somebody who works for the shop: cashier, manager or owner."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("role in ('cashier', 'manager', 'owner')", name="role_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    outlet_code: Mapped[str | None]  # where this person usually works
    password_hash: Mapped[str]
    session_epoch: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    pin_hash: Mapped[str | None]  # argon2id of four digits; see pins.py
    pin_tries: Mapped[int] = mapped_column(default=0)  # wrong ones since the last right one


class StaffAct(Base):
    """What somebody of the staff did: who, what, before and after. Append-only."""

    __tablename__ = "staff_act"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    act: Mapped[str]  # "purchase.recorded", "voucher.used", ...
    subject: Mapped[str]  # "member:17", "voucher:KW74F29Q"
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
