"""Worked purchases through quote(): published mechanics, and the corners of our own.

Figures of named programs are from the project's programs.md (collected from news, help pages
and user guides; years in brackets), in their own currency's smallest step as "rupiah".
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

import pytest

from pwa.campaigns.quote import Basket, Good, Terms, quote
from pwa.program.earning import Campaign, Earning
from pwa.program.schema import Tier

NOV_22 = date(2026, 11, 22)  # a Sunday


class Worked(NamedTuple):
    name: str
    earning: dict[str, Any]
    basket: dict[str, Any]
    points: int
    tier: int = 100  # its multiplier, percent
    campaigns: tuple[dict[str, Any], ...] = ()
    left: dict[str, int] = {}  # noqa: RUF012
    qualifying: int | None = None


def rule(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": code, **more}


def campaign(code: str = "ganda", **more: Any) -> dict[str, Any]:
    running = {"starts_at": "2026-11-01T00:00:00+07:00", "ends_at": "2026-12-01T00:00:00+07:00"}
    return {**rule(code), "text": code, **running, **more}


PER_1000 = {"rupiah_per_point": 1000}
US = {"rupiah_per_point": 100}  # cents: one star a dollar
# Starbucks Indonesia (2023): 1 star per Rp5,000 with the card, per Rp10,000 otherwise;
# double on the 10th of a month.
SBUX_ID = {
    "rupiah_per_point": 10_000,
    "rules": [
        rule("kartu", rupiah_per_point=5_000, payments=["card"]),
        rule("tanggal-10", multiplier_percent=200, days_of_month=[10]),
    ],
}
# GoClub: XP = net / 5,000 x multiplier, at most 100 a transaction.
GOCLUB = {"rupiah_per_point": 5_000, "most_points": 100}
# Costco Executive (2024): 2% of purchases before tax, less refunds, with excluded goods.
COSTCO = {"rupiah_per_point": 50, "excluded_categories": ["fuel", "tobacco"]}
# Shopee: coins on the final amount without shipping; 1 coin = Rp1; here 1 per Rp100.
SHOPEE = {"rupiah_per_point": 100}
# Square: double points on Tuesdays from 4 to 6 pm; one promotion a purchase.
SQUARE = {
    "rupiah_per_point": 100,
    "rules": [
        rule("selasa", multiplier_percent=200, weekdays=["tue"], from_time="16:00",
             until_time="18:00"),
        rule("pastry", multiplier_percent=150, categories=["pastry"]),
    ],
}  # fmt: skip
TUESDAY = date(2026, 11, 24)
CUP = {**PER_1000, "rules": [rule("tumbler", bonus_points=5, eco=True, stacks=True)]}
NIGHT = {
    **PER_1000,
    "rules": [rule("malam", multiplier_percent=200, from_time="22:00", until_time="02:00")],
}
DRINKS = {**PER_1000, "rules": [rule("minum", multiplier_percent=300, categories=["minuman"])]}
PIECES = {**PER_1000, "rules": [rule("pandan", points_each=10, products=["PANDAN"])]}
STACKED = {
    **PER_1000,
    "rules": [
        rule("dua", multiplier_percent=200),
        rule("tiga", multiplier_percent=300),
        rule("tambah", multiplier_percent=150, stacks=True),
    ],
}
CAKE_TEA = (Good(30_000, "kue"), Good(20_000, "minuman"))

TABLE = [
    # --- the base
    Worked("one point for each full Rp1.000", PER_1000, {"amount": 45_000}, 45),
    Worked("the rest is rounded down", PER_1000, {"amount": 45_999}, 45),
    Worked("less than a point is nothing", PER_1000, {"amount": 999}, 0),
    Worked("exactly one point", PER_1000, {"amount": 1_000}, 1),
    Worked("a very large purchase", PER_1000, {"amount": 100_000_000}, 100_000),
    Worked("three thousand a point", {"rupiah_per_point": 3000}, {"amount": 10_000}, 3),
    Worked("under the minimum", {**PER_1000, "minimum_rupiah": 20_000}, {"amount": 19_999}, 0),
    Worked("at the minimum", {**PER_1000, "minimum_rupiah": 20_000}, {"amount": 20_000}, 20),
    # --- what counts (odoo #219640, OCA #361, nopCommerce #1917: tax, shipping, discounts)
    Worked("tax does not count", PER_1000, {"amount": 55_500, "tax": 5_500}, 50),
    Worked("tax counts", {**PER_1000, "count_tax": True}, {"amount": 55_500, "tax": 5_500}, 55),
    Worked("shipping does not count", PER_1000, {"amount": 62_000, "shipping": 12_000}, 50),
    Worked("shipping counts", {**PER_1000, "count_shipping": True},
           {"amount": 62_000, "shipping": 12_000}, 62),
    Worked("a discount lowers the base", PER_1000, {"amount": 40_000, "discount": 10_000}, 40),
    Worked("what was discounted still earns", {**PER_1000, "count_discounts": True},
           {"amount": 40_000, "discount": 10_000}, 50),
    Worked("all of it at once", PER_1000,
           {"amount": 67_500, "tax": 5_500, "shipping": 12_000, "discount": 8_000}, 50),
    Worked("only tax and shipping were paid", PER_1000,
           {"amount": 12_000, "tax": 2_000, "shipping": 10_000}, 0),
    Worked("the minimum is of what counts", {**PER_1000, "minimum_rupiah": 50_000},
           {"amount": 55_000, "tax": 5_500}, 0),
    # --- rounding (PrestaShop #4034: lines must not be rounded on their own)
    Worked("three lines of Rp500 are one point", PER_1000,
           {"amount": 1_500, "goods": (Good(500), Good(500), Good(500))}, 1),
    Worked("a multiplier sees the fraction", PER_1000, {"amount": 1_500}, 2, tier=150),
    Worked("1.25 of 45.5 is 56.875", PER_1000, {"amount": 45_500}, 56, tier=125),
    Worked("fractions of tier and campaign add up before the floor", PER_1000,
           {"amount": 1_999}, 5, tier=150, campaigns=(campaign(),)),
    # --- Starbucks, US (March 2026): 1 / 1.2 / 1.7 stars a dollar by tier
    Worked("Starbucks US, Green: $5.75", US, {"amount": 575}, 5),
    Worked("Starbucks US, Gold: $5.75", US, {"amount": 575}, 6, tier=120),
    Worked("Starbucks US, Reserve: $5.75", US, {"amount": 575}, 9, tier=170),
    Worked("Starbucks US, Reserve: $10", US, {"amount": 1_000}, 17, tier=170, qualifying=10),
    Worked("Starbucks US, double-star day, Gold: $10", US, {"amount": 1_000}, 24, tier=120,
           campaigns=(campaign(),), qualifying=10),
    # --- Starbucks Indonesia (2023)
    Worked("Starbucks ID, cash: Rp58.000", SBUX_ID, {"amount": 58_000}, 5),
    Worked("Starbucks ID, card: Rp58.000", SBUX_ID, {"amount": 58_000, "payment": "card"}, 11),
    Worked("Starbucks ID, card on the 10th", SBUX_ID,
           {"amount": 58_000, "payment": "card", "on": date(2026, 12, 10)}, 23),
    Worked("Starbucks ID, cash on the 10th", SBUX_ID,
           {"amount": 58_000, "on": date(2026, 12, 10)}, 11),
    Worked("Starbucks ID, the 11th is as ever", SBUX_ID,
           {"amount": 58_000, "on": date(2026, 12, 11)}, 5),
    # --- GoClub
    Worked("GoClub: Rp62.000 net", GOCLUB, {"amount": 62_000}, 12),
    Worked("GoClub: x1,5", GOCLUB, {"amount": 62_000}, 18, tier=150),
    Worked("GoClub: no more than 100 a transaction", GOCLUB, {"amount": 1_200_000}, 100),
    Worked("GoClub: exactly 100", GOCLUB, {"amount": 500_000}, 100),
    # --- Costco
    Worked("Costco Executive: 2% of $250.00 in cents", COSTCO, {"amount": 25_000}, 500),
    Worked("Costco: tax is left out", COSTCO, {"amount": 27_000, "tax": 2_000}, 500),
    Worked("Costco: fuel earns nothing", COSTCO,
           {"amount": 30_000, "goods": (Good(5_000, "fuel"), Good(25_000, "food"))}, 500),
    Worked("Costco: only fuel", COSTCO, {"amount": 5_000, "goods": (Good(5_000, "fuel"),)}, 0),
    # --- Shopee, Lazada
    Worked("Shopee: the final amount without shipping", SHOPEE,
           {"amount": 115_000, "shipping": 15_000, "discount": 25_000}, 1_000),
    Worked("Lazada: one seller's category at its own rate",
           {"rupiah_per_point": 1000, "rules": [rule("seller", rupiah_per_point=50,
                                                     categories=["seller-a"])]},
           {"amount": 20_000, "goods": (Good(10_000, "seller-a"), Good(10_000))}, 210),
    # --- Square: happy hours, one promotion a purchase
    Worked("Square: Tuesday, 16.30", SQUARE,
           {"amount": 1_000, "on": TUESDAY, "time": time(16, 30)}, 20),
    Worked("Square: Tuesday, 15.59", SQUARE,
           {"amount": 1_000, "on": TUESDAY, "time": time(15, 59)}, 10),
    Worked("Square: Tuesday, 18.00 is over", SQUARE,
           {"amount": 1_000, "on": TUESDAY, "time": time(18, 0)}, 10),
    Worked("Square: Monday, 16.30", SQUARE, {"amount": 1_000, "time": time(16, 30)}, 10),
    Worked("Square: the better of two promotions", SQUARE,
           {"amount": 1_000, "on": TUESDAY, "time": time(17), "goods": (Good(1_000, "pastry"),)},
           20),
    Worked("Square: the other one when it is the only one", SQUARE,
           {"amount": 1_000, "goods": (Good(1_000, "pastry"),)}, 15),
    # --- hours past midnight
    Worked("night, 23.00", NIGHT, {"amount": 10_000, "time": time(23)}, 20),
    Worked("night, 01.59", NIGHT, {"amount": 10_000, "time": time(1, 59)}, 20),
    Worked("night, 02.00 is morning", NIGHT, {"amount": 10_000, "time": time(2)}, 10),
    Worked("night, noon", NIGHT, {"amount": 10_000}, 10),
    # --- categories, products, eco
    Worked("only the drinks count three times", DRINKS, {"amount": 50_000, "goods": CAKE_TEA}, 90),
    Worked("a discount on all lowers the drinks in proportion", DRINKS,
           {"amount": 25_000, "goods": CAKE_TEA, "discount": 25_000}, 45),
    Worked("what no line names earns at the base", DRINKS,
           {"amount": 60_000, "goods": CAKE_TEA}, 100),
    Worked("a category without an amount multiplies nothing", DRINKS,
           {"amount": 50_000, "tags": frozenset({"minuman", "kue"})}, 50),
    Worked("ten points for each pandan coffee", PIECES,
           {"amount": 52_000, "goods": (Good(52_000, "kopi", "PANDAN", 2),)}, 72),
    Worked("no pandan, no bonus", PIECES, {"amount": 52_000}, 52),
    Worked("bringing a cup", CUP, {"amount": 18_000, "eco": True}, 23),
    Worked("an eco product", CUP, {"amount": 18_000, "goods": (Good(18_000, eco=True),)}, 23),
    Worked("no cup", CUP, {"amount": 18_000}, 18),
    Worked("a cup's bonus is not doubled", CUP, {"amount": 18_000, "eco": True}, 41,
           campaigns=(campaign(),)),
    # --- payment, outlet, channel, tier
    Worked("a payment that earns nothing", {**PER_1000, "excluded_payments": ["points"]},
           {"amount": 50_000, "payment": "points"}, 0),
    Worked("double at one outlet", PER_1000, {"amount": 10_000, "outlet": "kemang"}, 20,
           campaigns=(campaign(outlets=["kemang"]),)),
    Worked("not at the other", PER_1000, {"amount": 10_000, "outlet": "tebet"}, 10,
           campaigns=(campaign(outlets=["kemang"]),)),
    Worked("double in the web shop", PER_1000, {"amount": 10_000, "channel": "web"}, 20,
           campaigns=(campaign(channels=["web"]),)),
    Worked("double for another tier only", PER_1000, {"amount": 10_000}, 10,
           campaigns=(campaign(tiers=["setia"]),)),
    Worked("double from Rp50.000", PER_1000, {"amount": 49_999}, 49,
           campaigns=(campaign(minimum_rupiah=50_000),)),
    # --- stacking and limits
    Worked("best of two, then what stacks", STACKED, {"amount": 10_000}, 45),
    Worked("Harbolnas 11.11 and a tier of 1,5", PER_1000, {"amount": 110_000}, 330, tier=150,
           campaigns=(campaign(),), qualifying=110),
    Worked("before it starts", PER_1000, {"amount": 10_000}, 10,
           campaigns=(campaign(starts_at="2026-11-23T00:00:00+07:00"),)),
    Worked("at the instant it ends", PER_1000, {"amount": 10_000}, 10,
           campaigns=(campaign(ends_at="2026-11-22T12:00:00+07:00"),)),
    Worked("no more than 30 a purchase from the campaign", PER_1000, {"amount": 50_000}, 80,
           campaigns=(campaign(most_points=30),)),
    Worked("seven points are left of her limit", PER_1000, {"amount": 50_000}, 57,
           campaigns=(campaign(member_points=100),), left={"ganda": 7}),
    Worked("nothing is left of it", PER_1000, {"amount": 50_000}, 50,
           campaigns=(campaign(member_points=100),), left={"ganda": 0}),
    Worked("a spent campaign gives way to one with something left", PER_1000, {"amount": 50_000},
           75, campaigns=(campaign(multiplier_percent=300, member_points=9),
                          campaign("kecil", multiplier_percent=150)), left={"ganda": 4}),
    Worked("a fixed bonus of 25 (THR)", PER_1000, {"amount": 50_000}, 75,
           campaigns=(campaign(multiplier_percent=100, bonus_points=25),)),
]  # fmt: skip


def run(worked: Worked) -> Any:
    given = dict(worked.basket)
    on = given.pop("on", NOV_22)
    clock_time = given.pop("time", time(12))
    renamed = {
        name: given.pop(short)
        for short, name in (
            ("amount", "amount_rupiah"),
            ("tax", "tax_rupiah"),
            ("shipping", "shipping_rupiah"),
            ("discount", "discount_rupiah"),
        )
        if short in given
    }
    basket = Basket(
        at=datetime(2026, 11, 22, 5, tzinfo=UTC), on=on, clock_time=clock_time, **renamed, **given
    )
    tier = Tier(
        code="satu", name="Satu", art="tier1", needs_points=0, multiplier_percent=worked.tier
    )
    campaigns = tuple(Campaign.model_validate(one) for one in worked.campaigns)
    earning = Earning.model_validate(worked.earning)
    return quote(basket, Terms(earning, tier, campaigns, worked.left))


def test_there_are_at_least_sixty_and_each_has_its_own_name() -> None:
    assert len({worked.name for worked in TABLE}) == len(TABLE) >= 60


@pytest.mark.parametrize("worked", TABLE, ids=lambda worked: worked.name)
def test_worked_purchase(worked: Worked) -> None:
    given = run(worked)
    assert given.points == worked.points
    assert sum(line.points for line in given.lines) == given.points
    if worked.qualifying is not None:
        assert given.qualifying_points == worked.qualifying
    assert (given.why is None) == (given.points > 0)
