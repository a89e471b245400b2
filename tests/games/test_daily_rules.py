"""The daily set: drawn the same for the same member and day, swapped once, done as a whole."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from games import daily

SEED = "3c" * 32
ON = date(2026, 11, 11)  # a Wednesday
DAY = timedelta(days=1)

FIXED, BIG_POOL = ("masuk",), tuple("abcdefgh")


def test_the_same_member_and_day_always_get_the_same_set():
    sets = {daily.daily_set(SEED, "sari", ON, FIXED, BIG_POOL, 3) for _ in range(5)}
    assert len(sets) == 1
    assert sets.pop()[0] == "masuk"


def test_members_and_days_get_different_sets_and_each_mission_its_share():
    sets = [daily.daily_set(SEED, f"m{n}", ON, (), BIG_POOL, 2) for n in range(4_000)]
    seen = [sum(code in s for s in sets) for code in BIG_POOL]
    assert sum((n - 1000) ** 2 / 1000 for n in seen) < 24.3  # 7 df, p = 0.001
    assert (
        len({daily.daily_set(SEED, "sari", ON + n * DAY, (), BIG_POOL, 2) for n in range(40)}) > 20
    )


@given(st.integers(0, 8), st.integers(0, 9), st.integers(0, 9))
def test_a_swap_changes_one_drawn_mission_for_one_that_was_not_there(size, k, place):
    pool = BIG_POOL[:size]
    before = daily.daily_set(SEED, "sari", ON, FIXED, pool, k)
    assert len(before) == 1 + min(k, size)
    code = before[place % len(before)]
    after = daily.swapped_set(SEED, "sari", ON, FIXED, pool, k, code)
    if code == "masuk" or k >= size:
        assert after is None
        return
    assert after is not None
    assert sum(x != y for x, y in zip(before, after, strict=True)) == 1
    assert code not in after
    assert len(set(after)) == len(after)


def test_a_mission_that_was_not_drawn_can_not_be_swapped():
    assert daily.swapped_set(SEED, "sari", ON, FIXED, BIG_POOL, 2, "z") is None


def test_the_bonus_is_due_when_all_of_the_set_is_done():
    assert daily.is_complete(("a", "b"), {"a", "b", "c"})
    assert not daily.is_complete(("a", "b"), {"a"})
    assert not daily.is_complete((), ())
