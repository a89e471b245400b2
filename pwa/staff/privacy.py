"""What the staff did to a member's account, as data. The log itself stays: it is the shop's."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa.db import db
from pwa.staff.models import StaffAct

TITLE = _l("Tindakan petugas")
LABELS = {
    "at": _l("Waktu"),
    "act": _l("Jenis"),
    "before": _l("Sebelumnya"),
    "after": _l("Sesudahnya"),
}


def export(member_id: int) -> list[dict[str, Any]]:
    """What was done, and when; never by whom."""
    rows = db.session.scalars(
        select(StaffAct).where(StaffAct.subject == _subject(member_id)).order_by(StaffAct.id)
    )
    return [
        {"at": row.at.isoformat(), "act": row.act, "before": row.before, "after": row.after}
        for row in rows
    ]


def erase(member_id: int) -> None:
    """That something was done stays; what her number ended in does not."""
    hers = StaffAct.subject == _subject(member_id), StaffAct.act == "member.phone_changed"
    db.session.execute(update(StaffAct).where(*hers).values(before=None, after=None))


def _subject(member_id: int) -> str:
    return f"member:{member_id}"
