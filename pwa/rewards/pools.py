"""Partners' codes: uploaded in lists, given out one by one, each exactly once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, update

from pwa import counters
from pwa.db import db
from pwa.rewards.errors import SoldOut
from pwa.rewards.models import PartnerCode

TRIES = 20


def upload(pool: str, codes: Iterable[str]) -> int:
    """Add codes to a pool; how many were new. Those it has already are left as they are."""
    wanted = sorted({code.strip() for code in codes} - {""})
    before = _count(pool)
    for code in wanted:
        row = counters.insert(PartnerCode).values(pool=pool, code=code)
        db.session.execute(row.on_conflict_do_nothing(index_elements=["pool", "code"]))
    return _count(pool) - before


def left(pool: str) -> int:
    """How many codes a pool still has."""
    return _count(pool, PartnerCode.voucher_id.is_(None))


def take(pool: str, voucher_id: int) -> str:
    """Give one code of the pool to a voucher. Raises SoldOut when there is none left."""
    free = select(PartnerCode.id).where(PartnerCode.pool == pool, PartnerCode.voucher_id.is_(None))
    for _ in range(TRIES):
        # Locked rows are skipped, so that two redemptions at once don't want the same code.
        one = db.session.scalar(
            free.order_by(PartnerCode.id).limit(1).with_for_update(skip_locked=True)
        )
        if one is None:
            break
        mine = update(PartnerCode).where(PartnerCode.id == one, PartnerCode.voucher_id.is_(None))
        given = db.session.execute(mine.values(voucher_id=voucher_id).returning(PartnerCode.code))
        if code := given.scalar_one_or_none():
            return str(code)
    raise SoldOut(reward=pool)


def _count(pool: str, *more: object) -> int:
    rows = select(func.count(PartnerCode.id)).where(PartnerCode.pool == pool, *more)  # type: ignore[arg-type]
    return db.session.scalar(rows) or 0
