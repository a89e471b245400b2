"""Joining, finding and changing members. Callers commit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import LoyaltyError, NotFound
from pwa.ledger import service as ledger
from pwa.members import codes, passwords, tombstones
from pwa.members.devices import step_up_needed
from pwa.members.models import Consent, Member
from pwa.members.phones import to_e164
from pwa.program import service as program

TRIES_FOR_A_FREE_CODE = 5
PURPOSES = ("program", "promo", "profiling")
__all__ = [
    "PURPOSES", "Joining", "Member", "NoSuchCard", "PhoneTaken", "WrongLogin",
    "by_card", "by_card_or_phone", "by_phone", "by_public_id", "card_text",
    "change_profile", "consent_answers", "consents", "end_other_sessions", "get",
    "join", "log_in", "set_consent", "step_up_needed",
]  # fmt: skip


class PhoneTaken(LoyaltyError):
    code = "phone_taken"
    status = 409
    words = _l("Nomor ini sudah punya kartu.")
    todo = _l("Masuk saja dengan nomor dan kata sandimu.")


class WrongLogin(LoyaltyError):
    code = "wrong_login"
    words = _l("Nomor atau kata sandinya belum cocok.")
    todo = _l("Periksa lagi, lalu coba sekali lagi.")


class NoSuchCard(NotFound):
    code = "no_such_card"
    words = _l("Kartu ini tidak dikenal.")
    todo = _l("Periksa angkanya, atau pindai sekali lagi.")


class Joining(NamedTuple):
    """What the join form gives, already checked for form."""

    name: str
    phone: str  # as typed
    password: str
    birthday: date | None = None
    promo: bool = False
    via: str = ""
    language: str = "id"


def join(joining: Joining) -> Member:
    """A new member with open accounts, consents and the welcome bonus.

    Somebody who was a member with this number before gets no second bonus.
    Raises BadPhone, PhoneTaken.
    """
    phone = to_e164(joining.phone)
    member = _claim_member(joining, phone)
    ledger.open_accounts(member.id)
    identity = program.current().program
    _record_consent(member, "program", identity.terms_version, True, "join")
    _record_consent(member, "promo", identity.privacy_version, joining.promo, "join")
    if identity.welcome_points and not tombstones.was_member(phone):
        ledger.earn(
            member.id,
            identity.welcome_points,
            key=f"welcome:{member.id}",
            source="welcome",
            reason="welcome",
        )
    outbox.tell("member.joined", member.id, member.id, via=joining.via)
    return member


def log_in(phone: str, password: str) -> Member:
    """The member with this phone and password. Raises BadPhone, WrongLogin."""
    found = db.session.scalar(
        select(Member).where(Member.phone == to_e164(phone), Member.closed_at.is_(None))
    )
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        raise WrongLogin()
    return found


def end_other_sessions(member: Member) -> None:
    """Log the member out everywhere; the caller logs this browser in again."""
    member.session_epoch += 1


def get(member_id: int) -> Member:
    return db.session.get_one(Member, member_id)


def by_phone(phone: str) -> Member | None:
    """The member with this phone number, however it was typed. Raises BadPhone."""
    return db.session.scalar(
        select(Member).where(Member.phone == to_e164(phone), Member.closed_at.is_(None))
    )


def by_public_id(public_id: str) -> Member | None:
    """The member that an address names, while her account is open."""
    return db.session.scalar(
        select(Member).where(Member.public_id == public_id, Member.closed_at.is_(None))
    )


def by_ids(ids: Iterable[int]) -> dict[int, Member]:
    """Members by id, in one statement."""
    found = db.session.scalars(select(Member).where(Member.id.in_(set(ids))))
    return {member.id: member for member in found}


def by_card(code: str) -> Member:
    """The member whose card says `code`, however it was typed. Raises NoSuchCard.

    The card of an account that was merged into another is that other one's.
    """
    digits = "".join(c for c in code if c.isdecimal())
    found = None
    if codes.is_card_code(digits):
        found = db.session.scalar(select(Member).where(Member.card_code == digits))
    if found is not None and found.merged_into_id is not None:
        found = get(found.merged_into_id)
    if found is None or found.closed_at is not None:
        raise NoSuchCard()
    return found


def by_card_or_phone(said: str) -> Member:
    """The member with this card or phone number. Raises NoSuchCard."""
    try:
        return by_card(said)
    except NoSuchCard:
        try:
            found = by_phone(said)
        except LoyaltyError:
            found = None
        if found is None:
            raise
        return found


def card_text(member: Member) -> str:
    """The card's number as it is shown and read aloud: KK 4471 9035 21."""
    return f"{program.current().program.card_prefix} {codes.in_fours(member.card_code)}"


def consents(member: Member) -> Mapping[str, bool]:
    """The newest answer for each purpose; one that was never asked is missing."""
    return {purpose: row.granted for purpose, row in consent_answers(member).items()}


def has_consented(member_id: ColumnElement[int] | InstrumentedAttribute[int], purpose: str) -> Any:
    """A condition for a larger statement: the newest answer of that member is yes."""
    newest = (
        select(Consent.granted)
        .where(Consent.member_id == member_id, Consent.purpose == purpose)
        .order_by(Consent.id.desc())
        .limit(1)
    )
    return newest.scalar_subquery().is_(True)


def consenting(member_ids: Collection[int], purpose: str) -> set[int]:
    """Those of `member_ids` whose newest answer is yes."""
    asked = select(Member.id).where(Member.id.in_(member_ids), has_consented(Member.id, purpose))
    return set(db.session.scalars(asked))


def set_zone(member: Member, zone: str) -> None:
    """Her own zone: birthdays and quiet hours follow it (rule 5)."""
    member.zone = zone


def consent_answers(member: Member) -> Mapping[str, Consent]:
    """The newest answer for each purpose, with its date and the version of its text."""
    rows = db.session.scalars(
        select(Consent).where(Consent.member_id == member.id).order_by(Consent.id)
    )
    return {row.purpose: row for row in rows}


def set_consent(member: Member, purpose: str, granted: bool, source: str) -> None:
    """Record a changed answer; withdrawing counts at once (UU 27/2022)."""
    identity = program.current().program
    version = identity.terms_version if purpose == "program" else identity.privacy_version
    earlier = consent_answers(member).get(purpose)
    if earlier and earlier.granted == granted and (not granted or earlier.text_version == version):
        return
    _record_consent(member, purpose, version, granted, source)
    outbox.tell("consent.changed", f"{member.id}:{now().isoformat()}", member.id, purpose=purpose)


def change_profile(
    member: Member,
    name: str,
    birthday: date | None,
    language: str,
    zone: str | None = None,
    theme: str | None = None,
) -> None:
    """Change what the member may change herself; None leaves it.

    Another birthday than the one told first waits a year for its gift (tiers.perks).
    """
    member.name = name
    member.language = language
    member.zone = member.zone if zone is None else zone
    member.theme = member.theme if theme is None else theme
    if birthday is None or birthday == member.birthday:
        return
    if member.birthday is None:
        outbox.tell("profile.completed", member.id, member.id)
    else:
        member.birthday_changed_on = program_day()
    member.birthday = birthday


def _claim_member(joining: Joining, phone: str) -> Member:
    password_hash = passwords.hashed(joining.password)
    for _ in range(TRIES_FOR_A_FREE_CODE):
        row = Member(
            public_id=codes.new_public_id(),
            name=joining.name,
            phone=phone,
            password_hash=password_hash,
            birthday=joining.birthday,
            language=joining.language,
            zone=program.current().program.zone,
            card_code=codes.new_card_code(),
            joined_at=now(),
            joined_on=program_day(),
            joined_via=joining.via,
        )
        if db.session.scalar(select(Member.id).where(Member.card_code == row.card_code)):
            continue  # that card is taken; draw another
        member, is_ours = claim(row, phone=phone)
        if not is_ours:
            raise PhoneTaken()
        return member
    raise AssertionError("no free card code in five draws: the cards are nearly used up")


def _record_consent(
    member: Member, purpose: str, text_version: str, granted: bool, source: str
) -> None:
    db.session.add(
        Consent(
            member_id=member.id,
            purpose=purpose,
            text_version=text_version,
            granted=granted,
            at=now(),
            source=source,
        )
    )
