"""Which campaigns are on. The definitions are the program's; nothing is kept here."""

from __future__ import annotations

from datetime import datetime, timedelta

from pwa.program import service as program
from pwa.program.schema import Campaign

SOON = timedelta(days=7)  # as early as the push that announces it


def running(at: datetime) -> list[Campaign]:
    """The campaigns that are on at `at`, the one that ends first in front."""
    found = [one for one in program.campaigns(at) if one.starts_at <= at < one.ends_at]
    return sorted(found, key=lambda one: one.ends_at)


def coming(at: datetime) -> list[Campaign]:
    """The campaigns that have not begun, the next one in front."""
    found = [one for one in program.campaigns(at) if one.starts_at > at]
    return sorted(found, key=lambda one: one.starts_at)


def soon(at: datetime) -> Campaign | None:
    """The next campaign, if it begins within a week."""
    return next((one for one in coming(at) if one.starts_at <= at + SOON), None)
