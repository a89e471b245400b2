"""A tier given by hand at the till, by a manager: until a day, for a reason."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import limits, outbox
from pwa.clock import program_day
from pwa.errors import LoyaltyError
from pwa.limits import limiter
from pwa.members import service as members
from pwa.program import service as program
from pwa.rewards.forms import key_of, new_key
from pwa.sessions import staff_required
from pwa.tiers import manual
from pwa.tiers import service as tiers
from pwa.tiers.errors import BadGrant
from pwa.till.blueprint import bp
from pwa.web import show

REASON_MOST = 120


@bp.get("/people/<code>/tiers")
@staff_required("manager")
def tier_form(code: str) -> Response:
    return _form(code)


@bp.post("/people/<code>/tiers")
@limiter.limit(limits.CODE)
@staff_required("manager")
def give_tier(code: str) -> AnyResponse:
    member, typed = members.by_card(code), request.form
    try:
        until_on = date.fromisoformat(typed.get("until", ""))
    except ValueError as error:
        raise BadGrant() from error
    key = f"{g.staff.id}:{key_of(typed)}"
    manual.grant(member.id, typed.get("tier", ""), until_on, _reason(), g.staff, key)
    outbox.commit()
    flash(_("Tingkatnya sudah diberikan."))
    return redirect(to("till.tier_form", code=code), 303)


@bp.post("/people/<code>/tiers/end")
@limiter.limit(limits.CODE)
@staff_required("manager")
def end_tier(code: str) -> AnyResponse:
    manual.end(members.by_card(code).id, _reason(), g.staff)
    outbox.commit()
    flash(_("Tingkat pemberian sudah diakhiri."))
    return redirect(to("till.tier_form", code=code), 303)


@bp.errorhandler(BadGrant)
def _ask_for_the_grant_again(refusal: BadGrant) -> Response:
    outbox.rollback()
    return _form(str((request.view_args or {})["code"]), refusal)


def _form(code: str, refusal: LoyaltyError | None = None) -> Response:
    member = members.by_card(code)
    return show(
        "till/tiers.html",
        status=refusal.status if refusal else 200,
        member=member,
        standing=tiers.standing(member.id),
        given=manual.open_grants(member.id),
        choices=[(tier.code, tier.name) for tier in program.current().tiers[1:]],
        today=program_day(),
        typed=request.form,
        refusal=refusal,
        key=new_key(),
    )


def _reason() -> str:
    return request.form.get("reason", "").strip()[:REASON_MOST]
