"""What the shop keeps of a member's tastes: she sees it, and has it forgotten."""

from __future__ import annotations

from flask import Response, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox
from pwa.play import preferences
from pwa.play.views import bp
from pwa.program.schema import Text
from pwa.sessions import member_required
from pwa.web import show


@bp.get("/profile/tastes")
@member_required
def tastes() -> Response:
    return show(
        "play/tastes.html",
        tastes=[
            (one.asks, Text.model_validate(one.question), Text.model_validate(one.answer))
            for one in preferences.of(g.member.id)
        ],
        is_welcome=preferences.is_welcome(g.member.id),
    )


@bp.post("/profile/tastes/removals")
@member_required
def forget_taste() -> AnyResponse:
    preferences.forget(g.member.id, request.form.get("asks", ""))
    outbox.commit()
    flash(_("Sudah dilupakan."))
    return redirect(to("play.tastes"), 303)
