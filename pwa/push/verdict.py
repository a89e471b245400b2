"""What a push service's answer means, and what follows from it (push.md, Delivery). Pure."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import NamedTuple

BACKOFF_FIRST_S = 30
BACKOFF_MOST_S = 3600
PAUSE_DEFAULT_S = 60
PAUSE_MOST_S = 24 * 3600
TIMEOUT = 0  # the "status" of no answer: timed out, refused, no such host


class Follow(Enum):
    """What follows for the delivery, the subscription, the push service."""

    ACCEPTED = "accepted"
    ASIDE = "aside"  # a redirect, which is never followed: the subscription is set aside
    BAD = "bad"  # permanent for the message; five in a row retire the subscription
    REFUSED = "refused"  # our key is not believed: one mismatch, or the breaker
    GONE = "gone"
    TOO_LARGE = "too large"
    SLOW_DOWN = "slow down"  # the whole push service is paused
    AGAIN = "again"


class Answer(NamedTuple):
    """How one POST ended; status 0 is no answer at all."""

    status: int
    retry_after: str | None = None


def follow(answer: Answer) -> Follow:
    """The row of push.md's table that `answer` falls in."""
    status = answer.status
    if 200 <= status < 300:
        return Follow.ACCEPTED
    if 300 <= status < 400:
        return Follow.ASIDE
    if status in (401, 403):
        return Follow.REFUSED
    if status in (404, 410):
        return Follow.GONE
    if status == 413:
        return Follow.TOO_LARGE
    if status == 429:
        return Follow.SLOW_DOWN
    return Follow.AGAIN if status == TIMEOUT or status >= 500 else Follow.BAD


def pause_s(retry_after: str | None, now: datetime) -> float:
    """Seconds that Retry-After asks for, a number or a date; without one 60 (RFC 9110, 10.2.3)."""
    if retry_after is None:
        return PAUSE_DEFAULT_S
    text = retry_after.strip()
    if text.isdecimal():
        return float(min(int(text), PAUSE_MOST_S)) if len(text) < 9 else float(PAUSE_MOST_S)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return PAUSE_DEFAULT_S
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), float(PAUSE_MOST_S))


def backoff(attempts: int, roll: float | None = None) -> timedelta:
    """30 s x 2^n with up to half of it more, so that a thousand do not come back at once."""
    base = min(BACKOFF_FIRST_S * 2 ** min(attempts, 12), BACKOFF_MOST_S)
    jitter = random.random() if roll is None else roll  # noqa: S311 - spreads, guards nothing
    return timedelta(seconds=base * (1 + jitter / 2))
