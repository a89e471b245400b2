"""When a birthday is kept, over every day of years with and without a 29 February."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pwa.members import birthdays
from pwa.members.birthdays import Window

DAYS = [date(1996, 1, 1) + timedelta(days=n) for n in range(366)]


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_everybody_has_one_birthday_a_year(year: int) -> None:
    for born in DAYS:
        kept = birthdays.kept_on(born, year)
        assert kept.year == year
        if (born.month, born.day) != (2, 29):
            assert (kept.month, kept.day) == (born.month, born.day)
    assert birthdays.kept_on(date(1996, 2, 29), 2027) == date(2027, 2, 28)
    assert birthdays.kept_on(date(1996, 2, 29), 2028) == date(2028, 2, 29)


@pytest.mark.parametrize("span", ["day", "week", "month"])
def test_on_every_day_there_is_a_window_open_or_coming(span: birthdays.Span) -> None:
    for born in DAYS[::5]:
        for n in range(0, 800, 3):
            on = date(2026, 12, 1) + timedelta(days=n)
            found = birthdays.coming(born, span, on)
            assert found.end >= on
            earlier = birthdays.window(born, span, found.year - 1)
            assert earlier.end < on, "the one before is over"
            assert found.start <= birthdays.kept_on(born, found.year) <= found.end


def test_worked_windows() -> None:
    born = date(1998, 12, 29)
    assert birthdays.window(born, "day", 2026) == Window(
        2026, date(2026, 12, 29), date(2026, 12, 29)
    )
    over = birthdays.window(born, "week", 2026)
    assert over == Window(2026, date(2026, 12, 29), date(2027, 1, 4))
    assert birthdays.coming(born, "week", date(2027, 1, 2)) == over
    assert birthdays.coming(born, "week", date(2027, 1, 5)).year == 2027
    month = birthdays.window(date(1996, 2, 29), "month", 2027)
    assert month == Window(2027, date(2027, 2, 1), date(2027, 2, 28))
