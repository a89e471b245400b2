"""What a member said she likes, kept while she agrees to being known. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from games.question import Option, Question
from pwa import outbox
from pwa.clock import now
from pwa.db import claim, db
from pwa.members import service as members
from pwa.play.models import Preference

PURPOSE = "profiling"


def is_welcome(member_id: int) -> bool:
    """Whether she agreed to being known, so that an answer may be kept."""
    return bool(members.consents(members.get(member_id)).get(PURPOSE))


def allow(member_id: int) -> None:
    """She ticked that this answer may be kept."""
    members.set_consent(members.get(member_id), PURPOSE, True, "quiz")


def keep(member_id: int, asked: Question, chosen: Option, key: str) -> bool:
    """Keep an answer to a preference question, in place of an earlier one, if she agreed."""
    if not is_welcome(member_id):
        return False
    said = {"question": dict(asked.text), "answer": dict(chosen.text), "at": now()}
    fresh = Preference(member_id=member_id, asks=asked.asks, **said)
    stored, is_ours = claim(fresh, member_id=member_id, asks=asked.asks)
    if not is_ours:
        for name, value in said.items():
            setattr(stored, name, value)
    outbox.tell("preference.told", key, member_id, asks=asked.asks)
    return True


def of(member_id: int) -> Sequence[Preference]:
    mine = select(Preference).where(Preference.member_id == member_id)
    return db.session.scalars(mine.order_by(Preference.id)).all()


def forget(member_id: int, asks: str | None = None) -> None:
    """Forget one answer of hers, or all."""
    mine = delete(Preference).where(Preference.member_id == member_id)
    db.session.execute(mine if asks is None else mine.where(Preference.asks == asks))


def follow_consent(told: outbox.Event) -> None:
    """Withdrawing counts at once (UU 27/2022): what was kept is forgotten."""
    is_ours = told.data.get("purpose") == PURPOSE
    if told.member_id is not None and is_ours and not is_welcome(told.member_id):
        forget(told.member_id)
