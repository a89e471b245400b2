"""A member's redemptions and vouchers as data; what is left of them ends with her."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa.db import db
from pwa.rewards import favourites
from pwa.rewards.models import Redemption, Voucher

TITLE = _l("Hadiah dan voucher")
LABELS = {
    "redemptions": _l("Penukaran"),
    "vouchers": _l("Voucher"),
    "favourites": _l("Favorit"),
    "reward": _l("Hadiah"),
    "price_points": _l("Harga (poin)"),
    "source": _l("Dari"),
    "at": _l("Waktu"),
    "code": _l("Kode"),
    "state": _l("Keadaan"),
    "issued_at": _l("Terbit"),
    "expires_at": _l("Sampai"),
    "used_at": _l("Dipakai"),
    "used_outlet": _l("Di gerai"),
}
OPEN = ("issued", "reserved")


def export(member_id: int) -> dict[str, Any]:
    redemptions = db.session.scalars(
        select(Redemption).where(Redemption.member_id == member_id).order_by(Redemption.id)
    )
    vouchers = db.session.scalars(
        select(Voucher).where(Voucher.member_id == member_id).order_by(Voucher.id)
    )
    return {
        "redemptions": [
            {
                "reward": row.reward_code,
                "price_points": row.price_points,
                "source": row.source,
                "at": row.at.isoformat(),
            }
            for row in redemptions
        ],
        "vouchers": [
            {
                "code": row.code,
                "reward": row.reward_code,
                "state": row.state,
                "issued_at": row.issued_at.isoformat(),
                "expires_at": row.expires_at.isoformat(),
                "used_at": row.used_at and row.used_at.isoformat(),
                "used_outlet": row.used_outlet,
            }
            for row in vouchers
        ],
        "favourites": [{"reward": code} for code in sorted(favourites.of_member(member_id))],
    }


def erase(member_id: int) -> None:
    """Cancel what could still be handed in; used vouchers stay for the till's books."""
    mine = update(Voucher).where(Voucher.member_id == member_id, Voucher.state.in_(OPEN))
    db.session.execute(mine.values(state="cancelled", reserved_until=None, reserved_by=None))
    favourites.forget(member_id)


def adopt(kept_id: int, closed_id: int) -> None:
    """Vouchers that are still good go along; the redemptions stay where they were made."""
    good = update(Voucher).where(Voucher.member_id == closed_id, Voucher.state.in_(OPEN))
    db.session.execute(good.values(member_id=kept_id))
    favourites.adopt(kept_id, closed_id)
