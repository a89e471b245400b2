"""When a birthday is kept. Pure: the caller says which day it is where she lives."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta
from typing import Literal, NamedTuple

Span = Literal["day", "week", "month"]
WEEK_DAYS = 7


class Window(NamedTuple):
    """The days around one birthday, both counted."""

    year: int  # of the birthday, also where the window reaches into the next
    start: date
    end: date


def kept_on(birthday: date, year: int) -> date:
    """The day a birthday is kept in a year: 29 February on the 28th in most (rule 5)."""
    if (birthday.month, birthday.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return birthday.replace(year=year)


def window(birthday: date, span: Span, year: int) -> Window:
    """That day, the seven days that begin with it, or its whole month."""
    day = kept_on(birthday, year)
    if span == "month":
        after = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        return Window(year, day.replace(day=1), after - timedelta(days=1))
    days = WEEK_DAYS if span == "week" else 1
    return Window(year, day, day + timedelta(days=days - 1))


def coming(birthday: date, span: Span, on: date) -> Window:
    """The window that is open on a day, or else the next one."""
    years = (on.year - 1, on.year, on.year + 1)
    return next(w for year in years if (w := window(birthday, span, year)).end >= on)


def a_year_after(on: date) -> date:
    """The same day a year later."""
    return kept_on(on, on.year + 1)
