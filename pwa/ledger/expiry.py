"""When points stop being spendable: pure date arithmetic on program days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

NEVER_ON: Final = date(9999, 12, 31)  # sorts last, and compares on both databases
KINDS: Final = ("never", "days", "end_of_month", "end_of_year", "inactivity")


class Terms(Protocol):
    """Whatever says how long points last, as the program file does."""

    @property
    def kind(self) -> str: ...
    @property
    def days(self) -> int | None: ...
    @property
    def months(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Expiry:
    """How long points of one source last, from the day that they can be spent."""

    kind: str = "never"
    days: int | None = None  # of "days" and "inactivity"
    months: int = 0  # of "end_of_month": how many months later

    def __post_init__(self) -> None:
        assert self.kind in KINDS, self.kind
        assert (self.days is not None) == (self.kind in ("days", "inactivity")), self
        assert self.months >= 0, self
        assert self.days is None or self.days >= 0, self

    @classmethod
    def never(cls) -> Expiry:
        return cls()

    @classmethod
    def after_days(cls, days: int) -> Expiry:
        """Spendable through the day that is `days` after the first."""
        return cls("days", days)

    @classmethod
    def end_of_month(cls, months: int = 0) -> Expiry:
        """Through the end of the month that is `months` after the first day's."""
        return cls("end_of_month", months=months)

    @classmethod
    def end_of_year(cls) -> Expiry:
        return cls("end_of_year")

    @classmethod
    def after_inactivity(cls, days: int) -> Expiry:
        """Through the day that is `days` after the member last earned or spent."""
        return cls("inactivity", days)

    @property
    def idle_days(self) -> int | None:
        return self.days if self.kind == "inactivity" else None

    def last_day(self, first_on: date) -> date:
        """The last day on which points that became spendable on `first_on` still are."""
        if self.days is not None:
            return first_on + timedelta(days=self.days)
        match self.kind:
            case "end_of_month":
                return _month_end(first_on, self.months)
            case "end_of_year":
                return date(first_on.year, 12, 31)
            case _:
                return NEVER_ON


def _month_end(on: date, months: int) -> date:
    years, month0 = divmod(on.month - 1 + months, 12)
    year = on.year + years
    return date(year, month0 + 1, monthrange(year, month0 + 1)[1])
