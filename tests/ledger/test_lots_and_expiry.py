from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pwa import clock
from pwa.db import db
from pwa.errors import NotEnoughPoints
from pwa.ledger import service as ledger
from pwa.ledger.chart import Source
from pwa.ledger.expiry import NEVER_ON, Expiry
from tests.ledger.ground import statements
from tests.ledger.test_earning_and_spending import give


@pytest.mark.parametrize(
    ("expiry", "last_on"),
    [
        (Expiry.never(), NEVER_ON),
        (Expiry.after_days(30), date(2026, 12, 22)),
        (Expiry.end_of_month(), date(2026, 11, 30)),
        (Expiry.end_of_month(2), date(2027, 1, 31)),
        (Expiry.end_of_month(3), date(2027, 2, 28)),
        (Expiry.end_of_month(15), date(2028, 2, 29)),
        (Expiry.end_of_year(), date(2026, 12, 31)),
        (Expiry.after_inactivity(90), date(2027, 2, 20)),
    ],
)
def test_the_last_day_of_points_earned_on_22_november(expiry: Expiry, last_on: date) -> None:
    assert expiry.last_day(date(2026, 11, 22)) == last_on


def test_shopee_coins_last_three_months_counting_the_earning_one() -> None:
    assert Expiry.end_of_month(2).last_day(date(2026, 1, 31)) == date(2026, 3, 31)


def test_expiry_is_settable_by_source_and_replaced_as_a_whole(sari: int) -> None:
    ledger.set_policy({"wheel": Expiry.after_days(7), "default": Expiry.end_of_year()})
    give(sari, 1, "w", source="wheel")
    give(sari, 2, "q", source="quiz")
    give(sari, 4, "given its own", source="quiz", expires=Expiry.never())
    assert ledger.expiry_outlook(sari) == [(date(2026, 11, 1), 1), (date(2026, 12, 1), 2)]
    ledger.set_policy({"quiz": Expiry.after_days(40)})
    assert ledger.policy()["wheel"] == Expiry.never()
    give(sari, 8, "q2", source="quiz")
    assert ledger.expiry_outlook(sari)[-1] == (date(2027, 1, 1), 8)


def test_a_source_that_is_not_one_is_refused(sari: int) -> None:
    with pytest.raises(AssertionError):
        ledger.set_policy({"wheels": Expiry.never()})
    with pytest.raises(ValueError):
        give(sari, 1, source="wheels")
    assert {source.value for source in Source} >= {"purchase", "mission", "wheel", "referral"}


def test_the_time_of_pending_points_runs_from_the_day_they_can_be_spent(
    sari: int, noon: datetime
) -> None:
    give(sari, 10, matures_at=noon + timedelta(days=14), expires=Expiry.after_days(7))
    with clock.at(noon + timedelta(days=14)):
        ledger.mature_due()
        assert ledger.balance(sari).expiring_on == date(2026, 12, 13)


def test_points_past_their_date_are_unspendable_before_the_job_has_run(
    sari: int, noon: datetime
) -> None:
    give(sari, 10, "old", expires=Expiry.after_days(1))
    give(sari, 5, "new")
    with clock.at(noon + timedelta(days=2)):
        assert ledger.balance(sari).spendable == 5
        with pytest.raises(NotEnoughPoints) as refusal:
            ledger.burn(sari, 6, key="b", reason="redemption")
        assert refusal.value.facts["missing"] == 1
        ledger.burn(sari, 5, key="b", reason="redemption")
        assert ledger.expire_due() == 1
        assert ledger.balance(sari).spendable == 0


def test_an_expiry_names_the_instant_after_which_the_points_are_gone(sari: int) -> None:
    give(sari, 10, expires=Expiry.after_days(0))
    assert ledger.balance(sari).expiring_at == datetime(2026, 11, 22, 17, tzinfo=UTC)


def test_expiry_runs_in_batches_and_can_start_again(
    members: tuple[int, ...], noon: datetime
) -> None:
    for member in members:
        for n in range(3):
            give(member, 10, f"{member}-{n}", expires=Expiry.after_days(n))
    with clock.at(noon + timedelta(days=9)):
        batches = []
        while done := ledger.expire_due(limit=1):
            batches.append(done)
        assert batches == [3, 3, 3]  # a member's due lots are never torn apart
        assert all(ledger.balance(member).spendable == 0 for member in members)


def test_a_reversed_burn_gives_the_lots_back_with_their_original_expiry(
    sari: int, noon: datetime
) -> None:
    give(sari, 10, "soon", expires=Expiry.after_days(2))
    give(sari, 10, "never")
    before = ledger.expiry_outlook(sari), ledger.balance(sari)
    ledger.burn(sari, 15, key="b", reason="redemption")
    ledger.reverse("b", key="r", reason="cancelled")
    assert (ledger.expiry_outlook(sari), ledger.balance(sari)) == before


def test_points_given_back_after_their_date_expire(sari: int, noon: datetime) -> None:
    give(sari, 10, expires=Expiry.after_days(2))
    ledger.burn(sari, 10, key="b", reason="redemption")
    with clock.at(noon + timedelta(days=5)):
        ledger.reverse("b", key="r", reason="cancelled")
        assert ledger.balance(sari).spendable == 0
        assert ledger.expire_due() == 1


def test_points_that_last_while_the_member_is_active_last_longer_with_each_act(
    sari: int, noon: datetime
) -> None:
    give(sari, 10, "idle", expires=Expiry.after_inactivity(10))
    with clock.at(noon + timedelta(days=9)):
        give(sari, 1, "something")
        assert ledger.balance(sari).expiring_on == date(2026, 12, 11)
    with clock.at(noon + timedelta(days=19)):
        ledger.burn(sari, 1, key="b", reason="redemption")
        assert ledger.balance(sari).expiring_on == date(2026, 12, 21)
    with clock.at(noon + timedelta(days=30)):
        ledger.expire_due()
        assert ledger.balance(sari).spendable == 1  # "something" never expires


def test_what_happens_to_a_member_is_no_activity_of_theirs(sari: int, noon: datetime) -> None:
    give(sari, 10, expires=Expiry.after_inactivity(10))
    with clock.at(noon + timedelta(days=9)):
        ledger.adjust(sari, 5, key="a", actor="maya", note="sorry")
        assert ledger.balance(sari).expiring_on == date(2026, 12, 2)


def test_idle_points_that_come_back_are_level_with_the_others(sari: int, noon: datetime) -> None:
    give(sari, 10, "first", expires=Expiry.after_inactivity(10))
    ledger.burn(sari, 10, key="b", reason="redemption")
    with clock.at(noon + timedelta(days=5)):
        give(sari, 3, "second", expires=Expiry.after_inactivity(10))
        ledger.reverse("b", key="r", reason="cancelled")
        found = ledger.balance(sari)
        assert (found.expiring_on, found.expiring_points) == (date(2026, 12, 7), 13)


def test_the_usual_earn_and_burn_take_one_round_trip_each(sari: int) -> None:
    """Round trips are the cost of a posting on PostgreSQL: a second would be a regression."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("on SQLite statements are not round trips")
    give(sari, 10, "the first of its source reads the policy")
    with statements() as seen:
        give(sari, 10, "e")
        assert len(seen) == 1
        ledger.burn(sari, 5, key="b", reason="redemption")
        assert len(seen) == 2
        with pytest.raises(NotEnoughPoints):
            ledger.burn(sari, 50, key="b2", reason="redemption")
        assert len(seen) == 4  # a refusal may take longer


def test_a_refused_burn_and_a_transfer_keep_nothing_alive(
    sari: int, tono: int, noon: datetime
) -> None:
    give(sari, 10, expires=Expiry.after_inactivity(10))
    with clock.at(noon + timedelta(days=5)):
        with pytest.raises(NotEnoughPoints):
            ledger.burn(sari, 11, key="b", reason="redemption")
        ledger.transfer(sari, tono, 4, key="t")
        assert ledger.balance(sari).expiring_on == date(2026, 12, 2)
        assert ledger.balance(tono).expiring_on == date(2026, 12, 2)
