"""Streaks against a slow, obvious model, and the cases that a person would think of."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from games import streak
from games.streak import DAY, Facts, Pause, State, close, closed, history, standing
from games.streak_month import month
from tests.games.streak_model import (
    FACTS,
    LETTER_OF,
    OFFSETS,
    ONS,
    RULES,
    day,
    days,
    marks,
    model,
    model_state,
)


@settings(max_examples=400)
@given(FACTS, OFFSETS)
def test_the_fold_agrees_with_the_slow_obvious_model(facts, until):
    state = closed(facts, RULES, day(until))
    assert (state.length_days, state.best_days, state.freezes) == model_state(facts, day(until))
    letters = model(facts, day(until)).replace("R", "K").replace("F", "K")
    assert "".join(LETTER_OF.get(d.mark, "K") for d in history(facts, RULES, day(until))) == letters


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(FACTS, OFFSETS)
def test_the_fold_agrees_with_the_model_at_length(facts, until):
    state = closed(facts, RULES, day(until))
    assert (state.length_days, state.best_days, state.freezes) == model_state(facts, day(until))


@given(FACTS, OFFSETS, OFFSETS)
def test_folding_old_days_into_a_base_changes_nothing_after_them(facts, one, other):
    until, on = day(min(one, other)), day(max(one, other))
    kept = streak.folded(facts, RULES, until)
    assert all(known >= until for known in (*kept.check_ins, *kept.grants, *kept.repairs))
    assert closed(kept, RULES, on) == closed(facts, RULES, on)
    assert standing(kept, RULES, on) == standing(facts, RULES, on)
    later = [d for d in history(facts, RULES, on) if d.on >= until]
    same = history(kept, RULES, on)  # it may begin before the first fact, with idle days
    assert list(same[len(same) - len(later) :]) == later
    assert streak.folded(kept, RULES, on) == streak.folded(facts, RULES, max(on, until))


@given(FACTS)
def test_closing_a_day_at_a_time_with_what_was_known_then_equals_the_fold(facts):
    """Nothing but the day's own facts is looked at, so what comes later can't change it."""
    state = State()
    for n in range(50):
        known = Facts(
            frozenset(on for on in facts.check_ins if on <= day(n)),
            tuple(p for p in facts.pauses if p.announced_on <= day(n)),
            tuple(on for on in facts.grants if on <= day(n)),
            facts.repairs,
        )
        state = close(state, day(n), known, RULES).state
        assert state == closed(facts, RULES, day(n + 1))


@given(FACTS, ONS)
def test_a_late_check_in_for_yesterday_is_as_if_it_had_come_in_time_and_takes_nothing(facts, today):
    before = closed(facts, RULES, today)
    in_time = facts._replace(check_ins=facts.check_ins | {today - DAY})
    after = closed(in_time, RULES, today)
    assert after.length_days >= before.length_days
    assert after.best_days >= before.best_days
    assert after.freezes >= before.freezes
    assert (after.length_days, after.best_days, after.freezes) == model_state(in_time, today)


@given(FACTS, OFFSETS)
def test_the_shown_length_of_an_open_day_is_broken_by_nothing(facts, n):
    shown = standing(facts, RULES, day(n))
    before = closed(facts, RULES, day(n))
    assert shown.state.length_days == before.length_days + (day(n) in facts.check_ins)
    assert shown == streak.standing_after(before, facts, RULES, day(n))


@given(FACTS, OFFSETS)
def test_milestones_are_reached_in_order_once_for_each_run(facts, n):
    got = streak.reached(facts, RULES, day(n))
    keys = [(r.started_on, r.milestone) for r in got]
    assert len(set(keys)) == len(keys)
    assert [r.on for r in got] == sorted(r.on for r in got)
    assert {r.milestone for r in got} <= set(RULES.milestones)


# Cases


def test_days_in_a_row_count():
    assert closed(Facts(days(0, 1, 2)), RULES, day(3)).length_days == 3


def test_a_member_without_facts_has_no_history():
    assert history(Facts(), RULES, day(9)) == ()
    assert standing(Facts(), RULES, day(0)).next_milestone == 3


def test_a_missed_day_breaks_only_when_it_is_over():
    facts = Facts(days(0, 1))
    assert standing(facts, RULES, day(2)).state.length_days == 2
    assert standing(facts, RULES, day(3)).state.length_days == 0


def test_freezes_are_spent_without_asking_and_their_days_do_not_count():
    facts = Facts(days(0, 1, 4), grants=(day(0), day(1)))
    state = closed(facts, RULES, day(5))
    assert (state.length_days, state.freezes) == (3, 0)
    assert marks(facts, 5) == "ddkkd"


def test_a_freeze_got_after_the_missed_day_does_not_help():
    assert marks(Facts(days(0, 2), grants=(day(2),)), 3) == "dmd"


def test_a_freeze_waits_while_nothing_runs():
    facts = Facts(days(3), grants=(day(0),))
    assert closed(facts, RULES, day(4)).freezes == 1


def test_a_third_freeze_is_refused_when_it_is_got():
    assert streak.refuse_freeze(State(freezes=1), RULES) is None
    assert streak.refuse_freeze(State(freezes=2), RULES) == "freezes_full"


def test_a_late_check_in_gives_a_spent_freeze_back_even_past_the_limit():
    facts = Facts(days(0, 2), grants=(day(0), day(0), day(2)))
    assert closed(facts, RULES, day(3)).freezes == 2
    late = facts._replace(check_ins=days(0, 1, 2))
    assert closed(late, RULES, day(3)).freezes == 3


def test_paused_days_neither_count_nor_break_nor_cost_a_freeze():
    mudik = Pause(day(2), day(8), announced_on=day(1))
    state = closed(Facts(days(0, 1, 9), (mudik,), (day(0),)), RULES, day(10))
    assert (state.length_days, state.freezes) == (3, 1)


def test_a_check_in_on_a_paused_day_counts():
    closed_shop = Pause(day(1), day(1), day(0), streak.SHOP)
    assert closed(Facts(days(0, 1, 2), (closed_shop,)), RULES, day(3)).length_days == 3


def test_a_pause_announced_in_the_middle_covers_from_then_on():
    late_word = Pause(day(1), day(3), announced_on=day(2))
    assert marks(Facts(days(0, 4), (late_word,)), 5) == "dmppd"


def test_a_repair_ties_the_run_together_again():
    facts = Facts(days(0, 1, 2, 4))
    assert standing(facts, RULES, day(4)).repairable_on == day(3)
    assert streak.refuse_repair(facts, RULES, day(3), day(4)) is None
    mended = facts._replace(repairs=days(3))
    assert closed(mended, RULES, day(5)).length_days == 4
    assert streak.refuse_repair(mended, RULES, day(3), day(4)) == "repaired_already"


@pytest.mark.parametrize(
    ("missed", "on", "code"),
    [(3, 5, "repair_too_late"), (2, 4, "nothing_to_repair"), (4, 5, "nothing_to_repair")],
)
def test_a_repair_is_for_yesterdays_miss_alone(missed, on, code):
    facts = Facts(days(0, 1, 2, 4))
    assert streak.refuse_repair(facts, RULES, day(missed), day(on)) == code


def test_repairs_can_be_switched_off():
    off = RULES._replace(repair_days=0)
    assert standing(Facts(days(0)), off, day(2)).repairable_on is None
    assert streak.refuse_repair(Facts(days(0)), off, day(1), day(2)) == "repair_too_late"


def test_a_repair_that_a_late_check_in_made_needless_is_told():
    facts = Facts(days(0, 2), repairs=days(1))
    assert streak.unneeded_repairs(facts, RULES, day(3)) == frozenset()
    late = facts._replace(check_ins=days(0, 1, 2))
    assert streak.unneeded_repairs(late, RULES, day(3)) == days(1)


def test_milestones_come_again_in_a_new_run():
    got = streak.reached(Facts(days(0, 1, 2, 5, 6, 7)), RULES, day(9))
    assert [(r.milestone, r.on, r.started_on) for r in got] == [
        (3, day(2), day(0)),
        (3, day(7), day(5)),
    ]


@pytest.mark.parametrize(
    ("first", "last", "announced", "by", "code"),
    [
        (2, 5, 1, streak.MEMBER, None),
        (1, 1, 1, streak.MEMBER, None),
        (5, 2, 1, streak.MEMBER, "pause_backwards"),
        (0, 5, 1, streak.MEMBER, "pause_in_the_past"),
        (0, 5, 1, streak.SHOP, "pause_in_the_past"),
        (1, 30, 1, streak.MEMBER, None),
        (1, 31, 1, streak.MEMBER, "pause_too_long"),
        (1, 99, 1, streak.SHOP, None),
    ],
)
def test_a_pause_is_announced_beforehand_and_within_measure(first, last, announced, by, code):
    pause = Pause(day(first), day(last), day(announced), by)
    assert streak.refuse_pause(Facts(), RULES, pause) == code


def test_a_year_has_only_so_many_paused_days():
    used = tuple(Pause(day(n), day(n + 29), day(n)) for n in (-100, -50))
    pause = Pause(day(1), day(1), day(0))
    assert streak.refuse_pause(Facts(pauses=used), RULES, pause) == "pause_used_up"
    assert streak.refuse_pause(Facts(pauses=used[:1]), RULES, pause) is None


MADE_AT = datetime(2026, 11, 2, 16, 59, tzinfo=UTC)  # 23.59 WIB


@pytest.mark.parametrize(
    ("late_h", "check_ins", "late_ons", "code"),
    [
        (0, (), (), None),
        (24, (), (), None),
        (24.1, (), (), "late_too_late"),
        (-0.1, (), (), "late_from_the_future"),
        (1, (0,), (), "checked_in_already"),
        (1, (), (-1, -3, -9, -20, -29), "late_too_often"),
        (1, (), (-1, -3, -9, -20, -30), None),
    ],
)
def test_an_offline_check_in_is_believed_within_limits(late_h, check_ins, late_ons, code):
    received_at = MADE_AT + timedelta(hours=late_h)
    facts = Facts(days(*check_ins))
    told = [day(n) for n in late_ons]
    assert streak.refuse_late(facts, RULES, MADE_AT, received_at, day(0), told) == code


# The calendar


def test_a_month_shows_what_was_and_what_may_come():
    first = date(2026, 11, 1)
    facts = Facts(
        days(0, 1, 2, 5),
        pauses=(Pause(day(7), day(8), day(5)),),
        grants=(day(0),),
    )
    cells = month(facts, RULES, first, today=day(6))
    assert len(cells) == 30
    assert [c.mark for c in cells[:12]] == [
        "idle", "done", "done", "done", "kept", "missed", "done",
        "now", "paused", "paused", "bonus", "next",
    ]  # fmt: skip
    assert [(c.on, c.milestone) for c in cells if c.milestone] == [
        (day(2), 3), (day(9), 3), (day(13), 7), (day(20), 14),
    ]  # fmt: skip


@given(FACTS, OFFSETS)
def test_a_calendar_has_every_day_once_and_agrees_with_history(facts, n):
    today = day(n)
    cells = month(facts, RULES, date(2026, 11, 1), today) + month(
        facts, RULES, date(2026, 12, 1), today
    )
    assert [c.on for c in cells] == [date(2026, 11, 1) + k * DAY for k in range(61)]
    past = {d.on: d.mark for d in history(facts, RULES, today)}
    assert all(c.mark == past.get(c.on, "idle") for c in cells if c.on < today)
    assert all(c.mark in ("next", "bonus", "paused") for c in cells if c.on > today)
