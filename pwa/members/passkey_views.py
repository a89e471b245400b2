"""Passkeys: the two questions that a browser answers, and the list in the profile."""

from __future__ import annotations

from flask import Response, flash, g, jsonify, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox, sessions
from pwa.limits import LOGIN, limiter
from pwa.members import devices, passkeys
from pwa.members.blueprint import bp, enter, user_agent
from pwa.sessions import member_required
from pwa.web import show


@bp.post("/login/passkey/options")
@limiter.limit(LOGIN)
def passkey_login_options() -> Response:
    return jsonify(passkeys.login_options())


@bp.post("/login/passkey")
@limiter.limit(LOGIN)
def passkey_login() -> Response:
    challenge = passkeys.take_challenge("login")
    outbox.commit(then_writes=True)  # used up, whatever the answer is worth
    member = passkeys.log_in(request.get_json(silent=True), challenge)
    enter(member, trusted=True)
    return jsonify(next=sessions.safe_next(to("home.home")))


@bp.get("/profile/passkeys")
@member_required
def passkey_list() -> Response:
    return show(
        "members/passkeys.html",
        keys=passkeys.of(g.member),
        offered=passkeys.offered(),
        suggestion=devices.label(user_agent()),
    )


@bp.post("/profile/passkeys/options")
@limiter.limit(LOGIN)
@member_required
def passkey_options() -> Response:
    return jsonify(passkeys.registration_options(g.member))


@bp.post("/profile/passkeys")
@limiter.limit(LOGIN)
@member_required
def add_passkey() -> AnyResponse:
    challenge = passkeys.take_challenge("register")
    outbox.commit(then_writes=True)
    name = devices.label(user_agent())
    passkeys.register(g.member, request.get_json(silent=True), challenge, name)
    outbox.commit()
    flash(_("Kunci sandi sudah ditambah. Lain kali masuk cukup satu ketukan."))
    return jsonify(next=to("members.passkey_list"))


@bp.post("/profile/passkeys/<int:passkey_id>")
@member_required
def rename_passkey(passkey_id: int) -> AnyResponse:
    passkeys.rename(g.member, passkey_id, request.form.get("name", ""))
    outbox.commit()
    flash(_("Nama kunci sandi sudah diganti."))
    return redirect(to("members.passkey_list"), 303)


@bp.post("/profile/passkeys/<int:passkey_id>/removal")
@member_required
def remove_passkey(passkey_id: int) -> AnyResponse:
    passkeys.remove(g.member, passkey_id)
    outbox.commit()
    flash(_("Kunci sandi sudah dihapus. Hapus juga di pengaturan HP-mu."))
    return redirect(to("members.passkey_list"), 303)
