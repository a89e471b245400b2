"""Joining, logging in, the card, help, and what everybody may read.

The profile's pages are in profile_views, access_views, passkey_views and privacy_views.
"""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, jsonify, redirect, render_template, request, session
from flask import url_for as to
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from pwa import clock, languages, outbox, qr, sessions
from pwa.ledger import service as ledger
from pwa.limits import JOIN, LOGIN, WRONG, limiter
from pwa.members import (
    access_views,
    card_codes,
    codes,
    devices,
    passkey_views,
    passkeys,
    privacy_views,
    profile_views,
    service,
)
from pwa.members.blueprint import bp, enter, in_words
from pwa.members.forms import JoinForm, LoginForm
from pwa.program import service as program
from pwa.rewards import service as rewards
from pwa.sessions import member_required
from pwa.tiers import service as tiers
from pwa.web import show

__all__ = ["access_views", "bp", "passkey_views", "privacy_views", "profile_views"]


@bp.get("/join")
def join_form() -> AnyResponse:
    if sessions.member():
        return redirect(to("home.home"), 303)
    form = JoinForm(formdata=None, via=request.args.get("src", ""))
    form.via.data = form.via.filters[0](form.via.data)
    return _join_page(form)


@bp.post("/join")
@limiter.limit(JOIN)
def join() -> AnyResponse:
    form = JoinForm()
    if not form.validate():
        return _join_page(form, status=422)
    try:
        member = service.join(_joining(form))
    except service.PhoneTaken as taken:
        outbox.rollback()
        form.phone.errors = [in_words(taken)]
        return _join_page(form, status=taken.status)
    outbox.commit(then_writes=True)
    enter(member, trusted=True)
    flash(_("Selamat datang, %(name)s. Kartumu sudah siap.", name=member.name))
    return redirect(to("home.home"), 303)


def _joining(form: JoinForm) -> service.Joining:
    return service.Joining(
        name=form.name.data,
        phone=form.phone.data,
        password=form.password.data,
        birthday=form.birthday.data,
        promo=form.promo.data,
        via=form.via.data or "",
        language=languages.choose(),
    )


def _join_page(form: JoinForm, status: int = 200) -> Response:
    welcome_points = program.current().program.welcome_points
    return show("members/join.html", status=status, form=form, welcome_points=welcome_points)


@bp.get("/login")
def login() -> AnyResponse:
    if sessions.member():
        return redirect(to("home.home"), 303)
    form = LoginForm(formdata=None, next=request.args.get("next", ""))
    return _login_page(form)


def _number() -> str:
    """The number that somebody says is hers, however it is typed."""
    return "login:" + "".join(c for c in request.form.get("phone", "") if c.isdecimal())[-9:]


@bp.post("/login")
@limiter.limit(LOGIN)
@limiter.limit(WRONG, key_func=_number, deduct_when=lambda answer: answer.status_code == 422)
def log_in() -> AnyResponse:
    form = LoginForm()
    if not form.validate():
        return _login_page(form, status=422)
    try:
        member = service.log_in(form.phone.data, form.password.data)
    except service.WrongLogin as wrong:
        form.password.errors = [in_words(wrong)]
        return _login_page(form, status=422)
    enter(member, trusted=False)
    return redirect(sessions.safe_next(to("home.home")), 303)


def _login_page(form: LoginForm, status: int = 200) -> Response:
    return show("members/login.html", status=status, form=form, passkeys=passkeys.offered())


@bp.post("/logout")
def log_out() -> AnyResponse:
    devices.forget_this()
    outbox.commit(then_writes=True)  # push unbinds this browser
    sessions.end()
    response = redirect(to("members.login"), 303)
    # The browser's HTTP cache; the Cache API and IndexedDB are emptied by our own script.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/card")
@member_required
def card() -> Response:
    member = g.member
    return show(
        "members/card.html",
        member=member,
        number=service.card_text(member),
        code=_card_qr(member),
        secret=card_codes.secret_of(member),
        now_ms=int(clock.now().timestamp() * 1000),
        balance=ledger.balance(member.id),
        standing=tiers.standing(member.id),
    )


@bp.get("/card.json")
@member_required
def card_data() -> Response:
    """What the phone keeps to open card and vouchers without a signal."""
    member = g.member
    balance = ledger.balance(member.id)
    vouchers = rewards.active_vouchers(member.id)
    return jsonify(
        member=member.public_id,
        name=member.name,
        card_code=service.card_text(member),
        card_svg=_card_qr(member),
        card=member.card_code,
        language=member.language,
        card_secret=card_codes.secret_of(member),  # static/js/card.js turns the code with it
        points=balance.spendable,
        points_text=languages.number(balance.spendable),
        as_of=clock.now().isoformat(),
        vouchers=[_voucher_data(voucher) for voucher in vouchers],
        csrf_token=generate_csrf(),  # for a check-in that waited without a signal
    )


def _voucher_data(voucher: Any) -> dict[str, str]:
    code = codes.in_fours(voucher.code)
    return {
        "code": code,
        "title": languages.text(rewards.reward_of(voucher).name),
        "svg": qr.svg(rewards.signed_text(voucher), _("Kode QR voucher %(code)s", code=code)),
        "expires": voucher.expires_at.isoformat(),
    }


@bp.post("/language")
def change_language() -> AnyResponse:
    """Switch the language of a visitor who has no account yet, and go back to the page."""
    wanted = request.form.get("language", "")
    if wanted in program.current().program.languages:
        session["language"] = wanted
        if found := sessions.member():
            found.language = wanted
            outbox.commit()
    return redirect(sessions.safe_next(to("members.join_form")), 303)


@bp.get("/terms")
def terms() -> str:
    return render_template("members/terms.html")


@bp.get("/privacy")
def privacy() -> str:
    return render_template("members/privacy.html")


@bp.get("/help")
def help_page() -> Response:
    """How it all works, and where to find the shop; for members and strangers alike."""
    current = program.current()
    return show("members/help.html", outlets=current.outlets, earning=current.earning)


def _card_qr(member: service.Member) -> str:
    text = service.card_text(member)
    turning = card_codes.text_of(member, clock.now())
    return qr.draw(turning, _("Kode QR kartu %(code)s", code=text))
