"""What purchases earn: the base, rules that always hold, and campaigns between two instants."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pwa.program.parts import Art, Code, Part, Points, Rupiah, Sku, Text

# What points come from (the ledger's sources); "default" is for those that aren't named.
PointsFrom = Literal[
    "default", "purchase", "mission", "wheel", "quiz", "referral", "birthday", "campaign",
    "adjustment", "welcome",
]  # fmt: skip

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Payment = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=24)]
ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]  # program time


class Expiry(Part):
    """When points earned expire; `days` is for the kinds that count days."""

    kind: Literal["never", "days", "end_of_month", "end_of_year", "inactivity"] = "never"
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    months: Annotated[int, Field(ge=0, le=60)] = 0  # end_of_month: of the month so many later

    @model_validator(mode="after")
    def _days_where_counted(self) -> Self:
        if (self.kind in ("days", "inactivity")) != (self.days is not None):
            raise ValueError('`days` goes with kind = "days" or "inactivity", and only there')
        return self


class Rule(Part):
    """When a purchase earns more (or otherwise), what it earns, and how far that goes.

    Conditions left empty always hold. `categories`, `products` and `eco` choose goods: the
    rule counts only those lines of the purchase. The rest decide about the whole purchase.
    """

    code: Code
    name: Text
    # which goods
    categories: tuple[Code, ...] = ()
    products: tuple[Sku, ...] = ()
    brands: tuple[Code, ...] = ()
    eco: bool = False  # eco-friendly goods; all of them where a cup was brought
    # which purchases
    weekdays: tuple[Weekday, ...] = ()
    days_of_month: tuple[Annotated[int, Field(ge=1, le=31)], ...] = ()
    from_time: ClockTime | None = None
    until_time: ClockTime | None = None  # not included; before from_time: past midnight
    outlets: tuple[Code, ...] = ()
    channels: tuple[Code, ...] = ()
    payments: tuple[Payment, ...] = ()
    minimum_rupiah: Rupiah = 0
    # whose purchases
    tiers: tuple[Code, ...] = ()
    joined_within_days: Annotated[int, Field(ge=1, le=3660)] | None = None  # new members only
    birthday: Literal["day", "week", "month"] | None = None  # only around her birthday
    away_days: Annotated[int, Field(ge=1, le=3660)] | None = None  # since she last bought, at least
    bought_categories: tuple[Code, ...] = ()  # one of these, in the last 90 days
    # what it gives
    rupiah_per_point: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    multiplier_percent: Annotated[int, Field(ge=100, le=1000)] = 100
    bonus_points: Points = 0  # once a purchase
    points_each: Points = 0  # for each piece of the goods
    # how far it goes
    stacks: bool = False  # false: of the rules that don't stack, the one that gives most counts
    most_points: Annotated[int, Field(ge=1)] | None = None  # a purchase
    member_day_points: Annotated[int, Field(ge=1)] | None = None
    member_points: Annotated[int, Field(ge=1)] | None = None  # as long as it runs
    budget_points: Annotated[int, Field(ge=1)] | None = None  # for everyone together

    @property
    def asks_about_her(self) -> bool:
        """Whether it is for some members only, by more than their tier."""
        asked = (self.joined_within_days, self.birthday, self.away_days)
        return any(each is not None for each in asked) or bool(self.bought_categories)

    @property
    def asks_what_she_bought(self) -> bool:
        return self.away_days is not None or bool(self.bought_categories)

    @model_validator(mode="after")
    def _gives_something(self) -> Self:
        gifts = (self.bonus_points, self.points_each, self.rupiah_per_point)
        if self.multiplier_percent == 100 and not any(gifts):
            raise ValueError(
                "gives nothing: set multiplier_percent above 100, bonus_points, points_each "
                "or rupiah_per_point"
            )
        return self


class EarningRule(Rule):
    """A rule that always holds: another rate for Gold, a bonus for bringing a cup."""


class PlannedCampaign(Rule):
    """Something that is on between two instants, or whenever a holiday is; Home shows it."""

    text: Text
    art: Art = "ganda"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    holiday: Code | None = None  # instead: a code of [[holidays]]
    days_before: Annotated[int, Field(ge=0, le=60)] = 0
    days_after: Annotated[int, Field(ge=0, le=60)] = 0
    multiplier_percent: Annotated[int, Field(ge=100, le=1000)] = 200

    @model_validator(mode="after")
    def _has_its_time(self) -> Self:
        times = (self.starts_at, self.ends_at)
        if self.holiday:
            if any(times):
                raise ValueError("a campaign has a holiday, or starts_at and ends_at, not both")
            return self
        if self.starts_at is None or self.ends_at is None:
            raise ValueError("a campaign needs starts_at and ends_at, or a holiday")
        if self.days_before or self.days_after:
            raise ValueError("days_before and days_after go with a holiday")
        return self._in_order(self.starts_at, self.ends_at)

    def _in_order(self, starts_at: datetime, ends_at: datetime) -> Self:
        if starts_at.tzinfo is None or ends_at.tzinfo is None:
            raise ValueError("starts_at and ends_at need an offset, like 2026-11-11T00:00:00+07:00")
        if ends_at <= starts_at:
            raise ValueError("ends_at must be after starts_at")
        return self


class Campaign(PlannedCampaign):
    """A campaign with its times: what holidays there are is settled."""

    starts_at: datetime
    ends_at: datetime


class Earning(Part):
    """What a purchase earns: floor(base / rupiah_per_point x multipliers), once, at the end."""

    rupiah_per_point: Annotated[int, Field(ge=1, le=10_000_000)]
    count_tax: bool = False
    count_shipping: bool = False
    count_discounts: bool = False  # true: what was discounted still earns
    count_vouchers: bool = False  # true: what a voucher paid still earns
    minimum_rupiah: Rupiah = 0
    most_points: Annotated[int, Field(ge=1)] | None = None  # a purchase, all rules together
    return_days: Annotated[int, Field(ge=0, le=90)] = 0  # points are pending so long
    excluded_categories: tuple[Code, ...] = ()
    excluded_payments: tuple[Payment, ...] = ()
    rules: tuple[EarningRule, ...] = ()
    expiry: dict[PointsFrom, Expiry] = Field(default_factory=dict)
