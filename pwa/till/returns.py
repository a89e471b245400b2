"""Goods that come back, sales without a card, and what a manager does to a voucher."""

from __future__ import annotations

from flask import Response, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import limits, outbox
from pwa.limits import limiter
from pwa.rewards import service as rewards
from pwa.rewards.forms import key_of, new_key
from pwa.sessions import staff_required
from pwa.shop import refunds, vouchers
from pwa.shop import service as shop
from pwa.till import forms, service
from pwa.till.blueprint import bp
from pwa.web import show

REASON_MOST = 120


@bp.get("/receipts/<code>/refunds")
@staff_required()
def refund_form(code: str) -> Response:
    """What a refund would take back, for the amount typed (default all that is left)."""
    purchase = shop.by_code(code)
    if refusal := refunds.why_not(purchase, g.staff):
        raise refusal
    left = refunds.left_rupiah(purchase)
    amount = min(forms.rupiah_or_none(request.args.get("amount", "")) or left, left)
    return show(
        "till/refund.html",
        purchase=purchase,
        shown=shop.code_text(purchase),
        left=left,
        amount=amount,
        points=refunds.points_back(purchase, amount),
        goods=refunds.goods_worth(purchase, amount),
        is_whole=amount == left,
        handed_in=[(one, service.fate_in_words(one)) for one in vouchers.of_purchase(purchase.id)],
        key=new_key(),
    )


@bp.post("/receipts/<code>/refunds")
@limiter.limit(limits.CODE)
@staff_required()
def refund(code: str) -> AnyResponse:
    amount = forms.rupiah(request.form.get("amount", ""))
    refunds.refund(shop.by_code(code), amount, g.staff, key_of(request.form))
    outbox.commit()
    flash(_("Sudah dikembalikan."))
    return redirect(to("till.receipt", code=code), 303)


@bp.get("/sales")
@staff_required()
def sale_form() -> Response:
    """A customer without a card: she claims the receipt's points later."""
    return show("till/sale.html", key=new_key())


@bp.post("/sales")
@limiter.limit(limits.CODE)
@staff_required()
def sell() -> AnyResponse:
    amount = forms.rupiah(request.form.get("amount", ""))
    sold = shop.record(service.sale(g.staff, None, amount, key_of(request.form)), g.staff)
    outbox.commit()
    return redirect(to("till.receipt", code=sold.code), 303)


@bp.post("/vouchers/<code>/cancellations")
@staff_required("manager")
def cancel_voucher(code: str) -> AnyResponse:
    rewards.cancel(code, g.staff, _reason())
    outbox.commit()
    flash(_("Voucher dibatalkan, poinnya kembali."))
    return redirect(to("till.home"), 303)


@bp.post("/vouchers/<code>/reversals")
@staff_required("manager")
def reverse_voucher(code: str) -> AnyResponse:
    found = rewards.reverse_use(code, g.staff, _reason())
    outbox.commit()
    flash(_("Pemakaian dibatalkan, vouchernya berlaku lagi."))
    return redirect(to("till.voucher", code=found.code), 303)


@bp.post("/vouchers/<code>/reissues")
@staff_required("manager")
def reissue_voucher(code: str) -> AnyResponse:
    found = rewards.reissue(code, g.staff, _reason())
    outbox.commit()
    flash(_("Kodenya sudah diganti."))
    return redirect(to("till.voucher", code=found.code), 303)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:REASON_MOST]
