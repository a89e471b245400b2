"""A member's redemptions and vouchers as data; what is left of them ends with her."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select, update

from pwa.db import db
from pwa.rewards import favourites
from pwa.rewards.models import Redemption, Voucher, VoucherGift

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
    "gifts": _l("Voucher yang diberikan"),
    "given": _l("Dari kamu"),
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
        "gifts": _gifts(member_id),
        "favourites": [{"reward": code} for code in sorted(favourites.of_member(member_id))],
    }


def _gifts(member_id: int) -> list[dict[str, Any]]:
    """What she gave and was given; who the other one is stays the other's."""
    hers = or_(VoucherGift.from_member_id == member_id, VoucherGift.to_member_id == member_id)
    rows = select(VoucherGift, Voucher.reward_code).join(
        Voucher, Voucher.id == VoucherGift.voucher_id
    )
    return [
        {
            "given": gift.from_member_id == member_id,
            "reward": reward_code,
            "state": gift.state,
            "at": gift.offered_at.isoformat(),
        }
        for gift, reward_code in db.session.execute(rows.where(hers).order_by(VoucherGift.id))
    ]


def erase(member_id: int) -> None:
    """Cancel what could still be handed in; used vouchers stay for the till's books."""
    mine = update(Voucher).where(Voucher.member_id == member_id, Voucher.state.in_(OPEN))
    db.session.execute(mine.values(state="cancelled", reserved_until=None, reserved_by=None))
    favourites.forget(member_id)


def adopt(kept_id: int, closed_id: int) -> None:
    """Vouchers that are still good go along; the redemptions stay where they were made."""
    good = update(Voucher).where(Voucher.member_id == closed_id, Voucher.state.in_(OPEN))
    db.session.execute(good.values(member_id=kept_id))
    offered = VoucherGift.state == "offered"
    for column in (VoucherGift.to_member_id, VoucherGift.from_member_id):
        theirs = update(VoucherGift).where(column == closed_id, offered)
        db.session.execute(theirs.values({column.key: kept_id}))
    favourites.adopt(kept_id, closed_id)
