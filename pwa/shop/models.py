from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class Stock(Base):
    """How many pieces of one product lie at one outlet."""

    __tablename__ = "shop_stock"
    __table_args__ = (
        UniqueConstraint("sku", "outlet_code"),
        CheckConstraint("pieces >= 0", name="pieces_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    sku: Mapped[str]
    outlet_code: Mapped[str]
    pieces: Mapped[int]
    restocks: Mapped[int] = mapped_column(default=0)  # how often it went from none to some


class Purchase(Base):
    """A sale at a till or web shop, and what it earned. Its quote is kept as it was given."""

    __tablename__ = "purchase"
    __table_args__ = (
        Index("ix_purchase_member_newest", "member_id", "id"),
        Index("ix_purchase_staff_newest", "staff_id", "id"),
        UniqueConstraint("source", "external_order_id"),
        CheckConstraint(
            "(source is null) = (external_order_id is null)", name="order_has_its_source"
        ),
        CheckConstraint("amount_rupiah > 0", name="amount_positive"),
        CheckConstraint("points >= 0", name="points_not_negative"),
        CheckConstraint("refunded_rupiah between 0 and amount_rupiah", name="refunded_in_range"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # "till:<staff>:<form key>", "<source>:<order>"
    digest: Mapped[str]  # SHA-256 of what was asked, hex: a replay must ask the same
    code: Mapped[str] = mapped_column(unique=True)  # on the receipt
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    outlet_code: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    channel: Mapped[str] = mapped_column(default="till")
    source: Mapped[str | None]  # whose numbers its order has: "woocommerce"; None at our own till
    external_order_id: Mapped[str | None]  # that number, unique in its source
    amount_rupiah: Mapped[int]
    points: Mapped[int]
    qualifying_points: Mapped[int]
    refunded_rupiah: Mapped[int] = mapped_column(default=0)
    quote: Mapped[dict[str, Any]] = mapped_column(JSON)
    goods: Mapped[list[Any]] = mapped_column(JSON, default=list)  # its lines, as far as typed
    at: Mapped[datetime]
    on: Mapped[date] = mapped_column("on_day")  # program day


class PurchaseVoucher(Base):
    """A voucher that was handed in with a purchase: one use of it belongs to one purchase."""

    __tablename__ = "purchase_voucher"
    __table_args__ = (CheckConstraint("off_rupiah >= 0", name="off_not_negative"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"), index=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), index=True)
    use_key: Mapped[str] = mapped_column(unique=True)  # which use of the voucher it was
    off_rupiah: Mapped[int]  # of the purchase; 0 for what was handed over instead
    returned_at: Mapped[datetime | None]  # all of the purchase came back then
    fate: Mapped[str | None]  # what became of the voucher: rewards.fate


class Refund(Base):
    """One return of part or all of a purchase."""

    __tablename__ = "purchase_refund"
    __table_args__ = (CheckConstraint("amount_rupiah > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"), index=True)
    amount_rupiah: Mapped[int]
    points: Mapped[int]  # taken back
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    on: Mapped[date] = mapped_column("on_day")
