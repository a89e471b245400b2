from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games import mission
from games.mission import Audience, Event, Mission, Person, Progress, amount, holds, in_force, tally
from games.prize import Prize
from games.window import KINDS, Window, key_of

SEED = "3c" * 32
ON = date(2026, 11, 11)  # a Wednesday
DAY = timedelta(days=1)
FIVE = Prize("lima", "points", points=5)
DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))
WINDOWS = st.sampled_from(
    [Window(k) for k in sorted(KINDS - {"season"})]
    + [Window("season", date(2026, 2, 18), date(2026, 3, 20)), Window("daily", ON, ON + 9 * DAY)]
)


def a(trigger: str, **more) -> Mission:
    return Mission("m", trigger, FIVE, **more)


# Matching

PURCHASE = Event(
    "purchase",
    ON,
    {
        "amount_rupiah": 50_000,
        "outlet": "pusat",
        "lines": [
            {"category": "kopi", "eco": True, "amount_rupiah": 30_000},
            {"category": "roti", "eco": False, "amount_rupiah": 20_000},
        ],
    },
)


@pytest.mark.parametrize(
    ("asked", "added"),
    [
        (a("purchase"), 1),
        (a("check_in"), 0),
        (a("amount_reached", measure="sum"), 50_000),
        (a("purchase", where={"amount_rupiah": {"at_least": 50_000}}), 1),
        (a("purchase", where={"amount_rupiah": {"at_least": 50_001}}), 0),
        (a("purchase", where={"outlet": {"any_of": ["pusat", "utara"]}}), 1),
        (a("purchase", where={"outlet": "utara"}), 0),
        (a("purchase_category", where={"category": "kopi"}), 1),
        (a("purchase_category", where={"category": "kopi"}, measure="sum"), 30_000),
        (a("purchase_category", where={"category": "teh"}), 0),
        (
            a("purchase_category", where={"category": {"any_of": ["kopi", "roti"]}}, measure="sum"),
            50_000,
        ),
        (a("purchase_category", where={"category": "roti", "eco": True}), 0),
        (a("purchase_eco"), 1),
        (a("purchase_eco", measure="sum"), 30_000),
        (a("purchase_eco", where={"category": "roti"}), 0),
    ],
)
def test_what_a_purchase_adds(asked, added):
    assert amount(asked, PURCHASE) == added


def test_a_spin_is_a_play_of_the_wheel():
    assert amount(a("spin"), Event("game_played", ON, {"game": "wheel"})) == 1
    assert amount(a("spin"), Event("game_played", ON, {"game": "scratch"})) == 0
    assert amount(a("game_played"), Event("game_played", ON, {"game": "scratch"})) == 1


@pytest.mark.parametrize("trigger", sorted(mission.TRIGGERS))
def test_every_trigger_answers_to_its_own_kind_of_event_and_no_other(trigger):
    row = mission.TRIGGERS[trigger]
    lines = [{"eco": True, "amount_rupiah": 1}]
    data = {**row.where, "lines": lines, row.unit or "unit": 7}
    assert amount(a(trigger), Event(row.kind, ON, data)) == 1
    assert amount(a(trigger), Event("other", ON, data)) == 0
    if row.unit:
        assert amount(a(trigger, measure="sum"), Event(row.kind, ON, data)) in (1, 7)


@pytest.mark.parametrize(
    ("conditions", "data", "met"),
    [
        ({}, {}, True),
        ({"a": 1}, {}, False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": "x"}, {"a": ["x", "y"]}, True),
        ({"a": "z"}, {"a": ["x", "y"]}, False),
        ({"a": {"at_least": 2, "at_most": 3}}, {"a": 3}, True),
        ({"a": {"at_least": 2, "at_most": 3}}, {"a": 4}, False),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, False),
    ],
)
def test_conditions(conditions, data, met):
    assert holds(conditions, data) is met


# Progress


def test_counts_sums_and_different_days():
    visits = [Event("visit", ON), Event("visit", ON), Event("visit", ON + DAY)]
    month = Window("monthly")
    assert tally(a("visit", wanted=9, window=month), visits, ON).done == 3
    assert tally(a("visit", wanted=9, window=month, measure="days"), visits, ON).done == 2
    spent = a("amount_reached", wanted=99_999, window=month, measure="sum")
    assert tally(spent, [PURCHASE, PURCHASE], ON) == Progress(100_000, done_on=ON)


def test_what_is_done_stays_done_on_its_day():
    visits = [Event("visit", ON + n * DAY) for n in range(4)]
    done = tally(a("visit", wanted=2, window=Window("once")), visits, ON)
    assert done == Progress(2, done_on=ON + DAY)


def test_each_window_starts_afresh():
    asked = a("visit", wanted=2)
    visits = [Event("visit", ON), Event("visit", ON + DAY)]
    assert [tally(asked, visits, ON + n * DAY).done for n in range(3)] == [1, 1, 0]


def test_outside_its_dates_a_mission_counts_nothing():
    asked = a("visit", window=Window("season", ON, ON))
    assert tally(asked, [Event("visit", ON + DAY)], ON + DAY) == Progress()


def test_a_purchase_taken_back_takes_its_sum_back_until_the_mission_is_done():
    back = Event("purchase", ON, {"amount_rupiah": -50_000})
    asked = a("amount_reached", measure="sum", wanted=90_000)
    assert tally(asked, [PURCHASE, back, PURCHASE], ON).done == 50_000
    assert tally(asked, [back], ON).done == 0


@given(st.lists(st.tuples(st.sampled_from(["visit", "spin"]), DATES), max_size=30), WINDOWS, DATES)
def test_tally_agrees_with_counting_by_hand(told, window, on):
    events = [Event(kind, day) for kind, day in told]
    key = key_of(window, on)
    inside = [e for e in events if e.kind == "visit" and key and key_of(window, e.on) == key]
    assert tally(a("visit", wanted=99, window=window), events, on).done == len(inside)
    by_days = a("visit", wanted=99, window=window, measure="days")
    assert tally(by_days, events, on).done == len({e.on for e in inside})


# Audience, chains, versions


@pytest.mark.parametrize(
    ("audience", "invited"),
    [
        (Audience(), True),
        (Audience(tiers=("emas",)), True),
        (Audience(tiers=("perak",)), False),
        (Audience(joined_within_days=8), True),
        (Audience(joined_within_days=7), False),
        (Audience(segments=("kopi", "teh")), True),
        (Audience(segments=("teh",)), False),
        (Audience(tiers=("emas",), segments=("teh",)), False),
    ],
)
def test_whom_a_mission_invites(audience, invited):
    person = Person(ON - 7 * DAY, "emas", frozenset({"kopi"}))
    assert mission.invites(audience, person, ON) is invited


def test_one_mission_unlocks_the_next():
    second = a("visit", after="first")
    assert mission.is_unlocked(a("visit"), ())
    assert not mission.is_unlocked(second, ())
    assert mission.is_unlocked(second, {"first"})


@pytest.mark.parametrize(
    ("kind", "on", "wanted"),
    [
        ("daily", ON, 1),  # written today: today's window is running
        ("daily", ON + DAY, 2),
        ("weekly", ON + 4 * DAY, 1),
        ("weekly", ON + 5 * DAY, 2),
        ("monthly", date(2026, 11, 30), 1),
        ("monthly", date(2026, 12, 1), 2),
    ],
)
def test_a_change_counts_from_the_next_window(kind, on, wanted):
    old = a("visit", window=Window(kind), changed_on=date(2026, 1, 1))
    new = old._replace(wanted=2, changed_on=ON)
    assert in_force([new, old], on).wanted == wanted


def test_the_first_version_counts_at_once():
    first = a("visit", changed_on=ON)
    assert in_force([first], ON) is first


def test_a_mission_without_windows_keeps_the_version_it_was_begun_with():
    old = a("visit", window=Window("once"), changed_on=ON - 9 * DAY)
    new = old._replace(wanted=2, changed_on=ON)
    assert in_force([old, new], ON + 9 * DAY, began_on=ON) is old
    assert in_force([old, new], ON + 9 * DAY, began_on=ON + DAY) is new
    assert in_force([old, new], ON) is new


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (a("dance"), "m.trigger"),
        (a("visit", wanted=0), "m.wanted"),
        (a("visit", measure="sum"), "m.unit"),
        (a("visit", measure="mean"), "m.measure"),
        (a("visit", window=Window("season")), "m.window"),
        (a("visit", window=Window("weekly"), in_set="pool"), "m.set"),
        (a("visit", after="m"), "m.chain"),
        (a("visit", after="nobody"), "m.chain"),
        (a("visit")._replace(prize=Prize("x", "gold")), "m.prize"),
    ],
)
def test_an_unsound_mission_is_told_why(broken, problem):
    assert problem in mission.problems([broken])


def test_a_ring_of_missions_is_a_problem_and_a_chain_is_not():
    one, two, three = (a("visit")._replace(code=c, after=p) for c, p in ("ac", "ba", "cb"))
    assert set(mission.problems([one, two, three])) == {"a.chain", "b.chain", "c.chain"}
    assert mission.problems([one._replace(after=None), two, three]) == ()


def test_a_mission_is_read_from_plain_data():
    read = mission.load(
        {
            "code": "m",
            "trigger": "visit",
            "prize": {"code": "lima", "kind": "points", "points": 5},
            "window": {"kind": "season", "starts_on": "2026-11-11", "ends_on": "2026-11-12"},
            "audience": {"tiers": ["emas"]},
            "changed_on": "2026-11-01",
        }
    )
    assert read == a(
        "visit",
        window=Window("season", ON, ON + DAY),
        audience=Audience(("emas",)),
        changed_on=date(2026, 11, 1),
    )
