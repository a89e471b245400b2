"""Other periods than the calendar year, AND needs, soft landing: on the databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.members import merging
from pwa.members.models import Member
from pwa.outbox import Event
from pwa.tiers import service as tiers
from tests import people
from tests.tiers.programs import change, change_tiers


@pytest.fixture
def sari(app: Flask, noon: Any) -> Any:
    return people.join()


def code(member: Any, on: date) -> str:
    return tiers.standing(member.id, on).tier.code


def told() -> list[str]:
    outbox.commit()
    events = select(Event).where(Event.kind == "tier.reached").order_by(Event.id)
    return [event.data["tier"] for event in db.session.scalars(events)]


def test_orders_and_rupiah_are_wanted_together(sari: Any) -> None:
    change_tiers(
        kawan_dekat={"needs_points": 0, "needs_orders": 3, "needs_rupiah": 60_000},
        kawan_setia={"needs_points": 0, "needs_orders": 9, "needs_rupiah": 600_000},
    )
    on = date(2026, 11, 22)
    tiers.count(sari.id, 100, 100_000, on)
    tiers.count(sari.id, 1, 1_000, on)
    standing = tiers.standing(sari.id, on)
    assert (standing.tier.code, standing.missing) == ("kawan", (0, 0, 1))
    tiers.count(sari.id, 1, 1_000, on)
    standing = tiers.standing(sari.id, on)
    assert (standing.tier.code, standing.missing) == ("kawan-dekat", (0, 498_000, 6))


def test_a_rolling_period_adds_up_months_and_forgets_them(sari: Any) -> None:
    change(tiering={"period": "rolling", "months": 3})
    tiers.count(sari.id, 300, 300_000, date(2026, 9, 30))
    tiers.count(sari.id, 199, 199_000, date(2026, 11, 22))
    assert tiers.standing(sari.id, date(2026, 11, 22)).counted.points == 499
    assert tiers.standing(sari.id, date(2026, 12, 1)).counted.points == 199
    tiers.count(sari.id, 301, 301_000, date(2026, 12, 5))
    assert code(sari, date(2026, 12, 5)) == "kawan-dekat"
    assert code(sari, date(2027, 3, 31)) == "kawan-dekat"
    assert code(sari, date(2027, 4, 1)) == "kawan"


def test_earning_it_again_in_a_rolling_period_is_not_news(sari: Any) -> None:
    change(tiering={"period": "rolling", "months": 3})
    tiers.count(sari.id, 500, 500_000, date(2026, 11, 22))
    tiers.count(sari.id, 1, 1_000, date(2026, 12, 22))
    assert told() == ["kawan-dekat"]
    assert tiers.standing(sari.id, date(2026, 12, 22)).kept_until == date(2027, 3, 31)


def test_a_return_ends_the_tier_in_every_rolling_period(sari: Any) -> None:
    change(tiering={"period": "rolling", "months": 3})
    tiers.count(sari.id, 400, 400_000, date(2026, 10, 1))
    tiers.count(sari.id, 150, 150_000, date(2026, 11, 10))
    assert code(sari, date(2026, 11, 22)) == "kawan-dekat"
    tiers.uncount(sari.id, 100, 100_000, False, date(2026, 10, 1))
    assert code(sari, date(2026, 11, 22)) == "kawan"
    tiers.count(sari.id, 50, 50_000, date(2026, 11, 22))
    assert code(sari, date(2027, 2, 28)) == "kawan-dekat"


def test_a_membership_year_begins_on_the_day_she_joined(sari: Any) -> None:
    change(tiering={"period": "membership"})
    assert sari.joined_on == date(2026, 11, 22)
    tiers.count(sari.id, 300, 300_000, date(2027, 11, 21))
    tiers.count(sari.id, 300, 300_000, date(2027, 11, 22))
    assert code(sari, date(2027, 11, 22)) == "kawan"
    tiers.count(sari.id, 200, 200_000, date(2028, 11, 21))
    assert tiers.standing(sari.id, date(2028, 11, 21)).kept_until == date(2029, 11, 21)


def test_a_soft_landing_is_one_tier_lower_for_a_period(sari: Any) -> None:
    change(tiering={"landing": "one_down"})
    tiers.count(sari.id, 1000, 1_000_000, date(2026, 11, 22))
    assert code(sari, date(2027, 12, 31)) == "kawan-setia"
    assert code(sari, date(2028, 1, 1)) == "kawan-dekat"
    assert code(sari, date(2028, 12, 31)) == "kawan-dekat"
    assert code(sari, date(2029, 1, 1)) == "kawan"


def test_straight_to_what_the_balance_says(sari: Any) -> None:
    change(tiering={"landing": "balance"})
    tiers.count(sari.id, 1000, 1_000_000, date(2026, 11, 22))
    assert code(sari, date(2027, 12, 31)) == "kawan-setia"
    assert code(sari, date(2028, 1, 1)) == "kawan"


def test_a_return_takes_the_soft_landing_too_and_buying_again_gives_it_back(sari: Any) -> None:
    change(tiering={"landing": "one_down"})
    tiers.count(sari.id, 1000, 1_000_000, date(2026, 11, 22))
    tiers.uncount(sari.id, 600, 600_000, False, date(2026, 11, 22))
    for on in (date(2026, 11, 22), date(2028, 6, 1)):
        assert code(sari, on) == "kawan"
    tiers.count(sari.id, 600, 600_000, date(2026, 11, 22))
    assert code(sari, date(2026, 11, 22)) == "kawan-setia"
    assert code(sari, date(2028, 6, 1)) == "kawan-dekat"


def test_two_accounts_of_one_person_count_together(sari: Any) -> None:
    tono = people.join("Tono")
    tiers.count(sari.id, 300, 300_000, date(2026, 10, 1))
    tiers.count(tono.id, 300, 300_000, date(2026, 10, 1))
    merging.merge(db.session.get_one(Member, sari.id), db.session.get_one(Member, tono.id), key="m")
    outbox.commit()
    standing = tiers.standing(sari.id)
    assert (standing.tier.code, standing.counted) == ("kawan-dekat", (600, 600_000, 2))


def test_the_page_names_each_need_and_what_it_takes_to_stay(client: Any, sari: Any) -> None:
    change_tiers(kawan_setia={"needs_orders": 12})
    tiers.count(sari.id, 820, 820_000)
    outbox.commit()
    people.log_in(client, sari)
    page = client.get("/tier").text
    for words in ("Rp180.000 dan 11 belanja lagi jadi Kawan Setia", "820 dari 1.000 poin belanja",
                  "1 dari 12 belanja", "Berapa kali belanja"):  # fmt: skip
        assert words in page, words
    with clock.at(clock.day_start(date(2027, 3, 1))):
        page = client.get("/tier").text
    assert "Kawan Dekat kamu pegang sampai 31 Desember 2027. Belanja Rp500.000 lagi" in page
