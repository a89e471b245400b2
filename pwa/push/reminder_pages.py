"""Products, how many are left, and the bell on those that are out."""

from __future__ import annotations

from flask import Response, flash, g, redirect
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox
from pwa.program import service as program
from pwa.push import reminders
from pwa.push.views import bp
from pwa.sessions import member_required
from pwa.shop import stock
from pwa.web import show


@bp.get("/products/<sku>")
@member_required
def product(sku: str) -> Response:
    found = reminders.product(sku)
    by_outlet = stock.pieces_of(sku)
    outlets = [(o.name, by_outlet.get(o.code, 0)) for o in program.current().outlets]
    return show(
        "push/product.html",
        product=found,
        outlets=outlets,
        pieces=sum(by_outlet.values()),
        waits=reminders.waits(g.member.id, sku),
    )


@bp.post("/products/<sku>/reminders")
@member_required
def remind(sku: str) -> AnyResponse:
    reminders.ask(g.member.id, sku)
    outbox.commit()
    flash(_("Oke, nanti kami kabari."))
    return redirect(to("push.product", sku=sku), 303)


@bp.post("/products/<sku>/reminders/removals")
@member_required
def stop_reminding(sku: str) -> AnyResponse:
    reminders.forget(g.member.id, sku)
    outbox.commit()
    flash(_("Pengingatnya dimatikan."))
    return redirect(to("push.product", sku=sku), 303)
