"""Freezes, pauses and repairs, as members meet them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from pwa import clock, outbox
from pwa.db import db
from pwa.errors import NotEnoughPoints
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.missions import service, streaks
from pwa.missions.errors import NoPause, NoRepair
from pwa.missions.models import StreakAward
from pwa.program import service as program
from pwa.program.playing import Closed
from pwa.program.schema import Text
from tests.conftest import NOON
from tests.missions.test_check_in import check_in, come, held
from tests.people import log_in

DAY = timedelta(days=1)
YESTERDAY = date(2026, 11, 21)


def test_a_freeze_is_spent_on_a_missed_day_without_asking(sari: Member) -> None:
    come(sari, 2, NOON - 2 * DAY)
    with clock.at(NOON - 2 * DAY):
        assert service.give_freeze(sari.id, "a")
        outbox.commit()
    check_in(sari)
    streak = service.streak(sari)
    assert (streak.length, streak.freezes) == (3, 0)
    assert streak.week[5].state == "kept"


def test_no_more_than_two_freezes_are_held_and_each_key_gives_one(sari: Member) -> None:
    assert [service.give_freeze(sari.id, key) for key in "aabc"] == [True, True, True, False]
    outbox.commit()
    assert service.streak(sari).freezes == 2


def test_a_missed_day_is_put_right_for_points_within_a_day(sari: Member) -> None:
    come(sari, 3, NOON - 2 * DAY)
    before = held(sari)
    assert service.streak(sari).repairable_on == YESTERDAY
    assert service.repair(sari.id, YESTERDAY)
    assert not service.repair(sari.id, YESTERDAY)
    outbox.commit()
    assert held(sari) == before - 50
    check_in(sari)
    assert service.streak(sari).length == 4


def test_a_repair_that_comes_too_late_is_refused_and_costs_nothing(sari: Member) -> None:
    come(sari, 3, NOON - 4 * DAY)
    before = held(sari)
    with pytest.raises(NoRepair):
        service.repair(sari.id, date(2026, 11, 19))
    outbox.rollback()
    assert held(sari) == before


def test_a_repair_needs_the_points(sari: Member) -> None:
    come(sari, 3, NOON - 2 * DAY)
    ledger.burn(sari.id, held(sari), key="all", reason="test")
    with pytest.raises(NotEnoughPoints):
        service.repair(sari.id, YESTERDAY)


def test_days_off_announced_beforehand_neither_count_nor_break(sari: Member) -> None:
    come(sari, 2, NOON - 4 * DAY)
    with clock.at(NOON - 3 * DAY):
        service.pause(sari.id, date(2026, 11, 19), YESTERDAY, "mudik")
        outbox.commit()
    check_in(sari)
    streak = service.streak(sari)
    assert (streak.length, streak.week[4].state) == (3, "kept")


def test_days_off_are_not_announced_afterwards(sari: Member) -> None:
    with pytest.raises(NoPause):
        service.pause(sari.id, YESTERDAY, YESTERDAY, "k")
    with pytest.raises(NoPause):
        service.pause(sari.id, date(2026, 12, 1), date(2027, 2, 1), "k")


def test_the_shops_closed_days_break_nobodys_streak(sari: Member) -> None:
    said = program.current()
    closed = (Closed(first_on=YESTERDAY, last_on=YESTERDAY, name=Text(id="Tutup")),)
    streak = said.streak.model_copy(update={"closed": closed})
    program.apply(said.model_copy(update={"streak": streak}), actor="test")
    come(sari, 2, NOON - 2 * DAY)
    check_in(sari)
    assert service.streak(sari).length == 3


def test_nothing_is_lost_by_crossing_from_wib_to_wit(sari: Member) -> None:
    come(sari, 3)
    said = program.current()
    moved = said.program.model_copy(update={"zone": "Asia/Jayapura"})
    program.apply(said.model_copy(update={"program": moved}), actor="test")
    outbox.commit()
    come(sari, 2, NOON + 2 * DAY)
    assert service.streak(sari).length == 3  # of today
    with clock.at(NOON + 2 * DAY):
        assert service.streak(sari).length == 5


def test_the_pages_offer_repairs_and_days_off(client: FlaskClient, sari: Member) -> None:
    come(sari, 3, NOON - 2 * DAY)
    log_in(client, sari)
    assert "Perbaiki kemarin, 50 poin" in client.get("/missions").text
    assert client.post("/streak/repairs", data={"on": "2026-11-21"}).status_code == 303
    assert "Perbaiki kemarin" not in client.get("/missions").text
    assert "Catat hari libur" in client.get("/streak/pauses").text
    form = {"first_on": "2026-11-23", "last_on": "2026-11-25", "key": "k"}
    assert client.post("/streak/pauses", data=form).status_code == 303
    assert client.post("/streak/pauses", data={"first_on": "x"}).status_code == 422


def test_the_streaks_pages_are_for_members(client: FlaskClient) -> None:
    for url in ("/streak/repairs", "/streak/pauses", "/missions/x/swaps"):
        assert client.post(url).status_code == 303
    assert client.get("/streak/pauses").status_code == 303


def test_pauses_are_announced_on_the_page(client: FlaskClient, sari: Member) -> None:
    """Her own days off and the shop's closed days, before they come."""
    on = clock.program_day()
    closed = Closed(first_on=on + 3 * DAY, last_on=on + 3 * DAY, name=Text(id="Cat ulang"))
    streak = program.current().streak.model_copy(update={"closed": (closed,)})
    program.apply(program.current().model_copy(update={"streak": streak}), actor="test")
    service.pause(sari.id, on + 5 * DAY, on + 6 * DAY, "k")
    outbox.commit()
    page = log_in(client, sari).get("/missions").text
    assert "Toko tutup 25 Nov (Cat ulang), runtunmu aman." in page
    assert "Kamu libur 27 Nov–28 Nov, runtunmu aman." in page
    with clock.at(NOON + 9 * DAY):
        assert "runtunmu aman" not in client.get("/missions").text


def test_a_long_run_reads_some_months_and_says_the_same(sari: Member) -> None:
    """400 days in a row: the old days are in the base, and length, best and milestones hold."""
    first = NOON - 399 * DAY
    for n in range(400):
        with clock.at(first + n * DAY):
            service.check_in(sari.id)
            outbox.commit()
    found = streaks.read(sari.id)
    assert len(found.rows) <= 151
    assert found.base is not None
    streak = service.streak(sari)
    assert (streak.length, streak.best) == (400, 400)
    paid = db.session.query(StreakAward.milestone_days).filter_by(member_id=sari.id)
    assert sorted(days for (days,) in paid) == [3, 7, 14, 30]
    with clock.at(NOON + 3 * DAY):
        service.check_in(sari.id)  # two days missed
        outbox.commit()
        streak = service.streak(sari)
        assert (streak.length, streak.best) == (1, 400)
