"""The inbox: every notice of a member, complete without push. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select, update

from pwa.clock import now
from pwa.db import db
from pwa.driver import Asked
from pwa.members import service as members
from pwa.push import kinds, words
from pwa.push.kinds import Words
from pwa.push.models import Broadcast, Delivery, Notice

PAGE_ROWS = 30
Member = members.Member


class Item(NamedTuple):
    """One notice in words."""

    id: int
    words: Words
    at: datetime
    unread: bool


class Page(NamedTuple):
    items: Sequence[Item]
    next: int | None  # the cursor of the next page


def page(member: Member, before: int | None = None) -> Page:
    """A page of the member's notices, newest first, in the language of the request."""
    wanted = (
        select(Notice, Broadcast.facts)
        .outerjoin(Broadcast, Broadcast.id == Notice.broadcast_id)
        .where(*_visible(member.id))
        .order_by(Notice.made_at.desc(), Notice.id.desc())
        .limit(PAGE_ROWS + 1)
    )
    if before is not None:
        anchor = select(Notice.made_at).where(Notice.id == before, Notice.member_id == member.id)
        wanted = wanted.where(Notice.made_at < anchor.scalar_subquery())
    rows = db.session.execute(wanted).all()
    reader = words.reader_of(member.id, member.name, member.language, member.zone)
    items = [
        Item(
            notice.id,
            words.worded(kinds.all_kinds().get(notice.kind), reader, notice.facts or shared or {}),
            notice.made_at,
            notice.read_at is None,
        )
        for notice, shared in rows[:PAGE_ROWS]
    ]
    return Page(items, items[-1].id if len(rows) > PAGE_ROWS else None)


def unread(member_id: int) -> int:
    """The number on the bell and on the icon."""
    return int(_UNREAD.first(member_id=member_id, at=now()).unread)


_UNREAD = Asked(
    select(func.count().label("unread")).where(
        Notice.member_id == bindparam("member_id"),
        Notice.withdrawn_at.is_(None),
        Notice.made_at <= bindparam("at"),
        Notice.read_at.is_(None),
    )
)


def read_all(member_id: int) -> None:
    mine = update(Notice).where(*_visible(member_id), Notice.read_at.is_(None))
    db.session.execute(mine.values(read_at=now()))


def read(member_id: int, notice_id: int) -> None:
    """Mark one notice as read; another member's stays as it is."""
    mine = update(Notice).where(
        Notice.id == notice_id, Notice.member_id == member_id, Notice.read_at.is_(None)
    )
    db.session.execute(mine.values(read_at=now()))


def note(delivery_id: int, act: str) -> None:
    """A browser says that it showed a delivery, or that it was tapped (which also reads it)."""
    instant = now()
    row = db.session.get(Delivery, delivery_id)
    if row is None:
        return
    row.shown_at = row.shown_at or instant
    # The beacon may overtake the push service's own answer: showing proves acceptance.
    row.sent_at = row.sent_at or instant
    if act == "clicked":
        row.clicked_at = row.clicked_at or instant
        seen = update(Notice).where(Notice.id == row.notice_id, Notice.read_at.is_(None))
        db.session.execute(seen.values(read_at=instant))
    row.state = "clicked" if row.clicked_at else "shown"


def _visible(member_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Notice.member_id == member_id,
        Notice.withdrawn_at.is_(None),
        Notice.made_at <= now(),
    )
