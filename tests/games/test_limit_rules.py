"""Limits on plays and tickets, and what is suspicious."""

import pytest

from games import limits
from games.limits import Limits
from games.quiz import Turn
from tests.games.quiz_ground import (
    KINDS,
    turn,
)


@pytest.mark.parametrize(
    ("member", "device", "code"),
    [(0, 0, None), (2, 0, "member_limit"), (0, 5, "device_limit"), (1, 4, None)],
)
def test_plays_are_limited_by_member_and_device(member, device, code):
    assert limits.refuse_play(Limits(2, 5), member, device) == code
    assert limits.refuse_play(Limits(), 999, 999) is None


@pytest.mark.parametrize(
    ("bought", "points", "code"),
    [(0, 50, None), (3, 50, "ticket_cap"), (0, 49, "not_enough_points")],
)
def test_tickets_for_points_have_a_daily_cap(bought, points, code):
    assert limits.refuse_ticket(bought, 3, points, price=50) == code


def test_a_hundred_accounts_on_one_phone_or_answers_faster_than_reading_wait_for_the_owner():
    assert limits.suspicions(Limits(), 5, 2) == ()
    assert limits.suspicions(Limits(), 100) == ("crowded_device",)
    assert limits.suspicions(Limits(), 100, 3) == ("crowded_device", "fast_answers")


def test_only_answers_faster_than_anybody_reads_are_fast():
    letters = len("Yang mana?") + 4 * len("pilihan a")
    assert limits.reading_ms(KINDS[0], "id") == 10 * letters
    turns = [turn(KINDS[0], 0.1), turn(KINDS[0], 1), turn(KINDS[0], 0, ()), Turn("q-single")]
    assert limits.fast_answers(KINDS, turns, "id") == 1
