"""The shop's calendar of holidays, and the campaigns that follow it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from pwa.program.earning import Campaign, PlannedCampaign
from pwa.program.parts import Code, Part, Text

DayOfYear = Annotated[str, Field(pattern=r"^(\d{4}-)?\d{2}-\d{2}$")]  # "08-17", or "2027-03-10"
EVERY_YEAR = len("08-17")


class Holiday(Part):
    """A day or days that campaigns can follow and on which Home greets in words of its own."""

    code: Code
    on: Annotated[tuple[DayOfYear, ...], Field(min_length=1)]  # one that moves has many
    days: Annotated[int, Field(ge=1, le=40)] = 1
    text: Text | None = None  # {name} is the member's
    source: str = ""  # who says when it is; asked of one that is given by its year

    @field_validator("on", mode="before")
    @classmethod
    def _one_is_enough(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else given

    @field_validator("on")
    @classmethod
    def _are_days(cls, on: tuple[str, ...]) -> tuple[str, ...]:
        for day in on:
            date.fromisoformat(f"2028-{day}" if len(day) == EVERY_YEAR else day)
        return on

    @model_validator(mode="after")
    def _says_its_source(self) -> Self:
        if not self.source.strip() and any(len(day) > EVERY_YEAR for day in self.on):
            raise ValueError(
                "a feast that moves needs its `source`: a decree, or that it is an estimate"
            )
        return self

    def starts(self, year: int) -> list[date]:
        """Its first days in a year; 29 February is kept on the 28th where there is none."""
        return sorted({first for day in self.on if (first := _in_year(day, year))})


def dated(
    campaigns: Iterable[PlannedCampaign],
    holidays: Iterable[Holiday],
    zone: str,
    years: Sequence[int],
) -> tuple[Campaign, ...]:
    """Every campaign with its times; one of a holiday once for each time it is in `years`.

    Such a one is called by its code and the year, so that each has budgets of its own.
    """
    by_code = {holiday.code: holiday for holiday in holidays}
    return tuple(
        each
        for one in campaigns
        for each in _times(one, by_code.get(one.holiday or ""), zone, years)
    )


def anniversary(month: int, day: int, year: int) -> date:
    """That day in `year`; 29 February is kept on the 28th where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def _in_year(day: str, year: int) -> date | None:
    if len(day) > EVERY_YEAR:
        only = date.fromisoformat(day)
        return only if only.year == year else None
    month, of_month = (int(part) for part in day.split("-"))
    return anniversary(month, of_month, year)


def _times(
    one: PlannedCampaign, holiday: Holiday | None, zone: str, years: Sequence[int]
) -> Iterator[Campaign]:
    said = {name: getattr(one, name) for name in one.model_fields_set}
    if holiday is None:
        yield Campaign(**said)
        return
    said |= {"holiday": None, "days_before": 0, "days_after": 0}
    for year in years:
        for nth, start in enumerate(holiday.starts(year), 1):
            code = f"{one.code}-{year}" + (f"-{nth}" if nth > 1 else "")  # Lebaran, twice in 2033
            first = start - timedelta(days=one.days_before)
            after = start + timedelta(days=holiday.days + one.days_after)
            times = {"starts_at": _midnight(first, zone), "ends_at": _midnight(after, zone)}
            yield Campaign(**{**said, **times, "code": code})


def _midnight(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone))
