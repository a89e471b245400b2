"""Brands, new members, birthdays, brought cups: whose purchases and which goods a rule counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from flask import Flask

from pwa import outbox
from pwa.campaigns.quote import Basket, Good, Person, Terms, quote
from pwa.program.earning import Earning, EarningRule
from pwa.program.schema import Tier
from pwa.shop import service as shop
from pwa.shop.sales import Sale
from tests import people
from tests.tiers.programs import change

ON = date(2026, 11, 22)
TIER = Tier(code="a", name="A", art="tier1")


def points(rule: dict[str, Any], person: Person | None = None, **more: Any) -> int:
    said = EarningRule.model_validate({"code": "r", "name": "R", **rule})
    earning = Earning(rupiah_per_point=1000, rules=(said,))
    basket = Basket(40_000, datetime(2026, 11, 22, 5, tzinfo=UTC), ON, time(12), **more)
    return quote(basket, Terms(earning, TIER, person=person)).points


@pytest.mark.parametrize(
    ("joined_on", "earned"),
    [(date(2026, 11, 22), 80), (date(2026, 11, 16), 80), (date(2026, 11, 15), 40)],
)
def test_new_members_are_those_of_the_last_days(joined_on: date, earned: int) -> None:
    rule = {"multiplier_percent": 200, "joined_within_days": 7}
    assert points(rule, Person(joined_on)) == earned


@pytest.mark.parametrize(
    ("span", "born", "earned"),
    [
        ("day", date(1998, 11, 22), 80), ("day", date(1998, 11, 21), 40),
        ("week", date(1998, 11, 16), 80), ("week", date(1998, 11, 15), 40),
        ("month", date(1998, 11, 30), 80), ("month", date(1998, 12, 1), 40), ("month", None, 40),
    ],
)  # fmt: skip
def test_around_her_birthday(span: str, born: date | None, earned: int) -> None:
    rule = {"multiplier_percent": 200, "birthday": span}
    assert points(rule, Person(date(2020, 1, 1), born)) == earned


def test_both_audiences_together_are_narrower() -> None:
    rule = {"multiplier_percent": 200, "birthday": "month", "joined_within_days": 7}
    assert points(rule, Person(date(2020, 1, 1), date(1998, 11, 1))) == 40
    assert points(rule, Person(ON, date(1998, 11, 1))) == 80


def test_a_customer_without_a_card_is_of_no_audience() -> None:
    assert points({"multiplier_percent": 200, "joined_within_days": 7}) == 40


def test_a_brand_counts_its_own_lines_only() -> None:
    goods = (Good(10_000, brand="gayo"), Good(30_000, brand="lain"))
    assert points({"multiplier_percent": 300, "brands": ["gayo"]}, goods=goods) == 60
    assert points({"multiplier_percent": 300, "brands": ["tidak-ada"]}, goods=goods) == 40


def test_a_brought_cup_and_eco_goods_earn_more() -> None:
    assert points({"bonus_points": 5, "eco": True}, eco=True) == 45
    assert points({"bonus_points": 5, "eco": True}) == 40
    goods = (Good(20_000, sku="TUMBLER", quantity=2, eco=True), Good(20_000, sku="KOPI"))
    assert points({"points_each": 7, "eco": True}, goods=goods) == 54


@pytest.fixture
def sari(app: Flask, noon: Any) -> Any:
    return people.join()


def earns(member: Any, **more: Any) -> int:
    sale = Sale(key="k", member_id=member.id, outlet_code="tebet", amount_rupiah=40_000, **more)
    return shop.preview(sale).points


def test_what_is_asked_of_a_member_is_read_from_her(sari: Any) -> None:
    new = {"code": "baru", "name": "Baru", "multiplier_percent": 200, "joined_within_days": 7}
    born = {"code": "ultah", "name": "Ultah", "bonus_points": 17, "birthday": "day", "stacks": True}
    change(earning={"rupiah_per_point": 1000, "rules": [new, born]})
    assert earns(sari) == 80
    sari.birthday = date(1998, 11, 22)
    outbox.commit()
    assert earns(sari) == 97
    sari.birthday_changed_on = date(2026, 6, 1)
    outbox.commit()
    assert earns(sari) == 80, "a changed birthday waits a year here, too"


def test_a_product_brings_its_category_brand_and_flag(sari: Any) -> None:
    from pwa.program import service as program

    document = program.to_document(program.current())
    products = [{**document["products"][0], "brand": "gayo"}, *document["products"][1:]]
    rule = {"code": "merek", "name": "Merek", "multiplier_percent": 300, "brands": ["gayo"]}
    change(products=products, earning={"rupiah_per_point": 1000, "rules": [rule]})
    goods = (Good(40_000, sku=products[0]["sku"]),)
    assert earns(sari, goods=goods) == 120


def test_the_demo_pays_five_points_for_a_cup_once_a_day(sari: Any) -> None:
    sale = Sale("k1", sari.id, "tebet", 40_000, eco=True)
    assert shop.record(sale).points == 45
    assert shop.record(sale._replace(key="k2")).points == 40
