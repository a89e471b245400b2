"""Which campaigns are on. The definitions are the program's; nothing is kept here."""

from __future__ import annotations

from datetime import datetime

from pwa.program import service as program
from pwa.program.schema import Campaign


def running(at: datetime) -> list[Campaign]:
    """The campaigns that are on at `at`, the one that ends first in front."""
    found = [one for one in program.current().campaigns if one.starts_at <= at < one.ends_at]
    return sorted(found, key=lambda one: one.ends_at)


def coming(at: datetime) -> list[Campaign]:
    """The campaigns that have not begun, the next one in front."""
    found = [one for one in program.current().campaigns if one.starts_at > at]
    return sorted(found, key=lambda one: one.starts_at)
