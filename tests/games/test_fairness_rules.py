"""Fairness. The known answers were worked out apart from the code, from its description."""

import hashlib
import hmac
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games import fairness, wheel
from games.fairness import Proof, check, commitment, draw, pick, roll, shuffle, tidy_member_seed
from games.prize import Prize

SEED = "00" * 31 + "01"
ON = date(2026, 11, 11)
SCRIPT = Path(__file__).parents[2] / "docs" / "check_spin.py"
WHEEL = (
    Prize("lima", "points", points=5, weight=3),
    Prize("kopi", "voucher", value_rupiah=8000, reward="kopi", weight=1, tier="emas"),
    Prize("nihil", weight=6),
)


def first_word(message: str) -> int:
    block = hmac.new(bytes.fromhex(SEED), message.encode(), hashlib.sha256).digest()
    return int.from_bytes(block[:8], "big")


def honest(tiers=(), ticket=7, member_seed="halo") -> Proof:
    mine = wheel.for_tiers(WHEEL, tiers)
    rolled = roll(SEED, "m-sari", ticket, member_seed, wheel.total_weight(mine))
    raw = wheel.spin(mine, rolled).code
    published = commitment(SEED, ON, wheel.version(WHEEL))
    slices = wheel.plain(WHEEL)
    return Proof(
        published, SEED, ON.isoformat(), slices, list(tiers), "m-sari", ticket, member_seed,
        rolled, raw, raw, "nihil",
    )  # fmt: skip


def run_script(proof: Proof, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "spin.json"
    file.write_text(json.dumps(proof._asdict()), encoding="utf-8")
    command = [sys.executable, str(SCRIPT), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


KNOWN_ROLLS = [
    (("m-sari", 1, "halo", 100), 4),
    (("m-sari", 2, "halo", 100), 86),
    (("m-sari", 1, "", 100), 68),
    (("m-budi", 1, "pasar|pagi ☕", 1_000_000), 338_978),
    (("m-sari", 1, "halo", 2**63 + 1), 817_323_476_308_157_304),
]


@pytest.mark.parametrize(("ticket", "expected"), KNOWN_ROLLS)
def test_known_tickets_give_known_rolls(ticket, expected):
    assert roll(SEED, *ticket) == expected


def test_a_roll_is_the_first_word_of_the_hmac_of_the_ticket():
    assert roll(SEED, "m-sari", 1, "halo", 100) == first_word("m-sari|1|halo") % 100


def test_words_that_would_favour_small_numbers_are_skipped_and_blocks_go_on_with_a_counter():
    total = 2**63 + 1  # just under half of all words are refused
    for ticket in range(300):
        message = f"m|{ticket}|s"
        words = [first_word_of(message, n, w) for n in range(20) for w in range(4)]
        assert roll(SEED, "m", ticket, "s", total) == next(w for w in words if w < total)


def first_word_of(message: str, block: int, word: int) -> int:
    told = message if block == 0 else f"{message}\n{block}"
    digest = hmac.new(bytes.fromhex(SEED), told.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[8 * word : 8 * word + 8], "big")


@pytest.mark.parametrize("changed", [("n", 1, "s"), ("m", 2, "s"), ("m", 1, "t")])
def test_member_ticket_and_member_seed_each_change_the_roll(changed):
    assert roll(SEED, "m", 1, "s", 2**64) != roll(SEED, *changed, 2**64)


def test_every_total_from_one_up_gives_rolls_below_it():
    assert all(0 <= roll(SEED, "m", t, "", t) < t for t in range(1, 500))


@pytest.mark.parametrize("broken", ["", "a|b"])
def test_a_public_id_that_could_be_read_two_ways_is_a_bug(broken):
    with pytest.raises(AssertionError):
        roll(SEED, broken, 1, "", 10)


def test_a_line_break_can_not_reach_the_block_counter():
    with pytest.raises(AssertionError):
        roll(SEED, "m", 1, "halo\n1", 10)


@given(st.text())
def test_whatever_a_member_types_becomes_a_seed_that_rolls(typed):
    tidy = tidy_member_seed(typed)
    assert len(tidy) <= 64
    assert tidy_member_seed(tidy) == tidy
    assert 0 <= roll(SEED, "m", 1, tidy, 10) < 10


def test_the_commitment_is_the_sha256_of_seed_day_and_wheel():
    version = wheel.version(WHEEL)
    text = f"{SEED}|2026-11-11|{version}"
    assert commitment(SEED, ON, version) == hashlib.sha256(text.encode()).hexdigest()


def test_changing_any_field_of_any_slice_changes_the_wheels_version():
    texts = dict.fromkeys(("code", "kind", "reward", "tier", "tone"), "x")
    numbers = ("points", "value_rupiah", "weight", "stock_day", "stock_total")
    changes = texts | dict.fromkeys(numbers, 99)
    assert set(changes) == set(Prize._fields)
    versions = {wheel.version(WHEEL)}
    for place, (name, value) in ((p, c) for p in range(3) for c in changes.items()):
        slices = list(WHEEL)
        slices[place] = slices[place]._replace(**{name: value})
        versions.add(wheel.version(slices))
    assert len(versions) == 1 + 3 * len(changes)


def test_the_order_of_slices_is_part_of_the_version_but_not_that_of_keys():
    plain = wheel.plain(WHEEL)
    turned = [dict(reversed(slice_.items())) for slice_ in plain]
    assert fairness.wheel_version(turned) == fairness.wheel_version(plain)
    assert fairness.wheel_version(plain[::-1]) != fairness.wheel_version(plain)


def test_a_seed_of_another_shape_is_a_bug():
    for broken in ("", "0" * 63, "A" * 64, "0" * 65):
        with pytest.raises(AssertionError):
            commitment(broken, ON, "v")
        with pytest.raises(AssertionError):
            roll(broken, "m", 1, "", 10)


# Checking


@pytest.mark.parametrize("tiers", [(), ("emas",)])
def test_an_honest_spin_checks_out_here_and_in_the_script(tiers, tmp_path):
    for ticket in range(1, 6):
        proof = honest(tiers, ticket)
        assert check(proof) == ()
        assert run_script(proof, tmp_path).returncode == 0


TAMPERED = [
    ({"seed_hex": "ff" * 32}, "commitment"),
    ({"on": "2026-11-12"}, "commitment"),
    ({"commitment": "0" * 64}, "commitment"),
    ({"slices": wheel.plain((*WHEEL[:2], WHEEL[2]._replace(weight=7)))}, "commitment"),
    ({"member_seed": "other"}, "roll"),
    ({"ticket_number": 8}, "roll"),
    ({"member_public_id": "m-budi"}, "roll"),
    ({"roll": 99}, "roll"),
    ({"raw": "kopi"}, "raw"),
    ({"given": "kopi"}, "given"),
]


@pytest.mark.parametrize(("change", "fault"), TAMPERED)
def test_each_way_to_cheat_is_named_here_and_in_the_script(change, fault, tmp_path):
    proof = honest(member_seed="halo☕")._replace(**change)
    assert fault in check(proof)
    ran = run_script(proof, tmp_path)
    assert ran.returncode == 1
    assert ran.stdout.strip().endswith("WRONG: " + ", ".join(check(proof)))


def test_a_slice_that_was_out_may_fall_to_the_consolation():
    proof = next(p for n in range(99) if (p := honest(ticket=n)).raw == "lima")
    assert check(proof._replace(given="nihil")) == ()


def test_the_script_is_short_and_imports_nothing_of_ours():
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 40
    imports = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imports <= set(sys.stdlib_module_names)


# Draws


def test_every_order_of_four_things_is_as_likely():
    orders = Counter(shuffle(SEED, f"n{n}", range(4)) for n in range(24_000))
    assert set(orders) == set(permutations(range(4)))
    chi2 = sum((seen - 1000) ** 2 / 1000 for seen in orders.values())
    assert chi2 < 49.7  # 23 degrees of freedom, p = 0.001


@given(st.text(alphabet="abc|09", max_size=9), st.integers(0, 12), st.integers(0, 12))
def test_a_shorter_draw_is_the_beginning_of_a_longer_one(label, n, k):
    k = min(n, k)
    whole = shuffle(SEED, label, range(n))
    assert draw(SEED, label, range(n), k) == whole[:k]
    assert sorted(whole) == list(range(n))


def test_another_label_or_seed_draws_otherwise():
    sets = {draw(SEED, "a", range(50), 5), draw(SEED, "b", range(50), 5),
            draw("ff" * 32, "a", range(50), 5)}  # fmt: skip
    assert len(sets) == 3


def test_a_known_shuffle():
    assert shuffle(SEED, "hari ini", "abcdefg") == tuple("gbafcde")


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_over_every_roll_each_place_is_picked_exactly_its_weight(weights):
    picked = Counter(pick(weights, n) for n in range(sum(weights)))
    assert [picked[place] for place in range(len(weights))] == weights


@pytest.mark.parametrize("outside", [-1, 10])
def test_a_roll_outside_the_wheel_is_a_bug(outside):
    with pytest.raises(AssertionError):
        pick([4, 6], outside)
