"""A member's own invitation."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g
from flask_babel import gettext as _

from pwa import qr
from pwa.friends import service
from pwa.program import service as program
from pwa.sessions import member_required
from pwa.web import show

bp = Blueprint("friends", __name__)


@bp.get("/friends")
@member_required
def friends() -> Response:
    path = service.address(g.member)
    url = f"{current_app.config['SETIA'].public_url}{path}"
    return show(
        "friends/friends.html",
        path=path,
        url=url,
        code=qr.svg(url, _("Kode QR undanganmu")),
        brought=service.brought(g.member.id),
        offered=program.current().friends,
    )
