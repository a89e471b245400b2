"""Passkeys (WebAuthn level 3): registering, logging in, naming, removing. Callers commit.

A challenge lives in the session for five minutes and counts once, whatever cookie comes back.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import current_app, session
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, true, update
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pwa import counters, outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import LoyaltyError, NotFound
from pwa.members import fingerprints
from pwa.members.models import Member, Passkey
from pwa.members.phones import shown
from pwa.program import service as program

log = logging.getLogger(__name__)
CHALLENGE_LIFE = timedelta(minutes=5)
MOST = 10  # for each member
NAME_MOST_CHARS = 40
TRANSPORTS = {transport.value for transport in AuthenticatorTransport}


class PasskeyFailed(LoyaltyError):
    code = "passkey_failed"
    words = _l("Kunci sandinya belum cocok.")
    todo = _l("Coba sekali lagi, atau masuk dengan kata sandi.")


class PasskeyLate(PasskeyFailed):
    code = "passkey_late"
    words = _l("Waktunya habis sebelum selesai.")


class PasskeyTaken(LoyaltyError):
    code = "passkey_taken"
    status = 409
    words = _l("Kunci sandi ini sudah terdaftar.")
    todo = _l("Pakai saja untuk masuk.")


class TooManyPasskeys(LoyaltyError):
    code = "too_many_passkeys"
    words = _l("Sudah ada sepuluh kunci sandi.")
    todo = _l("Hapus satu yang tidak dipakai lagi, lalu coba lagi.")


def offered() -> bool:
    """Whether this shop can have passkeys: they need a name for a host, not an IP address."""
    try:
        ipaddress.ip_address(rp_id())
    except ValueError:
        return True
    return False


def rp_id() -> str:
    """The host that passkeys are bound to."""
    return urlsplit(_origin()).hostname or ""


def take_challenge(purpose: str) -> bytes:
    """This session's challenge, once: an old cookie brought back does not bring it back.

    The caller commits before it goes on, or a wrong answer would give the challenge back.
    Raises PasskeyLate.
    """
    text, made = session.pop(f"passkey_{purpose}", None) or ("", "")
    if not text or datetime.fromisoformat(made) < now() - CHALLENGE_LIFE:
        raise PasskeyLate()
    used = f"challenge:{fingerprints.of('challenge', text)[:32]}"
    if not counters.take(used, 1, most=1, until_on=program_day() + timedelta(days=1)):
        raise PasskeyLate()
    return webauthn.base64url_to_bytes(text)


def registration_options(member: Member) -> dict[str, Any]:
    """What navigator.credentials.create() takes. Raises TooManyPasskeys."""
    known = of(member)
    if len(known) >= MOST:
        raise TooManyPasskeys()
    options = webauthn.generate_registration_options(
        rp_id=rp_id(),
        rp_name=program.current().program.name,
        user_id=member.public_id.encode(),
        user_name=shown(member.phone) if member.phone else member.name,
        user_display_name=member.name,
        challenge=_new_challenge("register"),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(key) for key in known],
    )
    return _plain(options)


def register(member: Member, answer: object, challenge: bytes, name: str) -> Passkey:
    """Keep the public half of a new passkey. Raises PasskeyFailed, PasskeyTaken."""
    try:
        found = webauthn.verify_registration_response(
            credential=_object(answer),
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except _BAD as error:
        raise PasskeyFailed() from error
    row = Passkey(
        member_id=member.id,
        credential_id=bytes_to_base64url(found.credential_id),
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        transports=_transports(answer),
        is_synced=found.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
        name=_tidy(name) or str(_l("Kunci sandi")),
        made_at=now(),
    )
    stored, is_ours = claim(row, credential_id=row.credential_id)
    if not is_ours:
        raise PasskeyTaken()
    outbox.tell("security.passkey_added", stored.id, member.id)
    return stored


def login_options() -> dict[str, Any]:
    """What navigator.credentials.get() takes: no list of keys, so nothing tells who is a member."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id(),
        challenge=_new_challenge("login"),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options)


def log_in(answer: object, challenge: bytes) -> Member:
    """The member whose passkey gave `answer`. Raises PasskeyFailed."""
    credential = _object(answer)
    key, member = _owner(str(credential.get("id", "")))
    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=_origin(),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _BAD as error:
        # A count that goes backwards is a copied key: worth a line in the log.
        log.warning("passkey %s refused: %s", key.id, type(error).__name__)
        raise PasskeyFailed() from error
    _count_use(key, found.new_sign_count)
    return member


def of(member: Member) -> Sequence[Passkey]:
    """The member's passkeys, oldest first."""
    return db.session.scalars(
        select(Passkey).where(Passkey.member_id == member.id).order_by(Passkey.id)
    ).all()


def count(member: Member) -> int:
    return (
        db.session.scalar(select(func.count(Passkey.id)).where(Passkey.member_id == member.id)) or 0
    )


def rename(member: Member, passkey_id: int, name: str) -> None:
    """Give one of the member's own passkeys another name. Raises NotFound."""
    found = _own(member, passkey_id)
    found.name = _tidy(name) or found.name


def remove(member: Member, passkey_id: int) -> None:
    """Forget one of the member's own passkeys. Raises NotFound."""
    db.session.delete(_own(member, passkey_id))


_BAD = (WebAuthnException, ValueError, KeyError, TypeError)


def _own(member: Member, passkey_id: int) -> Passkey:
    found = db.session.scalar(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.member_id == member.id)
    )
    if found is None:
        raise NotFound()
    return found


def _owner(credential_id: str) -> tuple[Passkey, Member]:
    found = db.session.execute(
        select(Passkey, Member)
        .join(Member, Member.id == Passkey.member_id)
        .where(Passkey.credential_id == credential_id, Member.closed_at.is_(None))
    ).one_or_none()
    if found is None:
        raise PasskeyFailed()
    return found[0], found[1]


def _count_use(key: Passkey, sign_count: int) -> None:
    """Move the count on, once for each use; keys in a cloud stay at 0."""
    onwards = Passkey.sign_count < sign_count if sign_count else true()
    moved: Any = db.session.execute(
        update(Passkey)
        .where(Passkey.id == key.id, onwards)
        .values(sign_count=sign_count, used_at=now())
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount == 0:
        raise PasskeyFailed()


def _new_challenge(purpose: str) -> bytes:
    challenge = secrets.token_bytes(32)
    session[f"passkey_{purpose}"] = [bytes_to_base64url(challenge), now().isoformat()]
    return challenge


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        id=webauthn.base64url_to_bytes(key.credential_id),
        transports=[AuthenticatorTransport(name) for name in key.transports],
    )


def _object(answer: object) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise PasskeyFailed()
    return answer


def _transports(answer: object) -> list[str]:
    response = _object(answer).get("response")
    named = response.get("transports") if isinstance(response, dict) else None
    return [name for name in named if name in TRANSPORTS] if isinstance(named, list) else []


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return plain


def _tidy(name: str) -> str:
    return " ".join(name.split())[:NAME_MOST_CHARS]


def _origin() -> str:
    return str(current_app.config["SETIA"].public_url)
