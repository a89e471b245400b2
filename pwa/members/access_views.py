"""Forgotten password, and changing password, number and e-mail by one-time codes."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, session
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox, sessions
from pwa.errors import LoyaltyError
from pwa.limits import LOGIN, limiter
from pwa.members import access, devices, onetime
from pwa.members.blueprint import bp, enter, in_words, network, stay
from pwa.members.forms import (
    CodeForm,
    ConfirmForm,
    EmailForm,
    ForgotForm,
    NewPhoneForm,
    PasswordForm,
    ResetForm,
)
from pwa.members.phones import shown
from pwa.messages import service as messages
from pwa.sessions import member_required
from pwa.web import show

ASKED = "code_for"  # the session's: which number or e-mail address a code is on its way to


@bp.get("/forgot")
def forgot() -> Response:
    return show("members/forgot.html", form=ForgotForm(formdata=None))


@bp.post("/forgot")
@limiter.limit(LOGIN)
def ask_reset() -> AnyResponse:
    """The same answer whether or not somebody has this number."""
    form = ForgotForm()
    if not form.validate():
        return show("members/forgot.html", status=422, form=form)
    try:
        access.ask_reset(form.phone.data, network())
    except onetime.TooManyCodes as refusal:
        return _again("members/forgot.html", form, "phone", refusal)
    outbox.commit()
    messages.send_soon()
    session[ASKED] = {"reset": form.phone.data}
    return redirect(to("members.reset_form"), 303)


@bp.get("/forgot/code")
def reset_form() -> Response:
    phone = _asked("reset")
    return show("members/reset.html", form=ResetForm(formdata=None, phone=phone), asked=phone)


@bp.post("/forgot/code")
@limiter.limit(LOGIN)
def reset() -> AnyResponse:
    form = ResetForm()
    if not form.validate():
        return show("members/reset.html", status=422, form=form, asked=_asked("reset"))
    member = access.reset(form.phone.data, form.code.data, form.password.data)
    outbox.commit(then_writes=True)  # a wrong code has cost a try
    if member is None:
        form.code.errors = [in_words(onetime.WrongCode())]
        return show("members/reset.html", status=422, form=form, asked=_asked("reset"))
    enter(member, trusted=False)
    flash(_("Kata sandi baru sudah dipakai. HP lain sudah keluar dari akunmu."))
    return redirect(to("home.home"), 303)


@bp.get("/profile/password")
@member_required
def password_form() -> Response:
    return show("members/password.html", form=PasswordForm(formdata=None))


@bp.post("/profile/password")
@limiter.limit(LOGIN)
@member_required
def change_password() -> AnyResponse:
    form = PasswordForm()
    if not form.validate():
        return show("members/password.html", status=422, form=form)
    try:
        access.change_password(g.member, form.current.data, form.password.data)
    except devices.WrongPassword as wrong:
        return _again("members/password.html", form, "current", wrong)
    outbox.commit()
    stay(g.member)
    flash(_("Kata sandi sudah diganti. HP lain sudah keluar dari akunmu."))
    return redirect(to("members.security"), 303)


@bp.get("/profile/phone")
@member_required
def phone_form() -> Response:
    return _phone_page(NewPhoneForm(formdata=None))


@bp.post("/profile/phone")
@limiter.limit(LOGIN)
@member_required
def ask_phone() -> AnyResponse:
    form = NewPhoneForm()
    if not form.validate():
        return _phone_page(form, status=422)
    try:
        asked = access.ask_phone(g.member, form.phone.data, form.password.data, network())
    except devices.WrongPassword as wrong:
        form.password.errors = [in_words(wrong)]
        return _phone_page(form, status=422)
    except (access.CantReach, onetime.TooManyCodes) as refusal:
        form.phone.errors = [in_words(refusal)]
        return _phone_page(form, status=refusal.status)
    outbox.commit()
    messages.send_soon()
    session[ASKED] = {"phone": asked}
    return redirect(to("members.phone_code_form"), 303)


def _phone_page(form: NewPhoneForm, status: int = 200) -> Response:
    return show("members/phone.html", status=status, form=form, phone=shown(g.member.phone))


@bp.get("/profile/phone/code")
@member_required
def phone_code_form() -> AnyResponse:
    return _code_page("phone", CodeForm(formdata=None))


@bp.post("/profile/phone/code")
@limiter.limit(LOGIN)
@member_required
def change_phone() -> AnyResponse:
    form, asked = CodeForm(), _asked("phone")
    if not asked or not form.validate():
        return _code_page("phone", form, status=422)
    done = access.change_phone(g.member, asked, form.code.data)
    outbox.commit()
    if not done:
        form.code.errors = [in_words(onetime.WrongCode())]
        return _code_page("phone", form, status=422)
    messages.send_soon()
    session.pop(ASKED, None)
    flash(_("Nomormu sekarang %(phone)s. Poin dan kartumu tetap sama.", phone=shown(asked)))
    return redirect(to("members.security"), 303)


@bp.get("/profile/email")
@member_required
def email_form() -> Response:
    return show("members/email.html", form=EmailForm(formdata=None), email=g.member.email)


@bp.post("/profile/email")
@limiter.limit(LOGIN)
@member_required
def ask_email() -> AnyResponse:
    form = EmailForm()
    email = g.member.email
    if not form.validate():
        return show("members/email.html", status=422, form=form, email=email)
    try:
        asked = access.ask_email(g.member, form.email.data, network())
    except (access.BadEmail, access.CantReach, onetime.TooManyCodes) as refusal:
        return _again("members/email.html", form, "email", refusal, email=email)
    outbox.commit()
    messages.send_soon()
    session[ASKED] = {"email": asked}
    return redirect(to("members.email_code_form"), 303)


@bp.get("/profile/email/code")
@member_required
def email_code_form() -> AnyResponse:
    return _code_page("email", CodeForm(formdata=None))


@bp.post("/profile/email/code")
@limiter.limit(LOGIN)
@member_required
def change_email() -> AnyResponse:
    form, asked = CodeForm(), _asked("email")
    if not asked or not form.validate():
        return _code_page("email", form, status=422)
    done = access.change_email(g.member, asked, form.code.data)
    outbox.commit()
    if not done:
        form.code.errors = [in_words(onetime.WrongCode())]
        return _code_page("email", form, status=422)
    session.pop(ASKED, None)
    flash(_("E-mailmu sudah tersimpan."))
    return redirect(to("members.security"), 303)


@bp.get("/confirm")
@member_required
def confirm_form() -> Response:
    return _confirm_page(ConfirmForm(formdata=None, next=sessions.safe_next("/")))


@bp.post("/confirm")
@limiter.limit(LOGIN)
@member_required
def confirm() -> AnyResponse:
    """The password once more, on a browser that is new to her; then back to what she was at."""
    form = ConfirmForm()
    if not form.validate():
        return _confirm_page(form, status=422)
    try:
        devices.step_up(g.member, form.password.data)
    except devices.WrongPassword as wrong:
        form.password.errors = [in_words(wrong)]
        return _confirm_page(form, status=422)
    outbox.commit()
    return redirect(sessions.safe_next(to("home.home")), 303)


def _confirm_page(form: ConfirmForm, status: int = 200) -> Response:
    return show("members/confirm.html", status=status, form=form)


def _code_page(what: str, form: CodeForm, status: int = 200) -> AnyResponse:
    asked = _asked(what)
    if not asked:  # an old link, or another browser: begin at the beginning
        return redirect(to(f"members.{what}_form"), 303)
    where = shown(asked) if what == "phone" else asked
    return show("members/code.html", status=status, form=form, what=what, where=where)


def _asked(what: str) -> str:
    asked = session.get(ASKED)
    return str(asked.get(what, "")) if isinstance(asked, dict) else ""


def _again(page: str, form: Any, field: str, refusal: LoyaltyError, **context: Any) -> Response:
    """The same page with the refusal under its field."""
    outbox.rollback()
    form[field].errors = [in_words(refusal)]
    return show(page, status=refusal.status, form=form, **context)
