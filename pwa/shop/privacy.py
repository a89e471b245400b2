"""A member's purchases as data. They stay after she leaves: they are the shop's books."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from pwa.db import db
from pwa.shop.models import Purchase, PurchaseVoucher, Refund

TITLE = _l("Belanja")
LABELS = {
    "code": _l("Nomor struk"),
    "at": _l("Waktu"),
    "outlet": _l("Gerai"),
    "channel": _l("Lewat"),
    "order": _l("Nomor pesanan"),
    "amount_rupiah": _l("Jumlah (Rp)"),
    "points": _l("Poin"),
    "quote": _l("Hitungan"),
    "goods": _l("Barang"),
    "refunds": _l("Dikembalikan"),
    "vouchers": _l("Voucher"),
    "off_rupiah": _l("Potongan (Rp)"),
    "returned_at": _l("Dikembalikan"),
}


def export(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(Purchase).where(Purchase.member_id == member_id).order_by(Purchase.id)
    )
    return [
        {
            "code": row.code,
            "at": row.at.isoformat(),
            "outlet": row.outlet_code,
            "channel": row.channel,
            "order": row.external_order_id,
            "amount_rupiah": row.amount_rupiah,
            "points": row.points,
            "quote": row.quote,
            "goods": row.goods,
            "refunds": _refunds(row.id),
            "vouchers": _vouchers(row.id),
        }
        for row in rows
    ]


def _refunds(purchase_id: int) -> list[dict[str, Any]]:
    rows = select(Refund).where(Refund.purchase_id == purchase_id).order_by(Refund.id)
    return [
        {"at": row.at.isoformat(), "amount_rupiah": row.amount_rupiah, "points": row.points}
        for row in db.session.scalars(rows)
    ]


def _vouchers(purchase_id: int) -> list[dict[str, Any]]:
    rows = select(PurchaseVoucher).where(PurchaseVoucher.purchase_id == purchase_id)
    return [
        {
            "off_rupiah": row.off_rupiah,
            "returned_at": row.returned_at and row.returned_at.isoformat(),
        }
        for row in db.session.scalars(rows.order_by(PurchaseVoucher.id))
    ]


def erase(member_id: int) -> None:
    """Nothing: a purchase names a member by number only, and the member is nameless now."""
