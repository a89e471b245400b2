"""Who brought whom, as data: how many and when, never who the other one is."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update

from pwa.db import db
from pwa.friends.models import Friend

TITLE = _l("Teman")
LABELS = {
    "invited": _l("Diajak teman"),
    "friends": _l("Teman yang kamu ajak"),
    "joined_on": _l("Bergabung"),
    "bought": _l("Sudah belanja"),
}


def export(member_id: int) -> dict[str, Any]:
    mine = select(Friend).where(Friend.inviter_id == member_id).order_by(Friend.member_id)
    return {
        "invited": db.session.get(Friend, member_id) is not None,
        "friends": [
            {"joined_on": row.joined_on.isoformat(), "bought": row.bought_at is not None}
            for row in db.session.scalars(mine)
        ],
    }


def erase(member_id: int) -> None:
    """Forget who brought her, and whom she brought: what it paid stays in the ledger."""
    hers = or_(Friend.member_id == member_id, Friend.inviter_id == member_id)
    db.session.execute(delete(Friend).where(hers))


def adopt(kept_id: int, closed_id: int) -> None:
    """Friends of the closed account are the kept one's."""
    hers = Friend.inviter_id == closed_id, Friend.member_id != kept_id
    db.session.execute(update(Friend).where(*hers).values(inviter_id=kept_id))
