"""Who has logged in on this device, and switching the till between them by PIN."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, current_app, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from pwa import limits, outbox, sessions
from pwa.errors import LoyaltyError, NotFound
from pwa.limits import limiter
from pwa.sessions import staff_required
from pwa.staff import pins
from pwa.staff import service as staff_service
from pwa.staff.models import Staff
from pwa.till.blueprint import bp
from pwa.web import show

COOKIE = "setia_crew"
COOKIE_LIFE_S = 90 * 24 * 3600
CREW_MOST = 8


def others() -> Sequence[Staff]:
    """Those known here that this till can be switched to."""
    ids = [each for each in _known() if each != g.staff.id]
    return pins.with_pin(ids) if ids else ()


def remember(response: AnyResponse, staff: Staff) -> None:
    """This device knows this account from now on: its password was said here."""
    ids = [staff.id, *(each for each in _known() if each != staff.id)][:CREW_MOST]
    response.set_cookie(
        COOKIE, str(_signer().dumps(ids)), max_age=COOKIE_LIFE_S, httponly=True, samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"], path="/till",
    )  # fmt: skip


@bp.get("/switches/<int:staff_id>")
@staff_required()
def switch_form(staff_id: int) -> Response:
    return _form(_other(staff_id))


@bp.post("/switches/<int:staff_id>")
@limiter.limit(limits.LOGIN)
@staff_required()
def switch(staff_id: int) -> AnyResponse:
    """Tap a name, type the PIN, and the till is theirs; whose it was is in the log."""
    other, before = _other(staff_id), g.staff
    refusal = pins.check(other, request.form.get("pin", ""))
    if refusal is None:
        staff_service.record(
            other, "staff.switched", f"staff:{other.id}", before={"staff": before.id}
        )
    outbox.commit()  # a wrong one is counted too
    if refusal is not None:
        return _form(other, refusal)
    sessions.begin(other)
    return redirect(to("till.home"), 303)


@bp.get("/pin")
@staff_required()
def pin_form() -> Response:
    return _pin_form()


@bp.post("/pin")
@limiter.limit(limits.LOGIN)
@staff_required()
def set_pin() -> AnyResponse:
    pins.set_pin(g.staff, request.form.get("password", ""), request.form.get("pin", ""))
    outbox.commit()
    flash(_("PIN-mu sudah tersimpan."))
    return redirect(to("till.home"), 303)


@bp.errorhandler(pins.WrongPassword)
@bp.errorhandler(pins.WeakPin)
def _ask_for_the_pin_again(refusal: LoyaltyError) -> Response:
    outbox.rollback()
    return _pin_form(refusal)


def _pin_form(refusal: LoyaltyError | None = None) -> Response:
    return show(
        "till/pin.html",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        may_have=pins.may_have(g.staff),
        has_one=g.staff.pin_hash is not None,
        digits=pins.DIGITS,
    )


def _form(other: Staff, refusal: LoyaltyError | None = None) -> Response:
    return show(
        "till/switch.html",
        status=refusal.status if refusal else 200,
        other=other,
        refusal=refusal,
        digits=pins.DIGITS,
    )


def _other(staff_id: int) -> Staff:
    """Somebody this device knows; anybody else is as unknown as nobody. Raises NotFound."""
    found = next((each for each in others() if each.id == staff_id), None)
    if found is None:
        raise NotFound()
    return found


def _known() -> list[int]:
    try:
        ids = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadData:
        return []
    return [each for each in ids if isinstance(each, int)]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="till-crew")
