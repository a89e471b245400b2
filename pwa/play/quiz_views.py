"""The quiz: begin, answer, see why, go on. Showing a question is a POST, for its time begins."""

from __future__ import annotations

import secrets

from flask import g, redirect, request
from flask import url_for as to
from werkzeug.wrappers import Response as AnyResponse

from pwa import languages, outbox
from pwa.ledger import service as ledger
from pwa.play import device, preferences, quiz_rules, quiz_view, quizzes, service
from pwa.play.errors import BadAnswer, NoQuiz
from pwa.play.models import QuizAttempt
from pwa.play.views import bp, key
from pwa.sessions import member_required
from pwa.web import show


@bp.get("/quiz")
@member_required
def quiz() -> AnyResponse:
    today = service.quiz_today(g.member)
    if today is None:
        raise NoQuiz()
    attempts = quizzes.of_today(g.member.id, today.code)
    if attempts and today.state in ("doing", "done"):
        return redirect(_url(attempts[-1]), 303)
    return show(
        "play/quiz.html",
        quiz=today,
        attempts=attempts,
        key=secrets.token_hex(8),
    )


@bp.post("/quiz/attempts")
@member_required
def begin() -> AnyResponse:
    attempt = quizzes.start(g.member, key(), languages.choose(), device.mark())
    outbox.commit()
    return device.remember(redirect(_url(attempt), 303))


@bp.get("/quiz/attempts/<public_id>")
@member_required
def attempt(public_id: str) -> AnyResponse:
    found = quizzes.of_member(public_id, g.member.id)
    view = quiz_view.of(found, languages.choose())
    if found.finished_at and (view.state != "answered" or not view.is_last):
        return redirect(to("play.result", public_id=public_id), 303)
    return show("play/attempt.html", "play/_attempt.html", quiz=view)


@bp.post("/quiz/attempts/<public_id>/answers")
@member_required
def answer(public_id: str) -> AnyResponse:
    if request.form.get("keep") == "1":
        preferences.allow(g.member.id)
    quizzes.answer(g.member.id, public_id, _whole("question"), _chosen())
    outbox.commit()
    return redirect(to("play.attempt", public_id=public_id), 303)


@bp.post("/quiz/attempts/<public_id>/turns")
@member_required
def turn(public_id: str) -> AnyResponse:
    quizzes.ask_next(g.member.id, public_id)
    outbox.commit()
    return redirect(to("play.attempt", public_id=public_id), 303)


@bp.get("/quiz/attempts/<public_id>/result")
@member_required
def result(public_id: str) -> AnyResponse:
    found = quizzes.of_member(public_id, g.member.id)
    if found.finished_at is None:
        return redirect(_url(found), 303)
    return show(
        "play/quiz_result.html",
        attempt=found,
        quiz=quiz_rules.thaw(found.definition),
        today=service.quiz_today(g.member),
        wheel=service.wheel_today(g.member),
        balance=ledger.balance(g.member.id),
        key=secrets.token_hex(8),
    )


def _url(made: QuizAttempt) -> str:
    if made.finished_at is not None:
        return to("play.result", public_id=made.public_id)
    return to("play.attempt", public_id=made.public_id)


def _chosen() -> list[int]:
    """The places chosen; an order question sends the step for each place, one field each."""
    given = request.form.getlist("answer")
    if not all(value.isdecimal() and len(value) < 3 for value in given):
        raise BadAnswer()
    return [int(value) for value in given]


def _whole(name: str) -> int:
    given = request.form.get(name, "")
    if not given.isdecimal() or len(given) > 3:
        raise BadAnswer()
    return int(given)
