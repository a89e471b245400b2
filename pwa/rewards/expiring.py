"""Vouchers whose time is nearly over, for statements over all members (push)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pwa.db import db
from pwa.rewards.models import Redemption, Voucher


def expiring(after: datetime, until: datetime, after_id: int, limit: int) -> Sequence[Voucher]:
    """Unused vouchers that end in (after, until], by id."""
    return db.session.scalars(
        _unused(after_id, limit).where(Voucher.expires_at > after, Voucher.expires_at <= until)
    ).all()


def unused_gifts(
    issued_after: datetime, issued_until: datetime, after_id: int, limit: int
) -> Sequence[Voucher]:
    """Unused vouchers that cost nothing, issued in (issued_after, issued_until], by id."""
    free = select(Redemption.id).where(Redemption.price_points == 0)
    return db.session.scalars(
        _unused(after_id, limit).where(
            Voucher.issued_at > issued_after,
            Voucher.issued_at <= issued_until,
            Voucher.redemption_id.in_(free),
        )
    ).all()


def is_unused(code: str) -> bool:
    """Whether the voucher with this code still waits for its till."""
    state = db.session.scalar(select(Voucher.state).where(Voucher.code == code))
    return state in ("issued", "reserved")


def _unused(after_id: int, limit: int) -> Any:
    return (
        select(Voucher)
        .where(Voucher.state == "issued", Voucher.id > after_id)
        .order_by(Voucher.id)
        .limit(limit)
    )
