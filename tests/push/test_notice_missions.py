"""Told in the evening: one mission is missing to the set of the day."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from pwa import clock, outbox
from pwa.members.models import Member
from pwa.program import service as program
from pwa.program.playing import DailySet
from tests.conftest import NOON
from tests.missions.test_sets import mission, tell, use
from tests.push.conftest import run_due
from tests.push.service import PushService
from tests.push.telling import member_with_phone, said

TITLE = "Satu misi lagi hari ini"
EVENING = NOON.replace(hour=11)  # 18.00 WIB


def set_of_three() -> None:
    with clock.at(NOON - timedelta(days=9)):
        use(
            mission("putar", "spin", in_set="fixed"),
            mission("ulas", "review", in_set="fixed"),
            mission("datang", "check_in", in_set="fixed"),
            daily=DailySet(drawn=0, bonus_points=30),
        )
    assert program.current().daily.bonus_points == 30


def do_two(member: Member) -> None:
    tell(member, "spin.made")
    tell(member, "review.written")


def test_one_left_is_reminded_of_at_six_and_only_if_it_is_still_left(
    push_app: Flask, service: PushService
) -> None:
    set_of_three()
    with clock.at(NOON):
        sari, hers = member_with_phone(service)
        tono, his = member_with_phone(service, "Tono")
        dewi, other = member_with_phone(service, "Dewi")
        do_two(sari)
        do_two(tono)
        tell(dewi, "spin.made")  # two are left: nothing to say
        run_due()
        assert TITLE not in said(service, hers)
    with clock.at(NOON + timedelta(hours=2)):
        from pwa.missions import service as missions

        missions.check_in(tono.id)
        outbox.commit()
        run_due()
    with clock.at(EVENING):
        run_due()
    with clock.at(EVENING + timedelta(hours=1)):
        run_due()
    assert said(service, hers).count(TITLE) == 1
    assert TITLE not in said(service, his)
    assert TITLE not in said(service, other)
