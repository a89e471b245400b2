"""Two accounts of one person made one, by staff. Callers commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa import outbox
from pwa.clock import now
from pwa.db import claim, db
from pwa.errors import KeyReused, LoyaltyError, NotAllowed
from pwa.ledger import service as ledger
from pwa.members import holdings, tombstones
from pwa.members.models import Member, Merge
from pwa.staff import service as staff_service
from pwa.staff.models import Staff

WORDS = {"id": "Gabungan dari kartu lain", "en": "Merged from another card",
         "jv": "Gabungan saka kertu liya", "su": "Gabungan tina kartu séjén"}  # fmt: skip


class SameMember(LoyaltyError):
    code = "same_member"
    words = _l("Kedua kartu ini milik akun yang sama.")
    todo = _l("Periksa lagi nomor kartunya.")


class AlreadyClosed(LoyaltyError):
    code = "already_closed"
    status = 409
    words = _l("Salah satu akun ini sudah ditutup.")
    todo = _l("Pakai kartu yang masih berlaku.")


class OwesPoints(LoyaltyError):
    code = "owes_points"
    words = _l("Akun yang akan ditutup masih berutang %(debt)s poin.")
    todo = _l("Selesaikan dulu utangnya, baru digabung.")


class Plan(NamedTuple):
    """What a merge would do."""

    kept: Member
    closed: Member
    points: int  # that move now
    pending: int  # that follow when they mature
    held: int  # that follow if they are released
    debt: int  # of the closed account, paid from the kept one's points


def plan(kept: Member, closed: Member) -> Plan:
    """What merging `closed` into `kept` would do. Raises SameMember, AlreadyClosed, OwesPoints."""
    if kept.id == closed.id:
        raise SameMember()
    if kept.closed_at or closed.closed_at:
        raise AlreadyClosed()
    balance = ledger.balance(closed.id)
    if balance.debt > ledger.balance(kept.id).spendable:
        raise OwesPoints(debt=balance.debt)
    return Plan(kept, closed, balance.spendable, balance.pending, balance.held, balance.debt)


def merge(kept: Member, closed: Member, *, key: str, staff: Staff | None = None) -> Merge:
    """Move `closed`'s points and vouchers to `kept`, and close it; once for `key`.

    History stays where it happened; the closed card keeps working as the kept one's. `staff`
    None is the command line. Points still pending follow later, by the job. Raises NotAllowed
    (a cashier), SameMember, AlreadyClosed, OwesPoints, KeyReused.
    """
    if staff is not None and not staff_service.may(staff, "manager"):
        raise NotAllowed()
    if earlier := db.session.scalar(select(Merge).where(Merge.key == key)):
        return _replay(earlier, kept, closed)
    ledger.lock_members([kept.id, closed.id])
    db.session.refresh(kept)
    db.session.refresh(closed)
    planned = plan(kept, closed)
    row = Merge(key=key, kept_id=kept.id, closed_id=closed.id, points=planned.points, at=now())
    stored, is_ours = claim(row, key=key)
    if not is_ours:
        return _replay(stored, kept, closed)
    _move(planned, key)
    holdings.adopt(kept.id, closed.id)
    _close(kept, closed)
    staff_service.record(
        staff, "member.merged", f"member:{kept.id}",
        before={"closed": f"member:{closed.id}"}, after={"points": planned.points},
    )  # fmt: skip
    outbox.tell("member.merged", stored.id, kept.id, closed=closed.id)
    return stored


def follow_up(instant: datetime, limit: int) -> int:
    """Hand over points that matured or came back in merged accounts: of how many accounts."""
    rows = db.session.execute(
        select(Member.id, Member.merged_into_id).where(Member.merged_into_id.is_not(None))
    ).all()
    balances = ledger.balances([row.id for row in rows])
    done = 0
    for row in rows:
        points = balances[row.id].spendable if row.id in balances else 0
        if points and done < limit:
            _transfer(row.id, row.merged_into_id, points, f"merge:late:{row.id}:{instant:%s%f}")
            done += 1
    return done


def _replay(earlier: Merge, kept: Member, closed: Member) -> Merge:
    if (earlier.kept_id, earlier.closed_id) != (kept.id, closed.id):
        raise KeyReused()
    return earlier


def _move(planned: Plan, key: str) -> None:
    kept, closed = planned.kept.id, planned.closed.id
    if planned.debt:
        _transfer(kept, closed, planned.debt, f"merge:{key}:debt")
    if planned.points:
        _transfer(closed, kept, planned.points, f"merge:{key}")


def _transfer(giver: int, receiver: int, points: int, key: str) -> None:
    ledger.transfer(giver, receiver, points, key=key, facts={"title": WORDS})


def _close(kept: Member, closed: Member) -> None:
    """Close one account for good, guarded: two merges at once close it once."""
    if closed.phone:
        tombstones.leave(closed.phone)
    mine = update(Member).where(Member.id == closed.id, Member.closed_at.is_(None))
    changed: Any = db.session.execute(
        mine.values(
            closed_at=now(),
            merged_into_id=kept.id,
            phone=None,
            email=None,
            erase_at=None,
            session_epoch=Member.session_epoch + 1,
        ).execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise AlreadyClosed()
    # A chain of merges stays one step long, so that every old card finds its person.
    db.session.execute(
        update(Member)
        .where(Member.merged_into_id == closed.id)
        .values(merged_into_id=kept.id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(closed)
