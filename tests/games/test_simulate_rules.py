import random
import time
from datetime import date

import pytest

from games import program
from games.purse import Cost, figures
from games.simulate import simulate

ON = date(2026, 11, 1)
TEN = {"code": "sepuluh", "kind": "points", "points": 10}
NOTHING = {"code": "nihil"}
COFFEE = {"code": "kopi", "kind": "voucher", "reward": "kopi", "value_rupiah": 8_000}
ALWAYS = {"visit": [100, 100], "buy": 100, "spend_rupiah": [20_000, 20_000], "skill": [100, 100]}
OPTIONS = [{"code": "a", "text": {"id": "A"}}, {"code": "b", "text": {"id": "B"}}]
QUESTION = {"kind": "single", "text": {"id": "?"}, "options": OPTIONS, "right": ["a"]}


def wheel(*slices, **more):
    return {"wheel": {"config": {"slices": list(slices), "consolation": "nihil"}, **more}}


def run(data, members=50, days=10, seed=1, runs=1):
    return simulate(program.load(data), members, days, random.Random(seed), ON, runs)


def full() -> dict:
    slices = ({**TEN, "weight": 50}, {**COFFEE, "weight": 2, "stock_day": 3, "stock_total": 40},
              {"code": "lagi", "kind": "spin", "weight": 5}, {"code": "beku", "kind": "freeze"},
              {**NOTHING, "weight": 40})  # fmt: skip
    questions = [{**QUESTION, "code": f"q{n}"} for n in range(5)]
    steps = [{"min_score": 4, "prize": TEN}]
    quiz = {"config": {"questions": questions, "asked": 5, "steps": steps}, "share": 50}
    missions = [
        {"code": "c", "trigger": "check_in", "prize": TEN, "in_set": "fixed"},
        {"code": "s", "trigger": "spin", "prize": TEN, "in_set": "pool"},
        {"code": "q", "trigger": "quiz_done", "prize": TEN, "in_set": "pool"},
        {"code": "b", "trigger": "purchase", "prize": TEN, "window": {"kind": "monthly"}},
    ]
    return {
        "games": {**wheel(*slices, budget={"points_day": 9_000}), "quiz": quiz},
        "missions": {"list": missions, "draw": 1, "bonus": {**TEN, "code": "bonus"}},
        "streak": {"prizes": {"3": TEN, "7": {"code": "beku", "kind": "freeze"}}},
        "closed": ["2026-11-05"],
    }


def test_the_same_randomness_gives_the_same_report():
    assert run(full()) == run(full())
    assert run(full()) != run(full(), seed=2)


def test_a_wheel_of_one_prize_costs_exactly_that():
    data = {"games": wheel(TEN, {**TEN, "code": "nihil"}), "members": ALWAYS, "point_rupiah": 2}
    report = run(data)
    assert report.by_game["wheel"].mean == Cost(500, 1_000)
    assert report.by_game["wheel"].p95 == Cost(500, 1_000)
    assert report.whole.mean == Cost(5_000, 10_000)
    assert len(report.by_day) == 10


def test_expected_cost_is_what_the_odds_say():
    data = {"games": wheel({**TEN, "weight": 1}, {**NOTHING, "weight": 3}), "members": ALWAYS}
    mean = run(data, members=1_000, days=20).by_game["wheel"].mean.points
    assert mean == pytest.approx(2_500, rel=0.02)


def test_a_budget_holds_and_its_run_out_is_told():
    games = wheel({**COFFEE, "weight": 9}, NOTHING, budget={"rupiah_day": 80_000})
    report = run({"games": games, "members": ALWAYS})
    assert report.by_game["wheel"].mean == Cost(0, 80_000)
    assert report.run_outs["wheel.kopi"] == list(range(10))
    assert report.unpaid["wheel"] > 300


def test_a_stock_in_all_runs_out_once_and_stays_out():
    games = wheel({**COFFEE, "weight": 99, "stock_total": 70}, NOTHING)
    report = run({"games": games, "members": ALWAYS})
    assert report.whole.mean == Cost(0, 70 * 8_000)
    assert report.run_outs["wheel.kopi"] == list(range(1, 10))


def test_a_wheel_that_always_spins_again_comes_to_an_end():
    spins = ({"code": "lagi", "kind": "spin", "weight": 999}, NOTHING)
    assert run({"games": wheel(*spins), "members": ALWAYS}, days=3).whole.mean == Cost(0, 0)


def test_who_comes_every_day_reaches_every_milestone():
    data = {"streak": {"prizes": {"3": TEN, "7": TEN}}, "members": ALWAYS}
    report = run(data)
    assert report.whole.mean.points == 50 * 20
    assert report.streak_shares[7] == 10_000
    assert report.streak_shares[14] == 0


def test_who_never_comes_costs_nothing():
    data = {**full(), "members": {"visit": [0, 0]}}
    report = run(data)
    assert report.whole.p95 == Cost(0, 0)
    assert report.streak_shares[1] == 0


def test_missions_chains_and_the_bonus_are_paid_by_their_rules():
    missions = [
        {"code": "c", "trigger": "check_in", "prize": TEN, "in_set": "fixed"},
        {"code": "b", "trigger": "amount_reached", "measure": "sum", "wanted": 100_000,
         "prize": TEN, "window": {"kind": "once"}},
        {"code": "n", "trigger": "purchase", "prize": TEN, "after": "b"},
    ]  # fmt: skip
    data = {
        "missions": {"list": missions, "bonus": {**TEN, "code": "bonus"}},
        "members": ALWAYS,
    }
    report = run(data, members=1, days=10)
    # check-in and bonus each day; 100,000 on day 5; its successor from that same purchase on
    assert report.whole.mean.points == 10 * 20 + 10 + 6 * 10


def test_members_who_know_everything_win_the_quiz():
    steps = [{"min_score": 1, "prize": TEN}]
    config = {"questions": [{**QUESTION, "code": "q"}], "asked": 1, "steps": steps}
    report = run({"games": {"quiz": {"config": config}}, "members": ALWAYS})
    assert report.by_game["quiz"].mean.points == 500


def test_the_95th_percentile_is_by_nearest_rank():
    told = figures([Cost(n, 100 - n) for n in range(1, 101)])
    assert told.p95 == Cost(95, 94)
    assert told.mean == Cost(51, 50)  # 50.5 and 49.5, rounded up


def test_many_runs_spread_each_day():
    report = run(full(), members=30, days=5, runs=8)
    assert any(day.p95.points > day.mean.points for day in report.by_day)


@pytest.mark.parametrize(
    "broken",
    [
        {"games": {"roulette": {"config": {}}}},
        {"games": wheel(NOTHING)},
        {"missions": {"list": [{"code": "x", "trigger": "dance", "prize": TEN}]}},
    ],
)
def test_a_program_that_can_not_be_run_is_refused_with_the_reason(broken):
    with pytest.raises(ValueError, match=r"roulette|slices_few|x\.trigger"):
        program.load(broken)


@pytest.mark.long
def test_ten_thousand_members_for_ninety_days_take_about_a_minute():
    started = time.process_time()
    run(full(), members=10_000, days=90)
    assert time.process_time() - started < 90
