"""Getting back in, and changing what one gets in with: password, number, e-mail. Callers commit."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from pwa import outbox
from pwa.clock import now
from pwa.db import db
from pwa.errors import LoyaltyError, NotAllowed
from pwa.languages import force_locale
from pwa.members import devices, onetime, passwords
from pwa.members.models import Member
from pwa.members.phones import shown, to_e164
from pwa.messages import service as messages
from pwa.messages.service import Message
from pwa.program import service as program
from pwa.staff import service as staff_service
from pwa.staff.models import Staff

RESET, PHONE, EMAIL = "reset", "phone", "email"
NOTICE_LIFE = timedelta(days=1)
EMAIL_MOST_CHARS = 254


class CantReach(LoyaltyError):
    code = "cant_reach"
    words = _l("Toko ini belum bisa mengirim kode ke sana.")
    todo = _l("Datang ke kasir, manajer bisa membantu di tempat.")


class BadEmail(LoyaltyError):
    code = "bad_email"
    words = _l("Alamat e-mail ini belum lengkap.")
    todo = _l("Bentuknya seperti sari@contoh.id.")


class PhoneHasCard(LoyaltyError):
    code = "phone_has_card"
    status = 409
    words = _l("Nomor ini sudah punya kartu sendiri.")
    todo = _l("Dua kartu bisa digabung di kasir, poinnya tidak hilang.")


def ask_reset(phone: str, network: str) -> None:
    """Send a code for a new password, if somebody has this number; the answer is the same if not.

    Raises BadPhone, TooManyCodes.
    """
    e164 = to_e164(phone)
    onetime.count_send(e164, network)
    member = _by_phone(e164)
    code = onetime.make(RESET, e164, member.id if member else None)
    if member:
        _send_code(member, code, phone=e164, email=member.email or "")


def reset(phone: str, code: str, password: str) -> Member | None:
    """Set a new password for the right code; None (and one try gone) for a wrong one.

    Every session of the member ends. The caller commits in both cases. Raises BadPhone.
    """
    e164 = to_e164(phone)
    password_hash = passwords.hashed(password)  # as slow for a wrong code as for a right one
    found = onetime.check(RESET, e164, code)
    if found is None or found.member_id is None:
        return None
    member = db.session.get_one(Member, found.member_id)
    if member.closed_at is not None or member.phone != e164:
        return None
    _set_password(member, password_hash)
    return member


def till_code(staff: Staff, member: Member) -> str:
    """A code for a new password, for a manager to read out after checking who asks.

    Good for ten minutes and five tries at /forgot/code, like one that was sent.
    Raises NotAllowed for a cashier.
    """
    if not staff_service.may(staff, "manager"):
        raise NotAllowed()
    assert member.phone, "a closed account has no way in"
    code = onetime.make(RESET, member.phone, member.id)
    staff_service.record(staff, "member.access_code", f"member:{member.id}")
    outbox.tell("security.access_code", secrets.token_hex(8), member.id)
    return code


def change_password(member: Member, current: str, new: str) -> None:
    """Change a known password; other sessions end. Raises WrongPassword."""
    if not passwords.matches(member.password_hash, current):
        raise devices.WrongPassword()
    _set_password(member, passwords.hashed(new))


def ask_phone(member: Member, phone: str, password: str, network: str) -> str:
    """Send a code to the member's new number; that number as E.164.

    Raises BadPhone, WrongPassword, CantReach, TooManyCodes.
    """
    e164 = to_e164(phone)
    if not passwords.matches(member.password_hash, password):
        raise devices.WrongPassword()
    if not messages.reaches(_code_message(member, "", phone=e164)):
        raise CantReach()
    onetime.count_send(e164, network)
    code = onetime.make(PHONE, e164, member.id, owner=member.public_id)
    _send_code(member, code, phone=e164)
    return e164


def change_phone(member: Member, phone: str, code: str) -> bool:
    """Take the new number for the right code; card, points and history stay.

    False (and one try gone) for a wrong code; the caller commits in both cases.
    Raises PhoneHasCard: she has proved the number, so this tells her nothing she may not know.
    """
    if onetime.check(PHONE, phone, code, owner=member.public_id) is None:
        return False
    _set_phone(member, phone)
    return True


def change_phone_at_till(staff: Staff, member: Member, phone: str) -> None:
    """Change the number of a member who came to the till and was checked.

    Raises BadPhone, PhoneHasCard, and NotAllowed for a cashier.
    """
    if not staff_service.may(staff, "manager"):
        raise NotAllowed()
    before, e164 = member.phone or "", to_e164(phone)
    _set_phone(member, e164)
    staff_service.record(
        staff,
        "member.phone_changed",
        f"member:{member.id}",
        before={"phone": hidden(before)},
        after={"phone": hidden(e164)},
    )


def ask_email(member: Member, email: str, network: str) -> str:
    """Send a code to an e-mail address, to prove that it is hers; the address as we keep it.

    Raises BadEmail, CantReach, TooManyCodes.
    """
    address = _tidy_email(email)
    if not messages.reaches(_code_message(member, "", email=address)):
        raise CantReach()
    onetime.count_send(address, network)
    code = onetime.make(EMAIL, address, member.id, owner=member.public_id)
    _send_code(member, code, email=address)
    return address


def change_email(member: Member, email: str, code: str) -> bool:
    """Keep a proved e-mail address; False for a wrong code. The caller commits in both cases."""
    if onetime.check(EMAIL, email, code, owner=member.public_id) is None:
        return False
    member.email = email
    outbox.tell("security.email_changed", secrets.token_hex(8), member.id)
    return True


def hidden(phone: str) -> str:
    """A number as it may stand in a log: +62•••••0001."""
    return f"{phone[:3]}•••••{phone[-4:]}" if phone else ""


def _set_password(member: Member, password_hash: str) -> None:
    member.password_hash = password_hash
    devices.end_others(member)
    outbox.tell("security.password_changed", secrets.token_hex(8), member.id)


def _set_phone(member: Member, phone: str) -> None:
    """Take `phone`; its being unique decides, also between two who want it at once."""
    old = member.phone or ""
    try:
        with db.session.begin_nested():
            db.session.execute(update(Member).where(Member.id == member.id).values(phone=phone))
    except IntegrityError as error:
        raise PhoneHasCard() from error
    outbox.tell("security.phone_changed", secrets.token_hex(8), member.id)
    if old and old != phone:
        _notify(member, old, _phone_words(member, phone))


def _by_phone(phone: str) -> Member | None:
    return db.session.scalar(
        select(Member).where(Member.phone == phone, Member.closed_at.is_(None))
    )


def _send_code(member: Member, code: str, *, phone: str = "", email: str = "") -> None:
    messages.queue(
        _code_message(member, code, phone=phone, email=email),
        key=f"code:{secrets.token_hex(8)}",
        expires_at=now() + onetime.LIFE,
    )


def _code_message(member: Member, code: str, *, phone: str = "", email: str = "") -> Message:
    with force_locale(member.language):
        shop = program.current().program.name
        return Message(
            kind="code",
            phone=phone,
            email=email,
            language=member.language,
            subject=_("Kode dari %(shop)s", shop=shop),
            text=_(
                "%(code)s adalah kodemu untuk %(shop)s. Berlaku 10 menit. "
                "Jangan beri tahu siapa pun, juga kasir.",
                code=code,
                shop=shop,
            ),
            code=code,
        )


def _notify(member: Member, phone: str, text: str) -> None:
    """Tell the old number, since it may be a thief who changed it."""
    messages.queue(
        Message("notice", phone, member.email or "", member.language, text.split(".")[0], text),
        key=f"notice:{secrets.token_hex(8)}",
        expires_at=now() + NOTICE_LIFE,
    )


def _phone_words(member: Member, phone: str) -> str:
    with force_locale(member.language):
        words: str = _(
            "Nomor kartumu di %(shop)s diganti ke %(phone)s. Bukan kamu? Hubungi toko hari ini.",
            shop=program.current().program.name,
            phone=f"{shown(phone)[:4]}•••{phone[-3:]}",
        )
        return words


def _tidy_email(email: str) -> str:
    address = email.strip().lower()
    name, at, host = address.partition("@")
    plain = all(c.isprintable() and not c.isspace() and c not in '<>,;:"()[]\\' for c in address)
    if not (name and at and "." in host and plain and len(address) <= EMAIL_MOST_CHARS):
        raise BadEmail()
    return address
