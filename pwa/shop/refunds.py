"""Goods come back: points, tier progress and the purchase itself in proportion. Callers commit.

The share is rounded down once over all refunds of a purchase together, so that the parts of a
full refund take back exactly what was given (product.md, rule 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa import outbox
from pwa.campaigns import quote as quotes
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import KeyReused, LoyaltyError
from pwa.languages import rupiah
from pwa.ledger import service as ledger
from pwa.program import service as program
from pwa.shop import sales, stock, vouchers
from pwa.shop.models import Purchase, Refund
from pwa.staff import service as staff_service
from pwa.staff.models import Staff
from pwa.tiers import service as tiers


class MoreThanBought(LoyaltyError):
    code = "more_than_bought"
    words = _l("Yang bisa dikembalikan tinggal %(left)s.")
    todo = _l("Periksa jumlahnya.")


class TooLate(LoyaltyError):
    code = "refund_too_late"
    words = _l("Belanja ini sudah tidak bisa dikembalikan di sini.")
    todo = _l("Panggil manajer.")


class NotYours(LoyaltyError):
    code = "refund_not_yours"
    status = 403
    words = _l("Belanja ini dicatat orang lain.")
    todo = _l("Panggil manajer.")


def left_rupiah(purchase: Purchase) -> int:
    """How much of a purchase has not come back."""
    return purchase.amount_rupiah - purchase.refunded_rupiah


def points_back(purchase: Purchase, amount_rupiah: int) -> int:
    """What a refund of so much would take back."""
    return _share(purchase.points, purchase, amount_rupiah)


def goods_worth(purchase: Purchase, amount_rupiah: int) -> int:
    """What the goods cost, before vouchers, for which so much of what was paid comes back."""
    off = vouchers.off_of(purchase.id)
    return amount_rupiah * (purchase.amount_rupiah + off) // purchase.amount_rupiah


def why_not(purchase: Purchase, staff: Staff) -> LoyaltyError | None:
    """Why this person can't refund this purchase now. A cashier undoes her own, for a while."""
    rules = program.current().till
    age = now() - purchase.at
    if staff_service.may(staff, "manager"):
        return TooLate() if age > timedelta(days=rules.refund_days) else None
    if purchase.staff_id != staff.id:
        return NotYours()
    return TooLate() if age > timedelta(minutes=rules.undo_minutes) else None


def refund(purchase: Purchase, amount_rupiah: int, staff: Staff, key: str) -> Refund:
    """Take back a share of a purchase, exactly once for its key.

    Raises NotYours, TooLate, MoreThanBought, KeyReused.
    """
    if refusal := why_not(purchase, staff):
        raise refusal
    row = Refund(
        key=f"till:{staff.id}:{key}", purchase_id=purchase.id, amount_rupiah=amount_rupiah,
        points=0, staff_id=staff.id, at=now(), on=program_day(),
    )  # fmt: skip
    stored, is_ours = claim(row, key=row.key)
    if not is_ours:
        if (stored.purchase_id, stored.amount_rupiah) != (purchase.id, amount_rupiah):
            raise KeyReused()
        return stored
    qualifying = _count_return(purchase, amount_rupiah)
    _give_back(purchase, amount_rupiah, staff)
    if purchase.member_id is not None:
        stored.points = _take_points(purchase, stored)
        tiers.uncount(purchase.member_id, *qualifying, purchase.on)
    _record(purchase, stored, staff)
    return stored


def of_purchase(purchase_id: int) -> Sequence[Refund]:
    """A purchase's refunds, oldest first."""
    mine = select(Refund).where(Refund.purchase_id == purchase_id)
    return db.session.scalars(mine.order_by(Refund.id)).all()


def _count_return(purchase: Purchase, amount_rupiah: int) -> tuple[int, int, bool]:
    """Count it against the purchase: (qualifying points, rupiah, whether all is back)."""
    room = update(Purchase).where(
        Purchase.id == purchase.id,
        Purchase.refunded_rupiah + amount_rupiah <= Purchase.amount_rupiah,
    )
    counted: Any = db.session.execute(
        room.values(refunded_rupiah=Purchase.refunded_rupiah + amount_rupiah)
    )
    db.session.refresh(purchase)
    if not counted.rowcount:
        raise MoreThanBought(left=rupiah(left_rupiah(purchase)))
    purchase.refunded_rupiah -= amount_rupiah  # as it was, for the shares below
    base = int(purchase.quote.get("base_rupiah", 0))
    shares = (
        _share(purchase.qualifying_points, purchase, amount_rupiah),
        _share(base, purchase, amount_rupiah),
    )
    purchase.refunded_rupiah += amount_rupiah
    return *shares, left_rupiah(purchase) == 0


def _give_back(purchase: Purchase, amount_rupiah: int, staff: Staff) -> None:
    """Campaigns' budgets in proportion; the goods and the vouchers when all of it came back."""
    paid, upto = purchase.amount_rupiah, purchase.refunded_rupiah
    before = upto - amount_rupiah
    given = quotes.from_document(purchase.quote)
    sales.give_back_limits(
        given, purchase.member_id, purchase.at,
        lambda points: points * upto // paid - points * before // paid,
    )  # fmt: skip
    if left_rupiah(purchase) == 0:
        for line in purchase.goods:
            if line["product"]:
                stock.put_back(line["product"], purchase.outlet_code, line["quantity"])
        vouchers.give_back(purchase, staff)


def _share(whole: int, purchase: Purchase, amount_rupiah: int) -> int:
    before = purchase.refunded_rupiah
    upto = whole * (before + amount_rupiah) // purchase.amount_rupiah
    return upto - whole * before // purchase.amount_rupiah


def _take_points(purchase: Purchase, row: Refund) -> int:
    if not purchase.points:
        return 0
    taken = ledger.refund(
        f"purchase:{purchase.id}",
        row.amount_rupiah,
        purchase.amount_rupiah,
        key=f"refund:{row.id}",
        actor=f"staff:{row.staff_id}",
        facts={"amount_rupiah": row.amount_rupiah, "code": purchase.code},
    )
    return -taken.points


def _record(purchase: Purchase, row: Refund, staff: Staff) -> None:
    db.session.flush()
    staff_service.record(
        staff, "purchase.refunded", f"purchase:{purchase.code}",
        {"refunded_rupiah": purchase.refunded_rupiah - row.amount_rupiah},
        {"refunded_rupiah": purchase.refunded_rupiah, "points": -row.points},
    )  # fmt: skip
    if purchase.member_id is not None:
        outbox.tell(
            "purchase.refunded", row.id, purchase.member_id,
            amount_rupiah=row.amount_rupiah, points=row.points, code=purchase.code,
            purchase=purchase.id, paid_rupiah=purchase.amount_rupiah,
            left_rupiah=left_rupiah(purchase),
        )  # fmt: skip
