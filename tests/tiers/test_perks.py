"""Perks: how often, for whom, once for each key, and what the page says of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.errors import KeyReused
from pwa.ledger import service as ledger
from pwa.missions import service as missions
from pwa.shop import service as shop
from pwa.shop.sales import Sale
from pwa.tiers import errors, jobs, perks
from pwa.tiers import service as tiers
from pwa.tiers.models import PerkTaken, TierGrant
from tests import people
from tests.racing import race
from tests.tiers.programs import change_tiers

BORN = date(1998, 12, 29)
GIFT = {
    "code": "ulang-tahun", "name": "Hadiah ulang tahun", "art": "ultah", "every": "birthday",
    "prize": {"points": 25},
}  # fmt: skip
SHIPPING = {
    "code": "ongkir", "name": "Gratis ongkir", "art": "motor", "times": 2, "prize": {"points": 5},
}  # fmt: skip


@pytest.fixture
def sari(app: Flask, noon: Any) -> Any:
    return people.join()


def raise_to(member: Any, points: int) -> None:
    tiers.count(member.id, points, points * 1000)
    outbox.commit()


def points(member: Any) -> int:
    return ledger.balance(member.id).spendable


def on(day: date, hour: int = 5) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def test_so_many_times_a_month_and_again_in_the_next(sari: Any) -> None:
    change_tiers(kawan={"perks": [SHIPPING]})
    before = points(sari)
    for key in ("first-key", "second-key", "first-key"):
        perks.take(sari.id, "ongkir", key)
    assert points(sari) == before + 10
    with pytest.raises(errors.PerkUsedUp) as refused:
        perks.take(sari.id, "ongkir", "third-key")
    assert "1 Des" in refused.value.advice
    with on(date(2026, 12, 1)):
        perks.take(sari.id, "ongkir", "fourth-key")
    assert points(sari) == before + 15
    (share,) = perks.shares(sari.id, tiers.tier_of(sari.id))
    assert (share.used, share.used_year) == (2, 3)


def test_what_a_lower_tier_took_counts_in_the_higher_one(sari: Any) -> None:
    more = {**SHIPPING, "times": 3}
    change_tiers(kawan={"perks": [SHIPPING]}, kawan_dekat={"perks": [more]})
    for key in ("first-key", "second-key"):
        perks.take(sari.id, "ongkir", key)
    raise_to(sari, 500)
    perks.take(sari.id, "ongkir", "third-key")
    with pytest.raises(errors.PerkUsedUp):
        perks.take(sari.id, "ongkir", "fourth-key")


def test_a_perk_of_another_tier_is_none_of_hers(sari: Any) -> None:
    with pytest.raises(errors.NoSuchPerk):
        perks.take(sari.id, "ukuran-besar", "first-key")


def test_one_key_is_for_one_perk(sari: Any) -> None:
    change_tiers(kawan={"perks": [SHIPPING, {**SHIPPING, "code": "lain"}]})
    perks.take(sari.id, "ongkir", "first-key")
    with pytest.raises(KeyReused):
        perks.take(sari.id, "lain", "first-key")


def tap(n: int, facts: dict[str, Any]) -> str:
    try:
        perks.take(facts["member"], "ongkir", f"key-number-{n}")
        outbox.commit()
    except errors.PerkUsedUp:
        outbox.rollback()
        return "used up"
    return "taken"


def test_many_taps_at_once_take_what_there_is(app: Flask) -> None:
    member = people.join()
    change_tiers(kawan={"perks": [SHIPPING]})
    member_id, before = member.id, points(member)
    results = race(app, tap, 20, {"member": member_id})
    assert sorted(results) == ["taken"] * 2 + ["used up"] * 18
    assert ledger.balance(member_id).spendable == before + 10
    taken = select(PerkTaken.n).where(PerkTaken.member_id == member_id).order_by(PerkTaken.n)
    assert list(db.session.scalars(taken)) == [1, 2]


@pytest.mark.parametrize(
    ("window", "opens", "closes"),
    [
        ("day", date(2026, 12, 29), date(2026, 12, 29)),
        ("week", date(2026, 12, 29), date(2027, 1, 4)),
        ("month", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_birthday_is_once_a_year_in_its_window(
    sari: Any, window: str, opens: date, closes: date
) -> None:
    sari.birthday = BORN
    change_tiers(kawan={"perks": [{**GIFT, "window": window}]})
    before = points(sari)
    for outside in (opens - timedelta(days=1), closes + timedelta(days=1)):
        with on(outside), pytest.raises(errors.NotYourBirthday):
            perks.take(sari.id, "ulang-tahun", f"key-{outside}")
    for inside in (opens, closes):
        with on(inside):
            perks.take(sari.id, "ulang-tahun", "key-first")
            with pytest.raises(errors.PerkUsedUp):
                perks.take(sari.id, "ulang-tahun", f"key-{inside}-again")
    assert points(sari) == before + 25
    with on(opens.replace(year=2027)):
        perks.take(sari.id, "ulang-tahun", "key-next-year")
    assert points(sari) == before + 50


def test_a_birthday_begins_at_midnight_where_she_lives(sari: Any) -> None:
    sari.birthday, sari.zone = BORN, "Asia/Jayapura"
    with (
        clock.at(datetime(2026, 12, 28, 14, 59, tzinfo=UTC)),
        pytest.raises(errors.NotYourBirthday),
    ):
        perks.take(sari.id, "ulang-tahun", "key-early")
    with clock.at(datetime(2026, 12, 28, 15, 0, tzinfo=UTC)):
        assert perks.take(sari.id, "ulang-tahun", "key-right").period == "2026"


def test_a_changed_birthday_waits_a_year(sari: Any) -> None:
    from pwa.members import service as members

    with pytest.raises(errors.NoBirthday):
        perks.take(sari.id, "ulang-tahun", "key-none")
    members.change_profile(sari, "Sari", date(1998, 11, 22), "id")
    perks.take(sari.id, "ulang-tahun", "key-first")
    members.change_profile(sari, "Sari", date(1998, 11, 23), "id")
    for day in (date(2026, 11, 23), date(2027, 11, 21)):
        with on(day), pytest.raises(errors.BirthdayJustChanged):
            perks.take(sari.id, "ulang-tahun", f"key-{day}")
    with on(date(2027, 11, 23)):
        perks.take(sari.id, "ulang-tahun", "key-later")


def test_rising_on_her_birthday_does_not_bring_a_second_gift(sari: Any) -> None:
    sari.birthday = date(1998, 11, 22)
    perks.take(sari.id, "ulang-tahun", "key-first")
    raise_to(sari, 1000)
    with pytest.raises(errors.PerkUsedUp):
        perks.take(sari.id, "ulang-tahun", "key-again")


def test_a_birthday_voucher_is_good_as_long_as_the_window(client: Any, sari: Any) -> None:
    sari.birthday = date(1998, 11, 22)
    raise_to(sari, 500)
    people.log_in(client, sari)
    answer = client.post("/tier/perks/ulang-tahun", data={"key": "some-form-key"})
    page = client.get(answer.location)
    assert "28 Nov" in page.text
    again = client.post("/tier/perks/ulang-tahun", data={"key": "some-form-key"})
    assert again.location == answer.location
    refused = client.post("/tier/perks/ulang-tahun", data={"key": "other-form-key"})
    assert refused.status_code == 409


def buy(member: Any, key: str) -> int:
    sale = Sale(key=key, member_id=member.id, outlet_code="tebet", amount_rupiah=40_000)
    promised = shop.preview(sale).points
    assert shop.record(sale).points == promised
    return promised


def test_a_double_day_counts_from_the_tap_to_midnight(client: Any, sari: Any) -> None:
    raise_to(sari, 500)
    assert buy(sari, "before") == 50
    people.log_in(client, sari)
    client.post("/tier/perks/double-day", data={"key": "some-form-key"})
    assert buy(sari, "after") == 100
    page = client.get("/tier").text
    assert "Terpakai 1 dari 2 tahun ini" in page
    assert 'action="/tier/perks/double-day"' not in page
    with on(date(2026, 11, 23)):
        assert buy(sari, "tomorrow") == 50
        perks.take(sari.id, "double-day", "second-day")
    with on(date(2026, 11, 24)), pytest.raises(errors.PerkUsedUp):
        perks.take(sari.id, "double-day", "third-day")
    with on(date(2027, 1, 1)):
        perks.take(sari.id, "double-day", "next-year")


def test_a_double_day_is_not_added_to_a_better_campaign(sari: Any) -> None:
    raise_to(sari, 500)
    with on(date(2026, 12, 12)):
        perks.take(sari.id, "double-day", "on-twelve-twelve")
        assert buy(sari, "harbolnas") == 100


def test_streak_freezes_are_given_once_a_month_as_far_as_they_fit(sari: Any) -> None:
    tono = people.join("Tono")
    raise_to(sari, 500)
    assert jobs.give_freezes(clock.now(), 10) == 1
    assert jobs.give_freezes(clock.now(), 10) == 0
    assert missions.streak(sari).freezes == 1
    assert missions.streak(tono).freezes == 0
    for month in (1, 2):
        with on(date(2027, month, 1)):
            jobs.give_freezes(clock.now(), 10)
            assert missions.streak(sari).freezes == 2, "never more than can be held"


def test_early_access_is_the_tiers_where_the_reward_says_nothing(sari: Any) -> None:
    from pwa.program import service as program
    from pwa.rewards import windows

    opens = datetime(2026, 12, 1, 2, tzinfo=UTC)
    reward = program.current().rewards[0].model_copy(update={"redeem_from": opens})
    first, _, top = program.current().tiers
    assert windows.opens_at(reward, first) == opens
    assert windows.opens_at(reward, top) == opens - timedelta(hours=24)
    own = reward.model_copy(update={"early_hours": {top.code: 2}})
    assert windows.opens_at(own, top) == opens - timedelta(hours=2)


def test_the_comparison_is_for_everybody(client: Any, app: Flask) -> None:
    page = client.get("/tiers")
    assert page.status_code == 200
    for words in ("Kawan Setia", "Hadiah ulang tahun", "7 hari", "2× setahun", "24 jam",
                  "Didahulukan di kasir", "turun satu tingkat saja"):  # fmt: skip
        assert words in page.text, words


def test_a_stranger_and_a_cashier_take_nothing(client: Any, app: Flask) -> None:
    for who in (None, people.hire()):
        if who:
            people.log_in(client, who)
        answer = client.post("/tier/perks/ulang-tahun", data={"key": "some-form-key"})
        assert answer.status_code == 303
        assert "/login" in answer.location
    assert not db.session.scalars(select(PerkTaken)).all()
    assert not db.session.scalars(select(TierGrant)).all()


def test_home_says_that_a_birthday_gift_waits(client: Any, sari: Any) -> None:
    people.log_in(client, sari)
    assert "Hadiahmu menunggu" not in client.get("/").text
    sari.birthday = date(1998, 11, 22)
    outbox.commit()
    page = client.get("/").text
    assert "Selamat ulang tahun" in page
    assert "Hadiahmu menunggu sampai 22 Nov." in page
    client.post("/tier/perks/ulang-tahun", data={"key": "some-form-key"})
    assert "Hadiahmu menunggu" not in client.get("/").text
