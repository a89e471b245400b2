"""A member's side of a receipt, and of a poster at an outlet."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import limits, outbox
from pwa.languages import number
from pwa.limits import limiter
from pwa.sessions import member_required
from pwa.shop import claims, service, visits
from pwa.web import show

bp = Blueprint("shop", __name__)


@bp.get("/receipts/<code>")
@limiter.limit(limits.CODE)
@member_required
def receipt(code: str) -> Response:
    """What the receipt is worth; another member's says only that it was claimed."""
    purchase = service.by_code(code)
    if refusal := claims.why_not(purchase, g.member.id):
        raise refusal
    return show(
        "shop/receipt.html",
        purchase=purchase,
        is_mine=purchase.member_id == g.member.id,
        shown=service.code_text(purchase),
    )


@bp.post("/receipts/<code>/claims")
@limiter.limit(limits.CODE)
@member_required
def claim(code: str) -> AnyResponse:
    purchase = claims.claim_receipt(code, g.member.id)
    outbox.commit()
    flash(_("%(points)s poin sudah masuk.", points=number(purchase.points)))
    return redirect(to("shop.receipt", code=purchase.code), 303)


@bp.get("/visits/<outlet>/<mark>")
@limiter.limit(limits.CODE)
@member_required
def visit_form(outlet: str, mark: str) -> Response:
    """What a poster's code opens: looking counts nothing, pressing does."""
    return show("shop/visit.html", outlet=visits.outlet_of(outlet, mark), mark=mark)


@bp.post("/visits/<outlet>/<mark>")
@limiter.limit(limits.CODE)
@member_required
def visit(outlet: str, mark: str) -> AnyResponse:
    is_new = visits.visit(g.member.id, outlet, mark)
    outbox.commit()
    flash(_("Kunjunganmu tercatat.") if is_new else _("Sudah tercatat. Hari ini cukup sekali."))
    return redirect(to("missions.missions"), 303)
