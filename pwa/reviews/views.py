"""A review of a purchase, and the survey that is open."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import limits, outbox
from pwa.limits import limiter
from pwa.reviews import service
from pwa.sessions import member_required
from pwa.shop import service as shop
from pwa.web import refuse, show, wants_json

bp = Blueprint("reviews", __name__)


@bp.get("/reviews")
@member_required
def reviews() -> AnyResponse:
    """The newest purchase that can be reviewed; a page that says so where there is none."""
    found = service.to_review(g.member.id)
    if found is None:
        return show("reviews/none.html")
    return redirect(to("reviews.review", code=found.code), 303)


@bp.get("/receipts/<code>/review")
@limiter.limit(limits.CODE)
@member_required
def review(code: str) -> Response:
    return _review(code)


@bp.post("/receipts/<code>/review")
@limiter.limit(limits.CODE)
@member_required
def write(code: str) -> AnyResponse:
    service.write(g.member.id, code, _place("stars"), request.form.get("text", ""))
    outbox.commit()
    flash(_("Terima kasih. Ulasanmu dibaca pemilik toko."))
    return redirect(to("missions.missions"), 303)


@bp.get("/surveys")
@member_required
def surveys() -> Response:
    return show("reviews/survey.html", survey=service.open_survey(g.member.id), given={})


@bp.post("/surveys/<code>/answers")
@member_required
def answer(code: str) -> AnyResponse:
    chosen = {q.code: _place(f"q-{q.code}") for q in service.survey(code).questions}
    service.answer(g.member.id, code, chosen)
    outbox.commit()
    flash(_("Terima kasih. Jawabanmu sudah dicatat."))
    return redirect(to("missions.missions"), 303)


@bp.errorhandler(service.NoStars)
def _ask_for_stars(refusal: service.NoStars) -> Response:
    if wants_json():
        return refuse(refusal)
    outbox.rollback()
    return _review((request.view_args or {})["code"], refusal)


@bp.errorhandler(service.SurveyUnfinished)
def _ask_the_rest(refusal: service.SurveyUnfinished) -> Response:
    if wants_json():
        return refuse(refusal)
    outbox.rollback()
    asked = service.survey((request.view_args or {})["code"])
    given = {q.code: _place(f"q-{q.code}") for q in asked.questions}
    page = "reviews/survey.html"
    return show(page, status=refusal.status, survey=asked, given=given, refusal=refusal)


def _review(code: str, refusal: service.NoStars | None = None) -> Response:
    purchase = service.reviewable(g.member.id, code)
    return show(
        "reviews/review.html",
        status=refusal.status if refusal else 200,
        purchase=purchase,
        written=service.of_purchase(purchase.id),
        shown=shop.code_text(purchase),
        text=request.form.get("text", ""),
        refusal=refusal,
    )


def _place(name: str) -> int:
    """What was chosen, as a small number; -1 for nothing."""
    given = request.form.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 3 else -1
