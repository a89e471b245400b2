"""A member's daily set of missions: the fixed ones and a few drawn, one free swap, one bonus.

The draw depends on the day's recorded seed, the member and the day, so all can see why they
got these: the same call gives the same set, on every phone and after every reload.
"""

from collections.abc import Collection, Sequence
from datetime import date

from games import fairness


def daily_set(
    seed_hex: str,
    member_public_id: str,
    on: date,
    fixed: Sequence[str],
    pool: Sequence[str],
    k: int,
) -> tuple[str, ...]:
    """Codes of the member's missions of the day: `fixed`, then `k` drawn from `pool`.

    The pool is in its recorded order, without missions this member is not invited to.
    A pool smaller than k is given whole.
    """
    return (*fixed, *_drawn(seed_hex, member_public_id, on, pool, k))


def swapped_set(
    seed_hex: str,
    member_public_id: str,
    on: date,
    fixed: Sequence[str],
    pool: Sequence[str],
    k: int,
    code: str,
) -> tuple[str, ...] | None:
    """The set after swapping `code` for the next mission of the same draw.

    None when it can't be swapped: it was not drawn, or the pool holds no other. Once a day is
    the caller's to hold, with a unique row.
    """
    before = daily_set(seed_hex, member_public_id, on, fixed, pool, k)
    further = _drawn(seed_hex, member_public_id, on, pool, k + 1)[k:]
    if code not in before[len(fixed) :] or not further:
        return None
    return tuple(further[0] if c == code else c for c in before)


def is_complete(codes: Collection[str], done: Collection[str]) -> bool:
    """Whether every mission of the set is done, so that the bonus is due. No set, no bonus."""
    return bool(codes) and all(code in done for code in codes)


def _drawn(
    seed_hex: str, member_public_id: str, on: date, pool: Sequence[str], k: int
) -> tuple[str, ...]:
    label = f"daily|{member_public_id}|{on.isoformat()}"
    return fairness.draw(seed_hex, label, pool, min(k, len(pool)))
