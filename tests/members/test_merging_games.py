"""What goes along when two accounts become one: missions, days, tickets, offers, reminders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import clock, outbox
from pwa.clock import program_day
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.ledger import verify
from pwa.members import merging
from pwa.members.models import Member
from pwa.missions import service as missions
from pwa.missions import streaks
from pwa.missions.models import MissionProgress, StreakAward
from pwa.play import tickets
from pwa.push import reminders
from pwa.rewards import gifts
from pwa.rewards import service as rewards
from tests.conftest import NOON
from tests.people import PHONES, join

DAY = timedelta(days=1)


def merge(kept: Member, closed: Member) -> None:
    merging.merge(kept, closed, key="k1")
    outbox.commit(then_writes=True)
    db.session.expire_all()


def comes(member: Member, on: int) -> None:
    with clock.at(NOON + on * DAY):
        missions.check_in(member.id)
        outbox.commit(then_writes=True)


def test_days_of_both_accounts_make_one_run_and_pay_nothing(app: Flask) -> None:
    with clock.at(NOON - 10 * DAY):
        kept, closed = join("Sari"), join("Tono")
    for on in (-4, -2, 0):
        comes(kept, on)
    for on in (-5, -4, -3, -1):
        comes(closed, on)
    with clock.at(NOON):
        before = ledger.balance(kept.id).spendable + ledger.balance(closed.id).spendable
        merge(kept, closed)
        assert streaks.standing(kept.id).state.length_days == 6
        assert ledger.balance(kept.id).spendable == before
        assert streaks.award(kept.id, program_day()) == 0
        paid = db.session.scalars(select(StreakAward).where(StreakAward.member_id == kept.id))
        assert {row.points for row in paid} <= {0}
        assert list(verify.differences()) == []


def row_of(member: Member, code: str) -> MissionProgress | None:
    mine = select(MissionProgress).where(
        MissionProgress.member_id == member.id, MissionProgress.code == code
    )
    return db.session.scalar(mine)


@pytest.mark.parametrize(
    ("ours", "theirs", "then"),
    [
        ((1, False), (3, False), (3, False)),
        ((3, False), (1, False), (3, False)),
        ((2, False), (3, True), (3, True)),
        ((3, True), (1, False), (3, True)),
        (None, (2, False), (2, False)),
    ],
)
def test_a_mission_goes_on_where_one_account_got_further_and_is_not_done_twice(
    app: Flask,
    noon: object,
    ours: tuple[int, bool] | None,
    theirs: tuple[int, bool],
    then: tuple[int, bool],
) -> None:
    kept, closed = join("Sari"), join("Tono")
    for member, held in ((kept, ours), (closed, theirs)):
        if held:
            done_on = program_day() if held[1] else None
            db.session.add(
                MissionProgress(
                    member_id=member.id, code="x", window_key="w", began_on=program_day(),
                    done=held[0], days=[], done_on=done_on, definition={},
                )
            )  # fmt: skip
    db.session.commit()
    merge(kept, closed)
    row = row_of(kept, "x")
    assert row is not None
    assert (row.done, row.done_on is not None) == then


def test_won_tickets_go_along_and_a_days_free_one_does_not(app: Flask, noon: object) -> None:
    kept, closed = join("Sari"), join("Tono")
    today = program_day()
    theirs = tickets.lock(closed.id)
    tickets.give(theirs, "harian", "mission:1", today + 5 * DAY)
    tickets.give(theirs, "harian", tickets.free_key(today, 1), today)
    tickets.give(theirs, "harian", "mission:old", today - DAY)
    db.session.commit()
    merge(kept, closed)
    assert tickets.left(kept.id, "harian", today, 0) == 1
    assert tickets.left(closed.id, "harian", today, 0) == 0


def test_offers_and_reminders_follow_her(app: Flask, noon: object) -> None:
    kept, closed, dewi = join("Sari"), join("Tono"), join("Dewi")
    given = rewards.issue_prize(dewi.id, "ukuran-besar", key="p1", source="wheel")
    gifts.offer(given.code, dewi, PHONES["Tono"], "g1")
    reminders.ask(closed.id, "CROISSANT")
    db.session.commit()
    merge(kept, closed)
    (offer,) = gifts.open_gifts(kept.id)
    assert gifts.accept(offer.id, kept.id).member_id == kept.id
    assert reminders.waits(kept.id, "CROISSANT")


def test_what_she_offered_can_come_back_to_her(app: Flask, noon: object) -> None:
    kept, closed, dewi = join("Sari"), join("Tono"), join("Dewi")
    given = rewards.issue_prize(closed.id, "ukuran-besar", key="p1", source="wheel")
    offer = gifts.offer(given.code, closed, PHONES["Dewi"], "g1")
    db.session.commit()
    merge(kept, closed)
    gifts.decline(offer.id, dewi.id)
    db.session.commit()
    assert [v.code for v in rewards.active_vouchers(kept.id)] == [given.code]
