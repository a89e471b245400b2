"""Whom a campaign is for: the same people at the till, on Home and for push."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from pydantic import ValidationError
from sqlalchemy import select

from pwa import clock, outbox
from pwa.campaigns import audience
from pwa.campaigns.quote import Good, Person
from pwa.db import db
from pwa.members.models import Member
from pwa.program import service as program
from pwa.program.earning import EarningRule
from pwa.program.schema import Campaign, Program
from pwa.push.notices import double_points
from pwa.shop import history, refunds
from pwa.shop import service as shop
from pwa.shop.sales import Sale
from pwa.tiers import service as tiers
from tests import people
from tests.tiers.programs import change

ON = date(2026, 11, 22)
DOUBLE = {
    "code": "untukmu", "name": "Untukmu", "text": "Kangen kamu",
    "starts_at": "2026-11-22T00:00:00+07:00", "ends_at": "2027-01-01T00:00:00+07:00",
}  # fmt: skip


def rule(**asked: Any) -> EarningRule:
    return EarningRule.model_validate({"code": "r", "name": "R", "bonus_points": 1, **asked})


@pytest.mark.parametrize(
    ("last_on", "joined_on", "meant"),
    [
        (ON - timedelta(days=30), date(2020, 1, 1), True),
        (ON - timedelta(days=29), date(2020, 1, 1), False),
        (None, ON - timedelta(days=30), True),  # never bought: since she joined
        (None, ON - timedelta(days=29), False),
    ],
)
def test_who_was_away_for_so_many_days(last_on: date | None, joined_on: date, meant: bool) -> None:
    person = Person(joined_on, last_bought_on=last_on)
    assert audience.is_for(rule(away_days=30), "a", person, ON) is meant


def test_who_bought_one_of_the_kinds() -> None:
    asked = rule(bought_categories=["roti", "kopi"])
    assert audience.is_for(asked, "a", Person(ON, bought=frozenset({"roti"})), ON)
    assert not audience.is_for(asked, "a", Person(ON, bought=frozenset({"barang"})), ON)
    assert not audience.is_for(asked, "a", None, ON), "a customer without a card is nobody's"


def test_all_conditions_hold_together() -> None:
    asked = rule(tiers=["gold"], joined_within_days=7, bought_categories=["roti"])
    known = Person(ON, bought=frozenset({"roti"}))
    assert audience.is_for(asked, "gold", known, ON)
    assert not audience.is_for(asked, "silver", known, ON)
    assert not audience.is_for(asked, "gold", known._replace(joined_on=date(2020, 1, 1)), ON)


def test_a_kind_that_no_product_has_is_refused_by_name(app: Flask) -> None:
    document = program.to_document(program.current())
    document["campaigns"] = [{**DOUBLE, "bought_categories": ["sepatu"]}]
    with pytest.raises(ValidationError, match="rule untukmu names category 'sepatu'"):
        Program.model_validate(document)


def use(**asked: Any) -> Campaign:
    change(campaigns=[{**DOUBLE, **asked}])
    return program.campaigns(clock.now())[0]


def told() -> set[str]:
    """Who push would tell, by the condition it puts on members."""
    condition = double_points.audience({"campaign": "untukmu"})
    chosen = select(Member.name) if condition is None else select(Member.name).where(condition)
    return set(db.session.scalars(chosen))


def sees(member: Member, campaign: Campaign) -> bool:
    on = clock.program_day()
    person = history.person(member.id, on, [campaign])
    return audience.is_for(campaign, tiers.tier_of(member.id).code, person, on)


def buy(member: Member, key: str, category: str = "kopi", amount: int = 10_000) -> int:
    goods = (Good(amount, category=category),)
    points = shop.record(Sale(key, member.id, "tebet", amount, goods=goods)).points
    outbox.commit(then_writes=True)
    return points


def test_who_comes_back_earns_twice_once_and_others_do_not(app: Flask, noon: Any) -> None:
    with clock.at(noon - timedelta(days=60)):
        sari, tono = people.join(), people.join("Tono")
        buy(sari, "s1")
    buy(tono, "t1")
    campaign = use(away_days=30)
    assert (sees(sari, campaign), sees(tono, campaign), told()) == (True, False, {"Sari"})
    sale = Sale("s2", sari.id, "tebet", 10_000)
    assert shop.preview(sale).points == 20
    assert shop.record(sale).points == 20, "what the preview promised"
    outbox.commit(then_writes=True)
    assert shop.preview(Sale("s3", sari.id, "tebet", 10_000)).points == 10
    assert (sees(sari, campaign), told()) == (False, set())


def test_who_bought_bread_is_meant_and_who_gave_it_back_is_not(app: Flask, noon: Any) -> None:
    sari, tono, budi = people.join(), people.join("Tono"), people.hire()
    bread = shop.record(
        Sale("s1", sari.id, "tebet", 9_000, goods=(Good(9_000, category="roti"),)), budi
    )
    outbox.commit(then_writes=True)
    buy(tono, "t1")
    campaign = use(bought_categories=["roti"])
    assert (sees(sari, campaign), sees(tono, campaign), told()) == (True, False, {"Sari"})
    assert shop.preview(Sale("s2", sari.id, "tebet", 10_000)).points == 20
    refunds.refund(bread, 9_000, budi, "refund-1")
    outbox.commit(then_writes=True)
    assert (sees(sari, campaign), told()) == (False, set())


@pytest.mark.parametrize(("codes", "meant"), [
    (["kawan"], {"Tono"}), (["kawan-dekat"], {"Sari"}),
    (["kawan-dekat", "kawan"], {"Sari", "Tono"}),
    (["kawan-setia"], set()),
])  # fmt: skip
def test_tiers_are_exactly_those(app: Flask, codes: list[str], meant: set[str]) -> None:
    sari, tono = people.join(), people.join("Tono")
    tiers.count(sari.id, 500, 500_000)
    outbox.commit(then_writes=True)
    campaign = use(tiers=codes)
    assert told() == meant
    assert {m.name for m in (sari, tono) if sees(m, campaign)} == meant


@pytest.mark.parametrize(("span", "born", "meant"), [
    ("day", date(1998, 11, 22), True), ("day", date(1998, 11, 23), False),
    ("week", date(1998, 11, 16), True), ("week", date(1998, 11, 15), False),
    ("month", date(1998, 11, 30), True), ("month", date(1998, 12, 1), False),
])  # fmt: skip
def test_birthdays_in_the_database_are_those_of_the_rule(
    app: Flask, noon: Any, span: str, born: date, meant: bool
) -> None:
    sari = people.join()
    sari.birthday = born
    outbox.commit(then_writes=True)
    campaign = use(birthday=span)
    assert sees(sari, campaign) is meant
    assert told() == ({"Sari"} if meant else set())


def test_home_shows_a_campaign_to_those_it_is_for(app: Flask, noon: Any) -> None:
    sari = people.join()
    phone = people.log_in(app.test_client(), sari)
    use(bought_categories=["roti"])
    assert "Kangen kamu" not in phone.get("/").text
    buy(sari, "s1", "roti")
    assert "Kangen kamu" in phone.get("/").text
