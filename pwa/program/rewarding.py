"""Rewards and the till in the program file: what things cost, when they may be had and used."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from pwa.program.earning import ClockTime, Weekday
from pwa.program.parts import Art, Code, Part, Rupiah, Text, Tone


class Reward(Part):
    """Something that points are good for. Conditions left empty always hold."""

    code: Code
    kind: Code  # a module in pwa/rewards/kinds
    name: Text
    text: Text
    hand_over: Text  # what the cashier prepares
    price_points: Annotated[int, Field(ge=1, le=1_000_000)]
    price_rupiah: Rupiah = 0  # paid at the till besides
    art: Art
    tone: Tone = "pink"
    category: Code = "lainnya"
    value_rupiah: Rupiah = 0
    funding: Code = "own"  # who pays for it: "own", or a partner
    # how much there is
    stock_total: Annotated[int, Field(ge=0)] | None = None
    stock_day: Annotated[int, Field(ge=0)] | None = None
    budget_rupiah: Annotated[int, Field(ge=0)] | None = None  # of value_rupiah, all together
    per_member: Annotated[int, Field(ge=1)] | None = None
    per_member_day: Annotated[int, Field(ge=1)] | None = None
    per_member_week: Annotated[int, Field(ge=1)] | None = None  # Monday to Sunday
    per_member_month: Annotated[int, Field(ge=1)] | None = None
    # when and by whom it may be redeemed
    redeem_from: datetime | None = None
    redeem_until: datetime | None = None
    tiers: tuple[Code, ...] = ()
    early_hours: dict[Code, Annotated[int, Field(ge=1, le=24 * 90)]] = Field(default_factory=dict)
    # when and where it may be used
    valid_days: Annotated[int, Field(ge=1, le=366)] = 7
    use_from: datetime | None = None
    use_until: datetime | None = None
    minimum_rupiah: Rupiah = 0  # of the purchase it is used with
    outlets: tuple[Code, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    from_time: ClockTime | None = None
    until_time: ClockTime | None = None  # not included; before from_time: past midnight
    settings: dict[str, int | str | bool] = Field(default_factory=dict)  # the kind's own

    @model_validator(mode="after")
    def _windows_are_whole(self) -> Self:
        times = (self.redeem_from, self.redeem_until, self.use_from, self.use_until)
        if any(at is not None and at.tzinfo is None for at in times):
            raise ValueError("times need an offset, like 2026-11-11T00:00:00+07:00")
        for start, end in (times[:2], times[2:]):
            if start and end and end <= start:
                raise ValueError("a window must end after it starts")
        if self.early_hours and self.redeem_from is None:
            raise ValueError("early_hours needs redeem_from: earlier than what?")
        if self.budget_rupiah is not None and not self.value_rupiah:
            raise ValueError("budget_rupiah needs value_rupiah: what one piece costs")
        return self


class Till(Part):
    """What cashiers may do, and for how long."""

    undo_minutes: Annotated[int, Field(ge=0, le=1440)] = 30  # a cashier's own purchase
    refund_days: Annotated[int, Field(ge=0, le=366)] = 30  # a manager's
    claim_days: Annotated[int, Field(ge=0, le=60)] = 7  # a receipt without a card
    claims_per_day: Annotated[int, Field(ge=1, le=50)] = 3  # by one member
    reserve_minutes: Annotated[int, Field(ge=1, le=60)] = 5  # a voucher held by one till
    same_card_per_day: Annotated[int, Field(ge=1)] | None = 5  # more is told to the owner
    cashier_points_per_day: Annotated[int, Field(ge=1)] | None = None
    # Without a network a till takes vouchers up to so much, each and all together
    offline_most_rupiah: Rupiah = 50_000
    offline_total_rupiah: Rupiah = 250_000
