"""One-time codes: six digits, ten minutes, five tries, three sends an hour. Callers commit.

Everything is counted in SQL by guarded statements, so that many phones at once can't try or
send more than one could. A code for a number that nobody has is made and counted like any
other and sent to nobody: nothing that we answer tells who is a member.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from pwa import counters
from pwa.clock import now, program_day
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.members import fingerprints
from pwa.members.models import CodeSends, OneTimeCode

DIGITS = 6
LIFE = timedelta(minutes=10)
TRIES_MOST = 5
SENDS_WITHIN = timedelta(hours=1)  # CodeSends remembers three: at most three within this
# One network address may be a shop's Wi-Fi or half a mobile operator, so it gets more.
SENDS_PER_NETWORK_HOUR = 20
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class TooManyCodes(LoyaltyError):
    code = "too_many_codes"
    status = 429
    words = _l("Kodenya sudah dikirim tiga kali dalam satu jam.")
    todo = _l("Cek lagi pesanmu, atau coba lagi satu jam lagi. Di kasir juga bisa.")


class WrongCode(LoyaltyError):
    code = "wrong_code"
    words = _l("Kodenya belum cocok, atau sudah tidak berlaku.")
    todo = _l("Kode berlaku 10 menit dan bisa dicoba 5 kali. Minta kode baru kalau perlu.")


class Checked(NamedTuple):
    """A code that was right, and is used up now."""

    member_id: int | None


def make(purpose: str, address: str, member_id: int | None, *, owner: str = "") -> str:
    """A new code for `purpose` to `address`; the one before it, if any, is void.

    `owner` tells apart the codes of different members for the same address.
    """
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    subject = _subject(purpose, address, owner)
    fresh: dict[str, Any] = {
        "member_id": member_id,
        "code_hash": _hash(subject, code),
        "expires_at": now() + LIFE,
        "tries": 0,
        "used_at": None,
    }
    statement = counters.insert(OneTimeCode).values(subject=subject, **fresh)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["subject"], set_=fresh),
        execution_options={"populate_existing": True},
    )
    return code


def count_send(address: str, network: str) -> None:
    """Count one more send to `address`, asked for from `network`. Raises TooManyCodes."""
    hour = f"{now():%Y-%m-%dT%H}"
    name = f"codes:{fingerprints.of('network', network)[:16]}:{hour}"
    if not (
        _may_send(address)
        and counters.take(name, 1, SENDS_PER_NETWORK_HOUR, program_day() + timedelta(days=1))
    ):
        raise TooManyCodes()


def check(purpose: str, address: str, given: str, *, owner: str = "") -> Checked | None:
    """Use up the code if `given` is it; else one try is gone, and the answer is None.

    The caller commits in both cases: a rolled-back try would be a free one.
    """
    subject = _subject(purpose, address, owner)
    row = _take_try(subject)
    digits = "".join(c for c in given if c.isdecimal())
    if row is None or not fingerprints.same(row.code_hash, _hash(subject, digits)):
        return None
    mine = update(OneTimeCode).where(
        OneTimeCode.subject == subject,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.code_hash == row.code_hash,
    )
    if not _rows(mine.values(used_at=now())):
        return None  # the same code, twice at once: the other one was first
    return Checked(row.member_id)


def forget(member_id: int) -> None:
    """Drop the codes of a member who leaves."""
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.member_id == member_id))


def forget_old(instant: datetime, limit: int) -> int:
    """Drop codes that ended a day ago, and counts that no longer bind."""
    day_ago = instant - timedelta(days=1)
    old = select(OneTimeCode.subject).where(OneTimeCode.expires_at < day_ago).limit(limit)
    done = _rows(delete(OneTimeCode).where(OneTimeCode.subject.in_(old)))
    calm = select(CodeSends.address_hash).where(CodeSends.third_at < day_ago).limit(limit)
    return done + _rows(delete(CodeSends).where(CodeSends.address_hash.in_(calm)))


def _may_send(address: str) -> bool:
    """Shift the last three sends by one, unless the oldest of them is too recent."""
    instant = now()
    statement = counters.insert(CodeSends).values(
        address_hash=fingerprints.of("sends", address),
        first_at=LONG_AGO,
        second_at=LONG_AGO,
        third_at=instant,
    )
    shifted = statement.on_conflict_do_update(
        index_elements=["address_hash"],
        set_={
            "first_at": CodeSends.second_at,
            "second_at": CodeSends.third_at,
            "third_at": instant,
        },
        where=CodeSends.first_at <= instant - SENDS_WITHIN,
    )
    # RETURNING, since an upsert's rowcount is not told on PostgreSQL.
    return db.session.scalar(shifted.returning(CodeSends.address_hash)) is not None


def _take_try(subject: str) -> Any:
    """One more try at a live code, counted and read in one statement; None if there is none."""
    live = (
        update(OneTimeCode)
        .where(
            OneTimeCode.subject == subject,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > now(),
            OneTimeCode.tries < TRIES_MOST,
        )
        .values(tries=OneTimeCode.tries + 1)
        .returning(OneTimeCode.code_hash, OneTimeCode.member_id)
    )
    return db.session.execute(live).one_or_none()


def _subject(purpose: str, address: str, owner: str) -> str:
    return f"{purpose}:{owner}:{fingerprints.of('address', address)}"


def _hash(subject: str, code: str) -> str:
    return fingerprints.of("code", subject, code)


def _rows(statement: Any) -> int:
    result: Any = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)
