"""The missions page, and checking in."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, flash, g, jsonify, redirect, request
from flask import url_for as to
from werkzeug.wrappers import Response as AnyResponse

from pwa import outbox
from pwa.clock import now, program_day
from pwa.languages import day, number
from pwa.ledger import service as ledger
from pwa.missions import calendar, service, streaks
from pwa.missions.errors import BadDay, LateCheckIn
from pwa.phrases import say as _
from pwa.program import service as program
from pwa.sessions import member_required, safe_next
from pwa.web import show, wants_json

bp = Blueprint("missions", __name__)


@bp.get("/missions")
@member_required
def missions() -> AnyResponse:
    today = program_day()
    facts = service.facts(g.member)
    return show(
        "missions/missions.html",
        streak=service.streak_of(facts),
        month=calendar.month(facts, today),
        board=service.board(g.member),
        badges=calendar.badges(facts),
        pauses=calendar.coming(facts, today),
        balance=ledger.balance(g.member.id),
        today=today,
        repair_points=program.current().streak.repair_points,
        key=secrets.token_hex(8),
    )


@bp.post("/missions/check-ins")
@member_required
def check_in() -> AnyResponse:
    made = service.check_in(g.member.id, _made_at())
    outbox.commit()
    if wants_json():
        return _as_json(made)
    flash(_words(made))
    return redirect(safe_next(to("missions.missions")), 303)


@bp.post("/missions/<code>/swaps")
@member_required
def swap(code: str) -> AnyResponse:
    service.swap(g.member, code)
    outbox.commit()
    flash(_("Misinya sudah diganti."))
    return redirect(to("missions.missions"), 303)


@bp.post("/streak/repairs")
@member_required
def repair() -> AnyResponse:
    service.repair(g.member.id, _day("on"))
    outbox.commit()
    flash(_("Hari itu sudah diperbaiki. Runtunmu lanjut."))
    return redirect(to("missions.missions"), 303)


@bp.get("/streak/pauses")
@member_required
def pauses() -> AnyResponse:
    return show(
        "missions/pauses.html",
        today=program_day(),
        most_days=streaks.rules_of_program().pause_max_days,
        key=secrets.token_hex(8),
    )


@bp.post("/streak/pauses")
@member_required
def pause() -> AnyResponse:
    service.pause(g.member.id, _day("first_on"), _day("last_on"), request.form.get("key", ""))
    outbox.commit()
    flash(_("Hari liburmu sudah dicatat. Runtunmu aman."))
    return redirect(to("missions.missions"), 303)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        raise BadDay() from error


def _as_json(made: service.CheckIn) -> Response:
    return jsonify(
        on=made.on.isoformat(), is_new=made.is_new, points=made.points, text=_words(made)
    )


def _words(made: service.CheckIn) -> str:
    if not made.is_new:
        return str(_("Sudah tercatat. Hari ini cukup sekali."))
    if not made.points:
        return str(_("Kunjungan %(day)s tercatat.", day=day(made.on)))
    return str(_("%(points)s poin sudah masuk.", points=number(made.points)))


def _made_at() -> datetime | None:
    """When an offline phone says it was made, in ISO 8601; None for now.

    A clock a little ahead is a clock, not a cheat: it counts as now.
    """
    said = request.form.get("made_at", "")
    if not said:
        return None
    try:
        made_at = datetime.fromisoformat(said)
    except ValueError as error:
        raise LateCheckIn("late_unreadable") from error
    made_at = made_at if made_at.tzinfo else made_at.replace(tzinfo=UTC)
    return None if now() < made_at <= now() + timedelta(minutes=5) else made_at
