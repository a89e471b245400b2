"""The owner's plain page on push: what was sent, how it ended, and one switch."""

from __future__ import annotations

import secrets

from flask import Response, current_app, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox
from pwa.push import campaign_notices, figures, kinds, origins, vapid
from pwa.push.endpoints import service_name
from pwa.push.views import bp
from pwa.sessions import staff_required
from pwa.staff import service as staff_service
from pwa.web import show


@bp.get("/console/push")
@staff_required("owner")
def console() -> Response:
    settings = current_app.config["SETIA"]
    held = vapid.keys(settings)
    return show(
        "push/console.html",
        rows=figures.by_kind(),
        kinds=kinds.all_kinds(),
        health=figures.health(),
        origins=[row for row in origins.known() if row.origin != origins.ALL],
        service_name=service_name,
        paused=origins.is_paused(),
        fingerprint=next(iter(held)),
        old=list(held)[1:],
        key=secrets.token_hex(8),
    )


@bp.post("/console/push/pauses")
@staff_required("owner")
def pause() -> AnyResponse:
    origins.pause_all()
    staff_service.record(g.staff, "push.paused", "push:*")
    outbox.commit()
    flash(_("Semua kabar ditahan."))
    return redirect(to("push.console"), 303)


@bp.post("/console/push/pauses/removals")
@staff_required("owner")
def resume() -> AnyResponse:
    origins.resume_all()
    staff_service.record(g.staff, "push.resumed", "push:*")
    outbox.commit()
    flash(_("Kabar jalan lagi."))
    return redirect(to("push.console"), 303)


@bp.post("/console/push/campaigns")
@staff_required("owner")
def campaign() -> AnyResponse:
    """A message of the owner's own to everybody who wants promotions."""
    form = request.form
    message = campaign_notices.Message(
        form.get("title", ""), form.get("body", ""), form.get("path", "/"), form.get("tier", "")
    )
    campaign_notices.send(message, form.get("key", ""))
    staff_service.record(
        g.staff, "push.campaign", f"push:{form.get('key', '')}", after=message.facts
    )
    outbox.commit()
    flash(_("Kabar sedang disiapkan."))
    return redirect(to("push.console"), 303)
