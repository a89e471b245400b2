"""Logging in at the till, and out again."""

from __future__ import annotations

from flask import Response, g, redirect, request
from flask import url_for as to
from werkzeug.wrappers import Response as AnyResponse

from pwa import limits, outbox, sessions
from pwa.limits import limiter
from pwa.sessions import staff_required
from pwa.staff import pins
from pwa.staff import service as staff_service
from pwa.till import crew
from pwa.till.blueprint import bp
from pwa.web import refuse, show, wants_json


@bp.get("/login")
def login() -> AnyResponse:
    return redirect(to("till.home"), 303) if sessions.staff() else _form()


@bp.post("/login")
@limiter.limit(limits.LOGIN)
def log_in() -> AnyResponse:
    typed = request.form
    staff = staff_service.log_in(typed.get("login", ""), typed.get("password", ""))
    pins.forgive(staff)
    staff_service.record(staff, "staff.logged_in", f"staff:{staff.id}")
    outbox.commit()
    sessions.begin(staff)
    response = redirect(sessions.safe_next(to("till.home")), 303)
    crew.remember(response, staff)
    return response


@bp.post("/logout")
@staff_required()
def logout() -> AnyResponse:
    staff_service.record(g.staff, "staff.logged_out", f"staff:{g.staff.id}")
    outbox.commit(then_writes=True)  # push unbinds this browser
    sessions.end()
    return redirect(to("till.login"), 303)


@bp.errorhandler(staff_service.WrongStaffLogin)
def _ask_again(refusal: staff_service.WrongStaffLogin) -> Response:
    if wants_json():
        return refuse(refusal)
    outbox.rollback()
    return _form(refusal)


def _form(refusal: staff_service.WrongStaffLogin | None = None) -> Response:
    return show(
        "till/login.html",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        typed=request.form.get("login", ""),
        next=request.values.get("next", ""),
    )
