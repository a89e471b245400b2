"""A member's notices, devices and preferences as data."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from pwa.db import db
from pwa.push.models import (
    Delivery,
    Departure,
    Notice,
    Preference,
    PromoSlot,
    Reminder,
    Subscription,
)

TITLE = _l("Kabar")
LABELS = {
    "devices": _l("Perangkat"),
    "label": _l("Peramban"),
    "service": _l("Layanan"),
    "seen_at": _l("Terakhir terlihat"),
    "notices": _l("Kabar"),
    "kind": _l("Jenis"),
    "at": _l("Waktu"),
    "facts": _l("Isi"),
    "read_at": _l("Dibaca"),
    "reminders": _l("Pengingat stok"),
    "sku": _l("Barang"),
    "wishes": _l("Pilihan"),
    "muted": _l("Dimatikan"),
    "quiet_from": _l("Tenang mulai (menit)"),
    "quiet_until": _l("Tenang sampai (menit)"),
    "day_cap": _l("Promo sehari"),
    "week_cap": _l("Promo seminggu"),
    "digest": _l("Jadi satu"),
    "sent": _l("Terkirim"),
    "state": _l("Keadaan"),
    "shown_at": _l("Tampil"),
    "clicked_at": _l("Dibuka"),
    "departures": _l("Yang kamu matikan"),
    "how": _l("Cara"),
}


def export(member_id: int) -> dict[str, Any]:
    """All but the endpoints and keys, which are secrets of her browsers."""
    wishes = db.session.get(Preference, member_id)
    return {
        "wishes": wishes
        and {
            "muted": list(wishes.muted),
            "quiet_from": wishes.quiet_from,
            "quiet_until": wishes.quiet_until,
            "day_cap": wishes.day_cap,
            "week_cap": wishes.week_cap,
            "digest": wishes.digest,
        },
        "devices": [
            {"label": row.label, "service": row.origin, "seen_at": row.seen_at.isoformat()}
            for row in _rows(Subscription, member_id)
        ],
        "reminders": [
            {"sku": row.sku, "at": row.asked_at.isoformat()} for row in _rows(Reminder, member_id)
        ],
        "notices": [
            {
                "kind": row.kind,
                "at": row.made_at.isoformat(),
                "facts": row.facts or {},
                "read_at": row.read_at and row.read_at.isoformat(),
                "sent": _sent(row.id),
            }
            for row in _rows(Notice, member_id)
        ],
        "departures": [
            {"how": row.how, "at": row.at.isoformat()} for row in _rows(Departure, member_id)
        ],
    }


def _sent(notice_id: int) -> list[dict[str, Any]]:
    """What became of it on each of her browsers."""
    rows = select(Delivery).where(Delivery.notice_id == notice_id).order_by(Delivery.id)
    return [
        {
            "state": row.state,
            "shown_at": row.shown_at and row.shown_at.isoformat(),
            "clicked_at": row.clicked_at and row.clicked_at.isoformat(),
        }
        for row in db.session.scalars(rows)
    ]


def erase(member_id: int) -> None:
    """Her browsers, wishes and messages go; counts of nameless deliveries stay."""
    for table in (Subscription, Preference, Reminder, PromoSlot, Departure):
        db.session.execute(delete(table).where(table.member_id == member_id))
    hers = select(Notice.id).where(Notice.member_id == member_id)
    db.session.execute(
        delete(Delivery).where(Delivery.notice_id.in_(hers)),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(delete(Notice).where(Notice.member_id == member_id))


def adopt(kept_id: int, closed_id: int) -> None:
    """Her browsers are told of the account that is kept, and she waits on in her old places."""
    theirs = update(Subscription).where(Subscription.member_id == closed_id)
    db.session.execute(theirs.values(member_id=kept_id))
    waiting = select(Reminder.sku).where(
        Reminder.member_id == kept_id, Reminder.served_at.is_(None)
    )
    open_ones = update(Reminder).where(
        Reminder.member_id == closed_id,
        Reminder.served_at.is_(None),
        Reminder.sku.not_in(waiting.scalar_subquery()),
    )
    db.session.execute(
        open_ones.values(member_id=kept_id), execution_options={"synchronize_session": False}
    )


def _rows(table: Any, member_id: int) -> Any:
    return db.session.scalars(select(table).where(table.member_id == member_id).order_by(table.id))
