"""A member's missions and streak as data."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from pwa.db import db
from pwa.missions import handover
from pwa.missions.models import MissionProgress, MissionSwap, StreakAward, StreakFact

TITLE = _l("Misi dan hari beruntun")
LABELS = {
    "missions": _l("Misi"),
    "streak": _l("Hari beruntun"),
    "awards": _l("Bonus beruntun"),
    "swaps": _l("Misi yang ditukar"),
    "code": _l("Misi"),
    "window": _l("Masa"),
    "done": _l("Sudah"),
    "done_on": _l("Selesai"),
    "kind": _l("Jenis"),
    "on": _l("Tanggal"),
    "until_on": _l("Sampai"),
    "milestone_days": _l("Hari"),
    "points": _l("Poin"),
    "at": _l("Waktu"),
}


def export(member_id: int) -> dict[str, Any]:
    return {
        "missions": [
            {
                "code": row.code,
                "window": row.window_key,
                "done": row.done,
                "done_on": row.done_on and row.done_on.isoformat(),
            }
            for row in _rows(MissionProgress, member_id)
        ],
        "streak": [
            {
                "kind": row.kind,
                "on": row.on.isoformat(),
                "until_on": row.until_on and row.until_on.isoformat(),
            }
            for row in _rows(StreakFact, member_id)
        ],
        "awards": [
            {
                "milestone_days": row.milestone_days,
                "points": row.points,
                "at": row.at.isoformat(),
            }
            for row in _rows(StreakAward, member_id)
        ],
        "swaps": [
            {"code": row.code, "on": row.on.isoformat()} for row in _rows(MissionSwap, member_id)
        ],
    }


def erase(member_id: int) -> None:
    """Nothing: days and counts of a nameless member, which the program's figures add up from."""


def adopt(kept_id: int, closed_id: int) -> None:
    """One person's days and missions, counted together; nothing is paid for it."""
    handover.missions(kept_id, closed_id)
    handover.streak(kept_id, closed_id)


def _rows(table: Any, member_id: int) -> Any:
    return db.session.scalars(select(table).where(table.member_id == member_id).order_by(table.id))
