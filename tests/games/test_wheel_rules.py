from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games import fairness, wheel
from games.prize import (
    LAST_RESORT,
    Budget,
    Prize,
    Remaining,
    Spent,
    problems,
    remaining,
    settle,
    take,
    tax_rupiah,
    why_out,
)

SEED = "5e" * 32
POINTS = Prize("lima", "points", points=5, weight=30)
COFFEE = Prize("kopi", "voucher", value_rupiah=8_000, reward="kopi", weight=2, stock_day=3)
AGAIN = Prize("lagi", "spin", weight=8)
NOTHING = Prize("nihil", weight=60)
WHEEL = (POINTS, COFFEE, AGAIN, NOTHING)
CONFIG = wheel.Wheel(WHEEL, "nihil")


def test_over_every_roll_each_slice_wins_exactly_its_weight():
    landed = Counter(wheel.spin(WHEEL, roll) for roll in range(100))
    assert landed == {slice_: slice_.weight for slice_ in WHEEL}


def test_play_rests_on_the_place_of_the_slice_it_won():
    for roll in range(wheel.total(CONFIG)):
        outcome = wheel.play(CONFIG, roll)
        assert WHEEL[outcome.shown["place"]] is outcome.raw is wheel.spin(WHEEL, roll)


@pytest.mark.long
def test_a_million_tickets_land_as_the_published_odds_say():
    total, plays = wheel.total_weight(WHEEL), 1_000_000
    rolls = (fairness.roll(SEED, f"m{n % 997}", n, "halo", total) for n in range(plays))
    landed = Counter(wheel.spin(WHEEL, roll).code for roll in rolls)
    wanted = {odds.code: plays * odds.weight / odds.total for odds in wheel.odds(WHEEL)}
    chi2 = sum((landed[code] - n) ** 2 / n for code, n in wanted.items())
    assert chi2 < 16.27  # 3 degrees of freedom, p = 0.001


@pytest.mark.parametrize(
    ("weight", "total", "percent"),
    [
        (1, 8, "12.5"),
        (1, 1, "100"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 10_000, "0.01"),
        (1, 30_000, "0.0033"),
        (1, 1_000_000, "0.0001"),
        (999_999, 1_000_000, "100"),
        (1, 10, "10"),
    ],
)
def test_odds_read_as_percent(weight, total, percent):
    assert wheel.Odds("x", weight, total).percent == percent


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_odds_are_exact_and_make_one_together(weights):
    odds = wheel.odds([Prize(str(n), weight=weight) for n, weight in enumerate(weights)])
    assert sum(Fraction(o.weight, o.total) for o in odds) == 1
    for each in odds:
        exact = Fraction(100 * each.weight, each.total)
        assert abs(Fraction(each.percent) - exact) <= Fraction(1, 200)


def test_a_wheel_without_a_members_tier_has_that_slice_not_at_all():
    slices = (POINTS, COFFEE._replace(tier="emas"), NOTHING)
    assert wheel.for_tiers(slices, ()) == (POINTS, NOTHING)
    assert wheel.for_tiers(slices, {"emas"}) == slices


# What is left


def test_the_tighter_of_day_and_total_is_what_remains():
    budget = Budget(points_day=100, points_total=120, rupiah_day=9_000, rupiah_total=90_000)
    spent = Spent(points_day=10, points_total=90, rupiah_day=1_000, rupiah_total=1_000)
    assert remaining((POINTS,), budget, spent) == Remaining(30, 8_000, {})


def test_no_limit_is_not_a_limit_of_nought():
    assert remaining(WHEEL[:1], Budget(), Spent()) == Remaining(None, None, {})
    assert remaining((), Budget(points_day=0), Spent()).points == 0


def test_an_overspent_budget_leaves_nothing_and_not_less():
    left = remaining((COFFEE,), Budget(points_day=5), Spent(9, 9, 0, 0, {"kopi": 7}))
    assert left == Remaining(0, None, {"kopi": 0})


@pytest.mark.parametrize(
    ("day", "total", "left"), [(3, 9, 2), (9, 3, 1), (None, 3, 1), (3, None, 2)]
)
def test_stock_by_day_and_in_total(day, total, left):
    prize = COFFEE._replace(stock_day=day, stock_total=total)
    spent = Spent(pieces_day={"kopi": 1}, pieces_total={"kopi": 2})
    assert remaining((prize,), Budget(), spent).pieces == {"kopi": left}


@pytest.mark.parametrize(
    ("prize", "left", "why"),
    [
        (COFFEE, Remaining(pieces={"kopi": 1}), None),
        (COFFEE, Remaining(pieces={"kopi": 0}), "stock"),
        (COFFEE, Remaining(rupiah=7_999), "rupiah"),
        (COFFEE, Remaining(rupiah=8_000), None),
        (POINTS, Remaining(points=4), "points"),
        (POINTS, Remaining(points=5, rupiah=0), None),
        (NOTHING, Remaining(0, 0, {}), None),
    ],
)
def test_a_prize_that_is_out_says_why_and_falls_to_the_consolation(prize, left, why):
    assert why_out(prize, left) == why
    assert settle(prize, left, NOTHING) == (prize if why is None else NOTHING)


def test_when_the_consolation_is_out_too_there_are_kind_words():
    assert settle(COFFEE, Remaining(points=4, rupiah=0), POINTS) == LAST_RESORT


PRIZES = st.builds(
    Prize,
    st.sampled_from("abcd"),
    points=st.integers(0, 20),
    value_rupiah=st.integers(0, 9_000),
)
LEFT = st.builds(
    Remaining,
    st.none() | st.integers(0, 99),
    st.none() | st.integers(0, 30_000),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 5)),
)


@given(LEFT, st.lists(PRIZES, max_size=40), PRIZES)
def test_no_row_of_prizes_takes_more_than_remained(left, raws, consolation):
    first, given_prizes = left, []
    for raw in raws:
        given_prizes.append(settle(raw, left, consolation))
        left = take(left, given_prizes[-1])
    assert first.points is None or sum(p.points for p in given_prizes) <= first.points
    assert first.rupiah is None or sum(p.value_rupiah for p in given_prizes) <= first.rupiah
    codes = Counter(p.code for p in given_prizes)
    assert all(codes[code] <= pieces for code, pieces in first.pieces.items())


def test_giving_what_is_out_is_a_bug():
    with pytest.raises(AssertionError):
        take(Remaining(points=1), POINTS)


def test_tax_is_a_quarter_rounded_down():
    assert tax_rupiah(Prize("x", value_rupiah=99_999)) == 24_999


# What an owner may switch on


def test_a_sound_wheel_has_no_problems():
    assert wheel.problems(CONFIG) == ()


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (wheel.Wheel((NOTHING,), "nihil"), "slices_few"),
        (wheel.Wheel((*WHEEL, NOTHING), "nihil"), "code_twice"),
        (wheel.Wheel(WHEEL, "x"), "consolation_missing"),
        (wheel.Wheel(WHEEL, "kopi"), "consolation_limited"),
        (wheel.Wheel(WHEEL, "lagi"), "consolation_limited"),
        (wheel.Wheel(tuple(Prize(str(n)) for n in range(13)), "1"), "slices_many"),
        (wheel.Wheel((NOTHING, POINTS._replace(weight=0)), "nihil"), "lima.weight"),
    ],
)
def test_an_unsound_wheel_is_told_why(config, problem):
    assert problem in wheel.problems(config)


@pytest.mark.parametrize(
    ("prize", "problem"),
    [
        (Prize("x", "gold"), "x.kind"),
        (Prize("x", "points"), "x.points_missing"),
        (Prize("x", "spin", points=3), "x.points_unused"),
        (Prize("x", "voucher"), "x.reward_missing"),
        (Prize("x", "nothing", value_rupiah=1), "x.nothing_costs"),
        (Prize("x", "points", points=1, stock_day=-1), "x.negative"),
    ],
)
def test_an_unsound_prize_is_told_why(prize, problem):
    assert problem in problems(prize)


def test_a_wheel_survives_being_written_as_plain_data_and_read_again():
    data = {"slices": wheel.plain(WHEEL), "consolation": "nihil"}
    assert wheel.load(data) == CONFIG


@pytest.mark.parametrize("bad", [{"code": "x", "colour": "red"}, {"kind": "points"}])
def test_a_slice_with_fields_we_do_not_know_is_not_read(bad):
    with pytest.raises(ValueError, match="prize"):
        wheel.load({"slices": [bad], "consolation": "x"})
