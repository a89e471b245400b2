"""Other games of chance: /games/<name> shows templates/play/<name>.html."""

from __future__ import annotations

import secrets

from flask import g, redirect, request
from flask import url_for as to
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox
from pwa.ledger import service as ledger
from pwa.play import chance, device, wheel_view
from pwa.play.views import bp, key
from pwa.sessions import member_required
from pwa.web import show


@bp.get("/games/<name>")
@member_required
def game(name: str) -> AnyResponse:
    said, _rules = chance.game(name)
    return show(
        f"play/{name}.html",
        game=said,
        name=name,
        tickets=chance.tickets_left(g.member.id, name),
        play=None,
        shown={},
        balance=ledger.balance(g.member.id),
        key=secrets.token_hex(8),
    )


@bp.post("/games/<name>/plays")
@member_required
def play(name: str) -> AnyResponse:
    made = chance.play(g.member, name, key(), device.mark())
    outbox.commit()
    url = to("play.game_result", name=name, public_id=made.public_id)
    return device.remember(redirect(url, 303))


@bp.get("/games/<name>/plays/<public_id>")
@member_required
def game_result(name: str, public_id: str) -> AnyResponse:
    said, _rules = chance.game(name)
    made = chance.of_member(name, public_id, g.member.id)
    return show(
        f"play/{name}.html",
        game=said,
        name=name,
        tickets=chance.tickets_left(g.member.id, name),
        play=made,
        prize_text=wheel_view.prize_text(made),
        shown=chance.shown(made),
        is_open="open" in request.args,
        balance=ledger.balance(g.member.id),
        key=secrets.token_hex(8),
    )
