"""What members themselves hold of a person: her data, consents, passkeys, devices."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select

from pwa.db import db
from pwa.members import onetime
from pwa.members.models import Consent, Device, Member, Merge, Passkey

TITLE = _l("Data diri")
LABELS = {
    "name": _l("Nama panggilan"),
    "phone": _l("Nomor HP"),
    "email": _l("E-mail"),
    "birthday": _l("Tanggal lahir"),
    "birthday_changed_on": _l("Tanggal lahir diganti"),
    "language": _l("Bahasa"),
    "zone": _l("Zona waktu"),
    "theme": _l("Tampilan"),
    "card": _l("Nomor kartu"),
    "joined_at": _l("Bergabung"),
    "joined_via": _l("Lewat"),
    "consents": _l("Persetujuan"),
    "purpose": _l("Untuk"),
    "granted": _l("Setuju"),
    "text_version": _l("Versi teks"),
    "at": _l("Waktu"),
    "source": _l("Di layar"),
    "passkeys": _l("Kunci sandi"),
    "made_at": _l("Dibuat"),
    "used_at": _l("Terakhir dipakai"),
    "devices": _l("Perangkat"),
    "label": _l("Peramban"),
    "since_at": _l("Masuk sejak"),
    "seen_on": _l("Terakhir terlihat"),
    "erase_at": _l("Akan dihapus"),
    "merges": _l("Kartu yang digabung"),
    "points": _l("Poin"),
}
GONE = "—"


def export(member_id: int) -> dict[str, Any]:
    """Her own data; never the password's hash or a key."""
    member = db.session.get_one(Member, member_id)
    return {
        "name": member.name,
        "phone": member.phone,
        "email": member.email,
        "birthday": member.birthday and member.birthday.isoformat(),
        "birthday_changed_on": member.birthday_changed_on
        and member.birthday_changed_on.isoformat(),
        "language": member.language,
        "zone": member.zone,
        "theme": member.theme,
        "card": member.card_code,
        "joined_at": member.joined_at.isoformat(),
        "joined_via": member.joined_via,
        "erase_at": member.erase_at and member.erase_at.isoformat(),
        "consents": [
            {
                "purpose": row.purpose,
                "granted": row.granted,
                "text_version": row.text_version,
                "at": row.at.isoformat(),
                "source": row.source,
            }
            for row in _rows(Consent, member_id)
        ],
        "passkeys": [
            {
                "name": row.name,
                "made_at": row.made_at.isoformat(),
                "used_at": row.used_at and row.used_at.isoformat(),
            }
            for row in _rows(Passkey, member_id)
        ],
        "devices": [
            {
                "label": row.label,
                "since_at": row.since_at.isoformat(),
                "seen_on": row.seen_on.isoformat(),
            }
            for row in _rows(Device, member_id)
        ],
        "merges": [{"at": row.at.isoformat(), "points": row.points} for row in _merges(member_id)],
    }


def erase(member_id: int) -> None:
    """Forget who this was. The row stays, nameless, since the ledger and the audit refer to it.

    Consents stay too: that she agreed, and when she stopped, is what we must be able to show.
    """
    member = db.session.get_one(Member, member_id)
    member.name = GONE
    member.phone = member.email = member.birthday = member.birthday_changed_on = None
    member.password_hash = ""
    member.joined_via = ""
    member.card_code = f"-{member_id}-{secrets.token_hex(4)}"  # no card reads like this
    member.session_epoch += 1
    member.erase_at = None
    for table in (Passkey, Device):
        db.session.execute(delete(table).where(table.member_id == member_id))
    onetime.forget(member_id)


def _merges(member_id: int) -> Any:
    hers = or_(Merge.kept_id == member_id, Merge.closed_id == member_id)
    return db.session.scalars(select(Merge).where(hers).order_by(Merge.id))


def _rows(table: Any, member_id: int) -> Any:
    return db.session.scalars(select(table).where(table.member_id == member_id).order_by(table.id))
