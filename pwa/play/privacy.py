"""A member's plays as data. Rolls and results stay: they prove that the games were fair."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa.clock import program_day
from pwa.db import db
from pwa.play import preferences, tickets
from pwa.play.models import Player, QuizAttempt, QuizTurn, Spin, Ticket

TITLE = _l("Permainan")
LABELS = {
    "spins": _l("Putaran"),
    "quizzes": _l("Kuis"),
    "game": _l("Permainan"),
    "quiz": _l("Kuis"),
    "on": _l("Tanggal"),
    "at": _l("Waktu"),
    "prize": _l("Hadiah"),
    "roll": _l("Angka undian"),
    "points": _l("Poin"),
    "score": _l("Nilai"),
    "answers": _l("Jawaban"),
    "question": _l("Soal"),
    "answer": _l("Jawaban"),
    "right": _l("Benar"),
    "number": _l("Ke"),
    "tastes": _l("Kesukaan"),
    "seed": _l("Kata kuncimu"),
    "tickets": _l("Tiket"),
    "until_on": _l("Sampai"),
    "spent_at": _l("Dipakai"),
}


def export(member_id: int) -> dict[str, Any]:
    spins = db.session.scalars(select(Spin).where(Spin.member_id == member_id).order_by(Spin.id))
    attempts = db.session.scalars(
        select(QuizAttempt).where(QuizAttempt.member_id == member_id).order_by(QuizAttempt.id)
    )
    player = db.session.get(Player, member_id)
    held = select(Ticket).where(Ticket.member_id == member_id).order_by(Ticket.id)
    return {
        "seed": player.seed if player else "",
        "tickets": [
            {
                "game": row.game,
                "number": row.number,
                "at": row.given_at.isoformat(),
                "until_on": row.until_on.isoformat(),
                "spent_at": row.spent_at and row.spent_at.isoformat(),
            }
            for row in db.session.scalars(held)
        ],
        "spins": [
            {
                "game": row.game,
                "at": row.made_at.isoformat(),
                "number": row.number,
                "roll": row.roll,
                "seed": row.member_seed,
                "prize": row.given,
                "points": row.points,
            }
            for row in spins
        ],
        "quizzes": [
            {
                "quiz": row.quiz,
                "at": row.started_at.isoformat(),
                "score": row.score,
                "points": row.points,
                "answers": _answers(row.id),
            }
            for row in attempts
        ],
        "tastes": [
            {"question": row.question, "answer": row.answer, "at": row.at.isoformat()}
            for row in preferences.of(member_id)
        ],
    }


def _answers(attempt_id: int) -> list[dict[str, Any]]:
    """What she answered; whether it was right only once she did (an open question stays shut)."""
    turns = db.session.scalars(
        select(QuizTurn)
        .where(QuizTurn.attempt_id == attempt_id, QuizTurn.answered_at.is_not(None))
        .order_by(QuizTurn.place)
    )
    return [
        {"question": turn.question, "answer": turn.answer, "right": turn.is_right} for turn in turns
    ]


def erase(member_id: int) -> None:
    """Forget what she typed, what she likes and which browser she played on.

    Her rolls stay, for the books of what was given; without her word nobody can check them, and
    she was the only one who could.
    """
    preferences.forget(member_id)
    db.session.execute(update(Player).where(Player.member_id == member_id).values(seed=""))
    for table in (Spin, QuizAttempt):
        db.session.execute(update(table).where(table.member_id == member_id).values(device=""))
    db.session.execute(update(Spin).where(Spin.member_id == member_id).values(member_seed=""))


def adopt(kept_id: int, closed_id: int) -> None:
    """Plays that one account had won are the other's."""
    tickets.adopt(kept_id, closed_id, program_day())
