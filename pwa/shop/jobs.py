"""What the worker does for the shop: counters whose time is over are forgotten."""

from __future__ import annotations

from datetime import datetime

from pwa import counters
from pwa.clock import program_day


def forget_counters(at: datetime, limit: int) -> int:
    """Limits of days, weeks and months that are over; those for good stay."""
    return counters.forget(program_day(at))


JOBS = {"forget counters": forget_counters}
