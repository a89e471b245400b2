"""Windows: one key from the first day to the last, and another outside."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.window import KINDS, Window, key_of, span_of

ON = date(2026, 11, 11)  # a Wednesday
DAY = timedelta(days=1)
DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))
WINDOWS = st.sampled_from(
    [Window(k) for k in sorted(KINDS - {"season"})]
    + [Window("season", date(2026, 2, 18), date(2026, 3, 20)), Window("daily", ON, ON + 9 * DAY)]
)


@pytest.mark.parametrize(
    ("window", "on", "key"),
    [
        (Window("once"), ON, "once"),
        (Window("daily"), ON, "2026-11-11"),
        (Window("weekly"), ON, "2026-W46"),
        (Window("weekly"), date(2027, 1, 3), "2026-W53"),
        (Window("weekly"), date(2024, 12, 30), "2025-W01"),
        (Window("monthly"), ON, "2026-11"),
        (Window("season", ON, ON + DAY), ON + DAY, "2026-11-11..2026-11-12"),
        (Window("season", ON, ON + DAY), ON + 2 * DAY, None),
        (Window("daily", ends_on=ON), ON + DAY, None),
        (Window("daily", starts_on=ON), ON - DAY, None),
    ],
)
def test_window_keys(window, on, key):
    assert key_of(window, on) == key


@given(WINDOWS, DATES)
def test_a_window_has_one_key_from_its_first_day_to_its_last_and_another_outside(window, on):
    span = span_of(window, on)
    assert (span is None) == (key_of(window, on) is None)
    if span is None:
        return
    first, last = span
    assert first <= on <= last
    assert key_of(window, first) == key_of(window, on) == key_of(window, last)
    if first > date.min:
        assert key_of(window, first - DAY) != key_of(window, on)
    if last < date.max:
        assert key_of(window, last + DAY) != key_of(window, on)


def test_weeks_begin_on_monday_and_months_have_their_own_length():
    assert span_of(Window("weekly"), ON) == (date(2026, 11, 9), date(2026, 11, 15))
    assert span_of(Window("monthly"), date(2028, 2, 3)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert span_of(Window("monthly"), date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("window", "sound"),
    [
        (Window("daily"), True),
        (Window("hourly"), False),
        (Window("season"), False),
        (Window("season", ON, ON), True),
        (Window("season", ON, ON - DAY), False),
        (Window("daily", ON), True),
    ],
)
def test_a_season_needs_dates_in_order(window, sound):
    assert window.is_sound() is sound
