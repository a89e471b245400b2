"""The fairness page: anybody can check that the shop kept its word."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, g, jsonify, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox, sessions
from pwa.clock import program_day
from pwa.errors import NotFound
from pwa.missions import service as missions
from pwa.play import fair
from pwa.play.views import bp
from pwa.program import service as program
from pwa.sessions import member_required
from pwa.settings import ROOT
from pwa.web import show


@bp.get("/fair")
def fairness() -> AnyResponse:
    member = sessions.member()
    return show(
        "play/fair.html",
        promises=fair.promises(),
        today=program_day(),
        mission_seed=missions.draw_seed() if program.current().daily.drawn else "",
        spins=fair.spins_of(member.id) if member else (),
        seed=fair.seed_of(member.id) if member else None,
    )


@bp.post("/fair/seed")
@member_required
def seed() -> AnyResponse:
    fair.set_seed(g.member.id, request.form.get("seed", ""))
    outbox.commit()
    flash(_("Kata kuncimu dipakai mulai putaran berikutnya."))
    return redirect(to("play.fairness"), 303)


@bp.get("/fair/days/<game>/<on>.json")
def day(game: str, on: str) -> AnyResponse:
    try:
        found = fair.promise(game, date.fromisoformat(on))
    except ValueError as error:
        raise NotFound() from error
    return jsonify({**found._asdict(), "on": found.on.isoformat()})


@bp.get("/fair/spins/<public_id>.json")
@member_required
def proof(public_id: str) -> Response:
    return jsonify(fair.proof_of(public_id, g.member.id))


@bp.get("/fair/check_spin.py")
def script() -> Response:
    text = (ROOT / "docs" / "check_spin.py").read_text("utf-8")
    return Response(text, mimetype="text/x-python")
