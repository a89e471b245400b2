"""Rolls, draws and shuffles that anybody can check afterwards.

Before a program day opens, the shop publishes `commitment(seed, day, wheel)`. The seed stays
secret until the day is over, so nobody can foresee a roll; the commitment is public, so the
shop can't change it; and the member adds a seed of their own, so the shop could not have
chosen a day's seed to suit. `docs/check_spin.py` repeats all of this in 40 lines.

The stream behind every number here:

    block 0  HMAC-SHA-256(seed, message)                    seed: 32 bytes, written as 64 hex digits
    block n  HMAC-SHA-256(seed, message + "\\n" + n)         n = 1, 2, 3 ... in decimal
    words    each block is cut into four big-endian 64-bit words, first to last

A number below `total` is the first word under the largest multiple of `total` that fits in
2**64, modulo `total`; words at or above that multiple are skipped, so no remainder is favoured.

Sources: RFC 2104 and FIPS 198-1 (HMAC); D. E. Knuth, TAOCP 2, 3.4.2, algorithm P (shuffling).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

WORD_BYTES = 8
WORDS = 1 << (8 * WORD_BYTES)  # how many values a word can have
MEMBER_SEED_CHARS = 64

_SEED = re.compile(r"[0-9a-f]{64}")


def canonical(value: Any) -> str:
    """The one spelling of plain data that we hash: JSON, keys sorted, no spaces, UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def wheel_version(slices: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 (hex) of the slices as they are published: change one weight and it changes."""
    return _sha256(canonical([dict(slice_) for slice_ in slices]))


def commitment(seed_hex: str, on: date, version: str) -> str:
    """What the shop publishes before program day `on`: SHA-256 (hex) of "seed|day|version"."""
    assert _SEED.fullmatch(seed_hex), "a day's seed is 64 lower-case hex digits"
    return _sha256(f"{seed_hex}|{on.isoformat()}|{version}")


def tidy_member_seed(typed: str) -> str:
    """What a member typed as their own seed, made fit for `roll`: one line, at most 64 chars."""
    printable = "".join(c if c.isprintable() else " " for c in typed)
    return " ".join(printable.split())[:MEMBER_SEED_CHARS].rstrip()


def roll(
    seed_hex: str, member_public_id: str, ticket_number: int, member_seed: str, total: int
) -> int:
    """The roll of one ticket: an unbiased integer in [0, total), the same whenever it is asked.

    The public id holds no "|", so "id|ticket|member seed" reads one way only.
    """
    assert member_public_id, "whose ticket is it?"
    assert "|" not in member_public_id, member_public_id
    assert ticket_number >= 0, ticket_number
    message = f"{member_public_id}|{ticket_number}|{member_seed}"
    return _below(_words(seed_hex, message), total)


def draw(seed_hex: str, label: str, items: Sequence[T], k: int) -> tuple[T, ...]:
    """`k` of `items` without putting back, in the order drawn.

    `label` says what is drawn and for whom ("daily|<member>|<day>"): another label, another
    draw. The first k of a longer draw are the shorter draw, so a swap can take the next one.
    """
    assert 0 <= k <= len(items), (k, len(items))
    words = _words(seed_hex, "|draw|" + label)  # a roll's message never starts with "|"
    left = list(items)
    for place in range(k):
        chosen = place + _below(words, len(left) - place)
        left[place], left[chosen] = left[chosen], left[place]
    return tuple(left[:k])


def shuffle(seed_hex: str, label: str, items: Sequence[T]) -> tuple[T, ...]:
    """All of `items`, in an order that only the seed and the label decide."""
    return draw(seed_hex, label, items, len(items))


def pick(weights: Sequence[int], roll: int) -> int:
    """The place that `roll`, in [0, sum of weights), lands on. Weights are laid end to end."""
    assert 0 <= roll < sum(weights), roll
    for place, weight in enumerate(weights):
        if roll < weight:
            return place
        roll -= weight
    raise AssertionError("roll was below the total weight")


class Proof(NamedTuple):
    """One past spin with all that is needed to check it; `_asdict()` is the published JSON."""

    commitment: str  # as published before the day
    seed_hex: str  # as revealed after it
    on: str  # program day, ISO 8601
    slices: Sequence[Mapping[str, Any]]  # the whole wheel, in order
    tiers: Sequence[str]  # those of the member; slices of other tiers were not on their wheel
    member_public_id: str
    ticket_number: int
    member_seed: str
    roll: int
    raw: str  # code of the slice the roll lands on
    given: str  # code of the prize given: `raw`, or the consolation when `raw` was out
    consolation: str


def check(proof: Proof) -> tuple[str, ...]:
    """What is wrong with a past spin, as codes: "commitment", "roll", "raw", "given".

    Empty means that the shop kept its word. Trusts nothing but the published commitment.
    """
    mine = [s for s in proof.slices if not s["tier"] or s["tier"] in proof.tiers]
    weights = [s["weight"] for s in mine]
    told = wheel_version(proof.slices)
    expected = roll(
        proof.seed_hex, proof.member_public_id, proof.ticket_number, proof.member_seed, sum(weights)
    )
    found = {
        "commitment": commitment(proof.seed_hex, date.fromisoformat(proof.on), told)
        == proof.commitment,
        "roll": expected == proof.roll,
        "raw": mine[pick(weights, expected)]["code"] == proof.raw,
        "given": proof.given in (proof.raw, proof.consolation),
    }
    return tuple(name for name, holds in found.items() if not holds)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _words(seed_hex: str, message: str) -> Iterator[int]:
    assert _SEED.fullmatch(seed_hex), "a seed is 64 lower-case hex digits"
    assert "\n" not in message, "a line break sets the block counter apart"
    key = bytes.fromhex(seed_hex)
    for block_number in count():
        told = message if block_number == 0 else f"{message}\n{block_number}"
        block = hmac.digest(key, told.encode(), "sha256")
        for start in range(0, len(block), WORD_BYTES):
            yield int.from_bytes(block[start : start + WORD_BYTES], "big")


def _below(words: Iterator[int], total: int) -> int:
    assert 0 < total <= WORDS, total
    fair = WORDS - WORDS % total  # words from here up would favour the small remainders
    return next(word for word in words if word < fair) % total
