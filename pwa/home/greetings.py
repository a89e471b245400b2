"""How Home greets: by the reader's own clock, and on a holiday by the holiday's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pwa.phrases import say as _
from pwa.program.holidays import Holiday, anniversary


def greeting(name: str, local: datetime, holiday: Holiday | None, language: str) -> str:
    """One line for a member called `name`, whose clock shows `local`, on a `holiday`, if it is."""
    first = name.split()[0]
    if holiday is not None and holiday.text is not None:
        return holiday.text.in_(language).replace("{name}", first)
    part = part_of_day(local.hour)
    if part == "pagi":
        return _("Pagi, %(name)s", name=first)
    if part == "siang":
        return _("Siang, %(name)s", name=first)
    if part == "sore":
        return _("Sore, %(name)s", name=first)
    return _("Malam, %(name)s", name=first)


def part_of_day(hour: int) -> str:
    """Pagi from 4, siang from 11, sore from 15, malam from 18, as Indonesians divide a day."""
    if 4 <= hour < 11:
        return "pagi"
    if 11 <= hour < 15:
        return "siang"
    return "sore" if 15 <= hour < 18 else "malam"


def today(on: date, holidays: Iterable[Holiday]) -> Holiday | None:
    """The first of `holidays` with a greeting that is kept on that day."""
    return next((one for one in holidays if one.text and is_kept(one, on)), None)


def is_kept(holiday: Holiday, on: date) -> bool:
    """Whether `on` is one of its days; one may begin in December and last into January."""
    starts = [*holiday.starts(on.year), *holiday.starts(on.year - 1)]
    return any(first <= on < first + timedelta(days=holiday.days) for first in starts)


def is_birthday(birthday: date | None, on: date) -> bool:
    """Whether `on` is her birthday."""
    return birthday is not None and on == anniversary(birthday.month, birthday.day, on.year)
