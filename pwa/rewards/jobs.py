"""What the worker does for rewards when it is due."""

from __future__ import annotations

from datetime import datetime

from pwa.rewards import gifts, vouchers


def expire(at: datetime, limit: int) -> int:
    return vouchers.expire_due(limit)


JOBS = {"expire vouchers": expire, "return gifts": gifts.lapse_due}
