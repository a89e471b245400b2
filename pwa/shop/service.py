"""Purchases: what they would earn, and recording them exactly once. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from pwa import outbox
from pwa.campaigns import quote as quotes
from pwa.campaigns.quote import Quote
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import KeyReused, LoyaltyError, NotFound
from pwa.ledger import service as ledger
from pwa.members import codes
from pwa.program import service as program
from pwa.shop import sales, stock, vouchers, watch
from pwa.shop.models import Purchase
from pwa.shop.sales import OrderChanged, Sale
from pwa.staff import service as staff_service
from pwa.staff.models import Staff
from pwa.tiers import service as tiers

__all__ = [
    "MOST_RUPIAH", "BadAmount", "NoSuchReceipt", "Purchase", "award", "by_code", "by_order",
    "code_text", "is_receipt_code", "newest_of_member", "preview", "quote_of", "recent_of_staff",
    "record", "scans_on",
]  # fmt: skip
MOST_RUPIAH = 100_000_000  # above this, somebody typed a zero too many
RECEIPT_MARK = "R"  # the first letter tells a receipt from a voucher
TRIES = 5


class BadAmount(LoyaltyError):
    code = "bad_amount"
    words = _l("Jumlah belanjanya belum benar.")
    todo = _l("Tulis rupiah bulat antara Rp1 dan Rp100.000.000, misalnya 45.000.")


class NoSuchReceipt(NotFound):
    code = "no_such_receipt"
    words = _l("Struk ini tidak dikenal.")
    todo = _l("Periksa kodenya, atau pindai sekali lagi.")


def preview(sale: Sale) -> Quote:
    """What the sale would earn if it were recorded now. Raises BadAmount."""
    _check_amount(sale.amount_rupiah)
    instant = now()
    return quotes.quote(sales.basket(sale, instant), sales.terms(sale.member_id, instant))


def record(sale: Sale, staff: Staff | None = None, at: datetime | None = None) -> Purchase:
    """Record a purchase and give its points, exactly once for its key.

    `at` is when it was made, for a till that had no network then. Replaying a key returns the
    first purchase; so does recording an order of another system again.
    Raises BadAmount, KeyReused, OrderChanged, NotOfThisSale.
    """
    _check_amount(sale.amount_rupiah)
    purchase, is_ours = claim(_blank(sale, staff, at or now()), key=sale.key)
    if not is_ours:
        if purchase.digest != sales.digest(sale):
            raise OrderChanged() if sale.order_id else KeyReused()
        return purchase
    given = _quote_within_limits(sale, purchase)
    _keep(purchase, given)
    purchase.goods = sales.lines(sale, purchase.at)
    vouchers.attach(purchase, sale)
    if staff is not None:
        watch.count(purchase, staff)
    if sale.member_id is not None:
        award(purchase)
    _take_stock(sale)
    _tell(purchase, sale)
    staff_service.record(staff, "purchase.recorded", f"purchase:{purchase.code}", after={
        "amount_rupiah": purchase.amount_rupiah, "points": purchase.points,
        "member_id": purchase.member_id, "outlet": purchase.outlet_code,
    })  # fmt: skip
    return purchase


def by_code(code: str) -> Purchase:
    """The purchase with this receipt code, however it was typed. Raises NoSuchReceipt."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    found = None
    if is_receipt_code(plain):
        found = db.session.scalar(select(Purchase).where(Purchase.code == plain))
    if found is None:
        raise NoSuchReceipt()
    return found


def by_order(source: str, order_id: str) -> Purchase | None:
    """The purchase that another system's order became."""
    same = Purchase.source == source, Purchase.external_order_id == order_id
    return db.session.scalar(select(Purchase).where(*same))


def is_receipt_code(code: str) -> bool:
    return code.startswith(RECEIPT_MARK) and codes.is_voucher_code(code[1:])


def code_text(purchase: Purchase) -> str:
    """The receipt's code as it is shown and read aloud: R 6TA3 JBW2."""
    return f"{purchase.code[0]} {codes.in_fours(purchase.code[1:])}"


def recent_of_staff(staff_id: int, limit: int = 20) -> Sequence[Purchase]:
    """What somebody of the staff recorded last, newest first."""
    newest = select(Purchase).where(Purchase.staff_id == staff_id).order_by(Purchase.id.desc())
    return db.session.scalars(newest.limit(limit)).all()


def newest_of_member(member_id: int, since_on: date, limit: int = 20) -> Sequence[Purchase]:
    """What a member bought since a program day and kept, newest first."""
    mine = select(Purchase).where(Purchase.member_id == member_id, Purchase.on >= since_on)
    kept = mine.where(Purchase.refunded_rupiah < Purchase.amount_rupiah)
    return db.session.scalars(kept.order_by(Purchase.id.desc()).limit(limit)).all()


def scans_on(staff_id: int, member_id: int, on: date | None = None) -> int:
    """How often this staff recorded a purchase for this member on a program day."""
    same = select(func.count(Purchase.id)).where(
        Purchase.staff_id == staff_id,
        Purchase.member_id == member_id,
        Purchase.on == (on or program_day()),
    )
    return db.session.scalar(same) or 0


def quote_of(purchase: Purchase) -> Quote:
    """The quote as it was given."""
    return quotes.from_document(purchase.quote)


def award(purchase: Purchase) -> None:
    """Give a recorded purchase's points to its member. The caller makes sure it is once."""
    assert purchase.member_id is not None
    given = quote_of(purchase)
    return_days = program.current().earning.return_days
    if given.points:
        ledger.earn(
            purchase.member_id,
            given.points,
            key=f"purchase:{purchase.id}",
            source="purchase",
            reason="purchase",
            refers_to=f"purchase:{purchase.id}",
            actor=f"staff:{purchase.staff_id}" if purchase.staff_id else None,
            matures_at=purchase.at + timedelta(days=return_days) if return_days else None,
            facts={"amount_rupiah": purchase.amount_rupiah, "outlet": purchase.outlet_code,
                   "code": purchase.code},
        )  # fmt: skip
    tiers.count(purchase.member_id, given.qualifying_points, given.base_rupiah, purchase.on)


def _check_amount(amount_rupiah: int) -> None:
    if not 0 < amount_rupiah <= MOST_RUPIAH:
        raise BadAmount()


def _blank(sale: Sale, staff: Staff | None, instant: datetime) -> Purchase:
    return Purchase(
        key=sale.key,
        digest=sales.digest(sale),
        code=_free_code(),
        member_id=sale.member_id,
        outlet_code=sale.outlet_code,
        staff_id=staff.id if staff else None,
        channel=sale.channel,
        source=sale.source,
        external_order_id=sale.order_id,
        amount_rupiah=sale.amount_rupiah,
        points=0,
        qualifying_points=0,
        refunded_rupiah=0,
        quote={},
        goods=[],
        at=instant,
        on=program_day(instant),
    )


def _free_code() -> str:
    for _ in range(TRIES):
        code = RECEIPT_MARK + codes.new_voucher_code()
        if not db.session.scalar(select(Purchase.id).where(Purchase.code == code)):
            return code
    raise AssertionError("no free receipt code in five draws")


def _quote_within_limits(sale: Sale, purchase: Purchase) -> Quote:
    """The quote, with what limited rules give counted; again if another purchase was faster."""
    for _ in range(TRIES):
        terms = sales.terms(sale.member_id, purchase.at, but=purchase.id)
        given = quotes.quote(sales.basket(sale, purchase.at), terms)
        with db.session.begin_nested() as attempt:
            if sales.count_limits(given, sale.member_id, purchase.at):
                return given
            attempt.rollback()
    # So many others at once: what is left is theirs.
    terms = terms._replace(left=dict.fromkeys(terms.left, 0))
    return quotes.quote(sales.basket(sale, purchase.at), terms)


def _keep(purchase: Purchase, given: Quote) -> None:
    purchase.points = given.points
    purchase.qualifying_points = given.qualifying_points
    purchase.quote = quotes.to_document(given)
    db.session.flush()


def _take_stock(sale: Sale) -> None:
    # The goods have left the shop whatever our figure says, so a short shelf refuses nothing.
    for good in sale.goods:
        if good.sku:
            stock.take(good.sku, sale.outlet_code, good.quantity)


def _tell(purchase: Purchase, sale: Sale) -> None:
    if purchase.member_id is None:
        return
    data: dict[str, Any] = {
        "amount_rupiah": purchase.amount_rupiah,
        "categories": sorted(sale.categories | {g.category for g in sale.goods if g.category}),
        "eco": sale.eco or any(good.eco for good in sale.goods),
        "lines": sales.lines(sale, purchase.at),
        "outlet": purchase.outlet_code,
        "points": purchase.points,
        "code": purchase.code,
    }
    outbox.tell("purchase.recorded", purchase.id, purchase.member_id, **data)
