"""Tiers in the program file: what reaches them, how long they are kept, what they bring."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pwa.program.parts import Art, Code, Part, Points, Rupiah, Text
from pwa.program.playing import Prize


class Tiering(Part):
    """The period that counts, and what happens when a tier was not earned again."""

    period: Literal["calendar", "rolling", "membership"] = "calendar"
    months: Annotated[int, Field(ge=1, le=36)] = 12  # how long a period is
    landing: Literal["balance", "one_down"] = "balance"

    @model_validator(mode="after")
    def _calendar_divides_the_year(self) -> Self:
        if self.period == "calendar" and 12 % self.months:
            raise ValueError("months of a calendar period must divide the year: 1, 2, 3, 4, 6, 12")
        return self


class Perk(Part):
    """Something a tier's member takes herself: so many times, every so often."""

    code: Code  # the same code in another tier is the same perk, counted together
    name: Text
    art: Art = "hadiah"
    prize: Prize
    every: Literal["month", "quarter", "year", "birthday"] = "month"
    times: Annotated[int, Field(ge=1, le=31)] = 1
    window: Literal["day", "week", "month"] = "day"  # birthday: when it can be taken and used

    @model_validator(mode="after")
    def _can_be_given(self) -> Self:
        if self.prize.kind not in ("points", "voucher", "product", "freeze"):
            raise ValueError("a perk gives points, a voucher, a product or a freeze")
        if self.every == "birthday" and self.times != 1:
            raise ValueError("a birthday is once a year")
        return self


class Tier(Part):
    """One level. All the needs above 0 must be met, in one period."""

    code: Code
    name: Text
    art: Art
    needs_points: Points = 0  # qualifying points
    needs_rupiah: Rupiah = 0  # of purchases, as far as they earn
    needs_orders: Annotated[int, Field(ge=0, le=10_000)] = 0  # purchases
    multiplier_percent: Annotated[int, Field(ge=100, le=1000)] = 100
    benefits: tuple[Text, ...] = ()
    streak_freezes: Annotated[int, Field(ge=0, le=2)] = 0  # given each month
    perks: tuple[Perk, ...] = ()
    double_days: Annotated[int, Field(ge=0, le=31)] = 0  # a year; she chooses when
    early_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 0  # before a reward opens for others
    priority: bool = False  # served first at the till

    def perk(self, code: str) -> Perk | None:
        return next((perk for perk in self.perks if perk.code == code), None)

    @property
    def needs(self) -> tuple[int, int, int]:
        """(points, rupiah, orders)"""
        return self.needs_points, self.needs_rupiah, self.needs_orders


def check_tiers(tiers: Sequence[Tier]) -> None:
    """Refuse tiers that don't climb. Raises ValueError."""
    if any(tiers[0].needs):
        raise ValueError("the first tier must need nothing: everyone starts somewhere")
    if tiers[0].streak_freezes:
        raise ValueError("streak_freezes are for tiers above the first")
    for tier in tiers:
        _check_perks(tier)
    for lower, higher in pairwise(tiers):
        climbs = all(a <= b for a, b in zip(lower.needs, higher.needs, strict=True))
        if not climbs or lower.needs == higher.needs:
            raise ValueError(
                f"tiers must be listed from low to high: {higher.code} must need more than "
                f"{lower.code}, and less of nothing"
            )


def _check_perks(tier: Tier) -> None:
    codes = [perk.code for perk in tier.perks]
    if len(set(codes)) < len(codes):
        raise ValueError(f"tier {tier.code} has two perks with one code")
    if [perk.every for perk in tier.perks].count("birthday") > 1:
        raise ValueError(f"tier {tier.code} has two birthday perks; a birthday brings one")
