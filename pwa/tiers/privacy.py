"""A member's tiers as data; on a merge, what counted for one account counts for the other."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.tiers import progress
from pwa.tiers.models import PerkTaken, TierGrant, TierProgress

TITLE = _l("Tingkat")
LABELS = {
    "progress": _l("Hitungan tingkat"),
    "tiers": _l("Tingkat"),
    "on": _l("Hari"),
    "points": _l("Poin"),
    "rupiah": _l("Belanja (Rp)"),
    "orders": _l("Jumlah belanja"),
    "tier": _l("Tingkat"),
    "perks": _l("Manfaat yang diambil"),
    "perk": _l("Manfaat"),
    "period": _l("Masa"),
    "from_on": _l("Dari"),
    "until_on": _l("Sampai"),
    "reason": _l("Karena"),
}


def export(member_id: int) -> dict[str, Any]:
    return {
        "progress": [
            {
                "on": row.on.isoformat(),
                "points": row.points,
                "rupiah": row.rupiah,
                "orders": row.orders,
            }
            for row in _rows(TierProgress, member_id)
        ],
        "tiers": [
            {
                "tier": row.tier_code,
                "from_on": row.from_on.isoformat(),
                "until_on": row.until_on.isoformat(),
                "reason": row.reason,
            }
            for row in _rows(TierGrant, member_id)
        ],
        "perks": [
            {"perk": row.perk, "period": row.period, "on": row.on.isoformat()}
            for row in _rows(PerkTaken, member_id)
        ],
    }


def erase(member_id: int) -> None:
    """Nothing: figures of a nameless member."""


def adopt(kept_id: int, closed_id: int) -> None:
    """Count one account's purchases for the other, and let it hold the higher tier."""
    progress.adopt(kept_id, closed_id)
    today = program_day()
    for grant in _rows(TierGrant, closed_id):
        if grant.until_on >= today:
            _adopt_grant(kept_id, grant)
    for taken in _rows(PerkTaken, closed_id):
        _adopt_perk(kept_id, taken)


def _adopt_grant(kept_id: int, grant: TierGrant) -> None:
    source = f"merge:{grant.id}"
    row = TierGrant(
        member_id=kept_id, tier_code=grant.tier_code, source=source, from_on=grant.from_on,
        until_on=grant.until_on, reason=grant.reason, staff_id=grant.staff_id, at=now(),
    )  # fmt: skip
    claim(row, member_id=kept_id, tier_code=grant.tier_code, source=source)


def _adopt_perk(kept_id: int, taken: PerkTaken) -> None:
    """What one account took of a period, the other can't take again."""
    mine = select(func.coalesce(func.max(PerkTaken.n), 0)).where(
        PerkTaken.member_id == kept_id, PerkTaken.perk == taken.perk,
        PerkTaken.period == taken.period,
    )  # fmt: skip
    row = PerkTaken(
        member_id=kept_id, perk=taken.perk, period=taken.period,
        n=db.session.scalars(mine).one() + 1, key=f"merge:{taken.id}",
        voucher_code=taken.voucher_code, on=taken.on, at=taken.at,
    )  # fmt: skip
    claim(row, member_id=kept_id, key=row.key)


def _rows(table: Any, member_id: int) -> Any:
    return db.session.scalars(
        select(table).where(table.member_id == member_id).order_by(table.id)
    ).all()
