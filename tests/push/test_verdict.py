"""What follows from each answer of a push service."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pwa.push import verdict
from pwa.push.verdict import Answer, Follow, backoff, follow, pause_s
from tests.conftest import NOON

ROWS = {
    200: Follow.ACCEPTED, 201: Follow.ACCEPTED, 202: Follow.ACCEPTED, 301: Follow.ASIDE,
    307: Follow.ASIDE, 400: Follow.BAD, 401: Follow.REFUSED, 403: Follow.REFUSED,
    404: Follow.GONE, 406: Follow.BAD, 410: Follow.GONE, 413: Follow.TOO_LARGE,
    429: Follow.SLOW_DOWN, 500: Follow.AGAIN, 502: Follow.AGAIN, 503: Follow.AGAIN, 0: Follow.AGAIN,
}  # fmt: skip


@pytest.mark.parametrize(("status", "what"), ROWS.items())
def test_each_status_has_its_row(status: int, what: Follow) -> None:
    assert follow(Answer(status)) is what


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, 60), ("0", 0), ("120", 120), (" 7 ", 7), ("soon", 60), ("-5", 60),
        ("999999999999", 86400), (format_datetime(NOON + timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOON - timedelta(minutes=5), usegmt=True), 0),
        ("Sun, 22 Nov 2026 05:10:00", 600),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(said: str | None, seconds: float) -> None:
    assert pause_s(said, NOON) == seconds


@given(st.text(max_size=40))
def test_retry_after_may_say_anything(said: str) -> None:
    assert 0 <= pause_s(said, NOON) <= verdict.PAUSE_MOST_S


def test_backing_off_doubles_with_jitter_up_to_an_hour() -> None:
    assert [backoff(n, 0).total_seconds() for n in range(4)] == [30, 60, 120, 240]
    assert backoff(3, 1).total_seconds() == 360
    assert backoff(50, 1).total_seconds() == 5400
