"""Consents, my data to take along, and leaving."""

from __future__ import annotations

import json

from flask import Response, flash, g, make_response, redirect, render_template, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import clock, languages, outbox
from pwa.errors import NotFound
from pwa.ledger import service as ledger
from pwa.limits import LOGIN, limiter
from pwa.members import devices, erasure, exporting, service
from pwa.members.blueprint import bp, in_words
from pwa.members.forms import ConfirmForm
from pwa.program import service as program
from pwa.sessions import member_required
from pwa.web import show

EXPORT = "20 per hour"
SWITCHABLE = ("promo", "profiling")  # without "program" there is no program: that is leaving


@bp.get("/profile/privacy")
@member_required
def my_privacy() -> Response:
    return show(
        "members/my_privacy.html",
        member=g.member,
        consents=service.consent_answers(g.member),
        newest_text=program.current().program.privacy_version,
    )


@bp.post("/profile/consents")
@member_required
def change_consent() -> AnyResponse:
    """Record the answer for each purpose that the form names; withdrawing counts at once."""
    asked = [purpose for purpose in SWITCHABLE if purpose in request.form]
    if not asked:
        raise NotFound()
    for purpose in asked:
        service.set_consent(g.member, purpose, request.form[purpose] == "yes", "profile")
    outbox.commit()
    flash(_("Pilihanmu sudah disimpan dan langsung berlaku."))
    return redirect(to("members.my_privacy"), 303)


@bp.post("/profile/terms")
@member_required
def agree_to_terms() -> AnyResponse:
    """She agrees to the terms as they are now: recorded with their version, and not asked again."""
    service.set_consent(g.member, "program", True, "terms")
    outbox.commit()
    flash(_("Terima kasih, sudah dicatat."))
    return redirect(to("home.home"), 303)


@bp.get("/export")
@member_required
def export_page() -> Response:
    return show("members/export.html")


@bp.get("/export/data.json")
@limiter.limit(EXPORT)
@member_required
def export_json() -> Response:
    text = json.dumps(exporting.everything(g.member), ensure_ascii=False, indent=2)
    return _download(text, "application/json", "json")


@bp.get("/export/data.html")
@limiter.limit(EXPORT)
@member_required
def export_html() -> Response:
    """One page that opens anywhere: no script, no style sheet, nothing from outside."""
    data = exporting.everything(g.member)
    html = render_template(
        "members/export_data.html",
        parts=exporting.readable(data["data"]),
        merged=[exporting.readable(each) for each in data["merged"]],
        made_at=clock.now(),
        member=g.member,
    )
    return _download(html, "text/html; charset=utf-8", "html")


@bp.get("/profile/erasure")
@member_required
def erasure_form() -> Response:
    return _erasure_page(ConfirmForm(formdata=None))


@bp.post("/profile/erasure")
@limiter.limit(LOGIN)
@member_required
def ask_erasure() -> AnyResponse:
    form = ConfirmForm()
    if not form.validate():
        return _erasure_page(form, status=422)
    try:
        ends_at = erasure.ask(g.member, form.password.data)
    except devices.WrongPassword as wrong:
        outbox.rollback()
        form.password.errors = [in_words(wrong)]
        return _erasure_page(form, status=422)
    outbox.commit()
    when = f"{languages.moment(ends_at)} {languages.zone_name()}"
    flash(_("Akunmu dihapus %(when)s. Sampai saat itu masih bisa dibatalkan.", when=when))
    return redirect(to("members.my_privacy"), 303)


@bp.post("/profile/erasure/cancellation")
@member_required
def cancel_erasure() -> AnyResponse:
    stopped = erasure.cancel(g.member)
    outbox.commit()
    if stopped:
        flash(_("Batal dihapus. Kartu dan poinmu tetap ada."))
    return redirect(to("members.my_privacy"), 303)


def _erasure_page(form: ConfirmForm, status: int = 200) -> Response:
    return show(
        "members/erasure.html",
        status=status,
        form=form,
        member=g.member,
        balance=ledger.balance(g.member.id),
    )


def _download(text: str, kind: str, suffix: str) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = kind
    name = f"setia-{g.member.public_id}-{clock.program_day():%Y%m%d}.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
