"""Something changed about who can get into the account. Can't be switched off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.outbox import Event
from pwa.push.kinds import Facts, Planned, Reader, Words
from pwa.push.words import moment

NAME = _l("Keamanan akun")
TOPIC = "security"
URGENCY = "high"
QUIET = "bypass"
LIFE = timedelta(hours=24)


def plan(event: Event) -> Iterator[Planned]:
    if event.member_id is not None:
        facts = {"what": event.kind, "label": event.data.get("label", ""),
                 "at": event.at.isoformat()}  # fmt: skip
        yield Planned(event.member_id, event.key, facts, event.at + LIFE)


EVENTS = dict.fromkeys(
    (
        "security.new_device", "security.passkey_added", "security.access_code",
        "security.email_changed", "security.password_changed", "security.phone_changed",
    ),
    plan,
)  # fmt: skip


def compose(reader: Reader, facts: Facts) -> Words:
    device = facts["label"] or _("perangkat baru")
    titles = {
        "security.new_device": _("Akunmu dibuka di %(device)s", device=device),
        "security.passkey_added": _("Kunci sandi baru ditambahkan"),
        "security.access_code": _("Kode masuk diminta"),
        "security.email_changed": _("E-mail akunmu diganti"),
        "security.password_changed": _("Kata sandimu diganti"),
        "security.phone_changed": _("Nomor HP akunmu diganti"),
    }
    return Words(
        title=titles[facts["what"]],
        body=_("%(when)s. Kalau itu bukan kamu, %(name)s, ganti kata sandi sekarang.",
               when=moment(facts["at"], reader), name=reader.name),
        path="/profile",
        art="payung",
        tone="sky",
    )  # fmt: skip
