"""Which browsers a member is logged in on, and whether we know this one well. Callers commit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from flask import session
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import LoyaltyError
from pwa.members import fingerprints, passwords
from pwa.members.models import Device, Member

NEW_FOR = timedelta(hours=24)
LIST_MOST = 20
SEEN = "seen"  # in the session: the day on which it was noted
BROWSERS = (
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"EdgA?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"UCBrowser/", "UC Browser"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
MACHINES = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"CrOS", "Chromebook"),
    (r"Windows", "Windows"),
    (r"Mac OS X", "Mac"),
    (r"Linux", "Linux"),
)


class WrongPassword(LoyaltyError):
    code = "wrong_password"
    words = _l("Kata sandinya belum cocok.")
    todo = _l("Coba sekali lagi, atau pakai kode lewat Lupa kata sandi.")


def remember(member: Member, user_agent: str, *, trusted: bool) -> None:
    """Note that this browser's session, which has just begun, is `member`'s.

    `trusted`: she joined here or came with a passkey, so spending asks for nothing more.
    """
    instant = now()
    row = Device(
        member_id=member.id,
        session_hash=_session_hash(),
        epoch=member.session_epoch,
        label=label(user_agent),
        since_at=instant,
        seen_on=program_day(instant),
        trusted_at=instant if trusted else None,
    )
    session[SEEN] = row.seen_on.isoformat()
    stored, is_new = claim(row, session_hash=row.session_hash)
    if is_new and not trusted and any(known.id != stored.id for known in live(member)):
        outbox.tell("security.new_device", stored.id, member.id, label=row.label)


def is_seen() -> bool:
    """Whether it was noted today that this browser is in use, or there is none to note."""
    return not session.get("sid") or session.get(SEEN) == program_day().isoformat()


def see() -> None:
    """Note that this browser is in use today."""
    today = program_day()
    session[SEEN] = today.isoformat()
    mine = update(Device).where(Device.session_hash == _session_hash())
    db.session.execute(mine.values(seen_on=today))


def forget_this() -> None:
    """Take this browser from the list, as it logs out."""
    if session.get("sid"):
        db.session.execute(delete(Device).where(Device.session_hash == _session_hash()))


def live(member: Member) -> Sequence[Device]:
    """The browsers that are logged in, the newest first."""
    return db.session.scalars(
        select(Device)
        .where(Device.member_id == member.id, Device.epoch == member.session_epoch)
        .order_by(Device.id.desc())
        .limit(LIST_MOST)
    ).all()


def is_this(device: Device) -> bool:
    """Whether `device` is the browser that asks."""
    return fingerprints.same(device.session_hash, _session_hash())


def end_others(member: Member) -> None:
    """End every other session of the member; the caller begins this browser's again."""
    member.session_epoch += 1
    db.session.execute(
        delete(Device).where(Device.member_id == member.id, Device.session_hash != _session_hash())
    )
    db.session.execute(
        update(Device)
        .where(Device.member_id == member.id)
        .values(epoch=member.session_epoch)
        .execution_options(synchronize_session=False)
    )


def step_up_needed(member: Member) -> bool:
    """Whether spending from this browser should ask for the password first.

    True for a browser that logged in within the last 24 hours and has not said it since, while
    another one is logged in: who has only this phone is not asked twice for what she just typed.
    """
    known = live(member)
    this = next((device for device in known if is_this(device)), None)
    if this is None:
        return True
    is_new = this.trusted_at is None and this.since_at > now() - NEW_FOR
    return is_new and len(known) > 1


def step_up(member: Member, password: str) -> None:
    """Trust this browser from now on, for the right password. Raises WrongPassword."""
    if not passwords.matches(member.password_hash, password):
        raise WrongPassword()
    db.session.execute(
        update(Device)
        .where(Device.session_hash == _session_hash(), Device.member_id == member.id)
        .values(trusted_at=now())
    )


def label(user_agent: str) -> str:
    """ "Chrome, Android": enough to know it by, too little to track by."""
    parts = [_first(BROWSERS, user_agent), _first(MACHINES, user_agent)]
    return ", ".join(part for part in parts if part)


def _first(known: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")


def _session_hash() -> str:
    return fingerprints.of("session", str(session.get("sid", "")))
