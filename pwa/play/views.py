"""The wheel: its page, a spin, and the result that a reload shows again."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request
from flask import url_for as to
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox, phrases
from pwa.clock import program_day
from pwa.languages import number
from pwa.ledger import service as ledger
from pwa.play import device, service, spins, wheel_view, wheels
from pwa.play.models import Spin
from pwa.rewards import service as rewards
from pwa.sessions import member_required
from pwa.web import show, wants_json

bp = Blueprint("play", __name__)
KEY_MOST_CHARS = 64


@bp.get("/wheel")
@member_required
def wheel() -> AnyResponse:
    shown = wheel_view.show(g.member)
    last = None if shown.tickets else _last_of_today()
    return _page(shown, last)


def _last_of_today() -> Spin | None:
    return spins.newest_of_day(g.member.id, wheels.current().code, program_day())


@bp.post("/wheel/spins")
@member_required
def spin() -> AnyResponse:
    made = spins.spin(g.member, key(), request.form.get("wheel", ""), device.mark())
    outbox.commit()
    answer = _as_json(made) if wants_json() else redirect(_url(made), 303)
    return device.remember(answer)


@bp.get("/wheel/spins/<public_id>")
@member_required
def spin_result(public_id: str) -> AnyResponse:
    found = spins.of_wheel(public_id, g.member.id)
    return _page(wheel_view.show_of(found, g.member), found, is_open=True)


@bp.post("/wheel/tickets")
@member_required
def ticket() -> AnyResponse:
    spins.buy_ticket(g.member.id, key())
    outbox.commit()
    return redirect(to("play.wheel"), 303)


def key() -> str:
    """The press's own key; a form without one can't be told from another press."""
    return request.form.get("key", "")[:KEY_MOST_CHARS] or secrets.token_hex(8)


def _page(shown: wheel_view.Shown, made: Spin | None, is_open: bool = False) -> Response:
    return show(
        "play/wheel.html",
        wheel=shown,
        spin=made,
        prize_text=wheel_view.prize_text(made) if made else "",
        tax_rupiah=wheel_view.tax_of(made) if made else 0,
        won=wheel_view.place_of(made, shown.codes) if made else None,
        is_open=is_open,
        balance=ledger.balance(g.member.id),
        quiz=service.quiz_today(g.member),
        near=None,
        key=secrets.token_hex(8),
    )


def _as_json(made: Spin) -> Response:
    shown = wheel_view.show_of(made, g.member)
    place = wheel_view.place_of(made, shown.codes)
    prize_text, balance = wheel_view.prize_text(made), ledger.balance(g.member.id)
    near = rewards.highlights(g.member, balance).near
    told = render_template(
        "play/_result.html",
        spin=made,
        prize_text=prize_text,
        wheel_name=shown.name.in_(phrases.language()),
        tax_rupiah=wheel_view.tax_of(made),
        balance=balance,
        near=near,
    )
    return jsonify(
        slice=place,
        code=made.given,
        label=shown.labels[place],
        points=made.points,
        prize_text=prize_text,
        title=prize_text,
        balance=balance.spendable,
        balance_text=number(balance.spendable),
        say=wheel_view.say(made, balance.spendable),
        html=told,
        left=shown.tickets,
        url=_url(made),
    )


def _url(made: Spin) -> str:
    return to("play.spin_result", public_id=made.public_id)


from pwa.play import chance_views, fair_views, preference_views, quiz_views  # noqa: E402, F401
