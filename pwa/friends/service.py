"""Invitations: who brought whom, counted once, within the shop's limit. Callers commit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from pwa import counters, outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.friends.models import Friend
from pwa.members import service as members
from pwa.members import tombstones
from pwa.members.models import Member
from pwa.program import service as program

MARK = "teman-"  # an invitation is a poster's mark of one member's own


class Brought(NamedTuple):
    """How many friends came through a member's invitation."""

    joined: int
    bought: int


def address(member: Member) -> str:
    """Where her friends join, without the shop's own host."""
    return f"/join?src={MARK}{member.public_id}"


def brought(member_id: int) -> Brought:
    """What has come of her invitation so far. One statement."""
    counted = select(func.count(), func.count(Friend.bought_at))
    row = db.session.execute(counted.where(Friend.inviter_id == member_id)).one()
    return Brought(*row)


def joined(member_id: int, via: str) -> bool:
    """Record that a new member came through the invitation `via`; whether that counted.

    Somebody who was a member before, an invitation that is nobody's, and friends beyond the
    shop's limit for a month count for nobody.
    """
    if not via.startswith(MARK):
        return False
    member, inviter = members.get(member_id), members.by_public_id(via.removeprefix(MARK))
    if inviter is None or inviter.id == member_id or _was_member(member):
        return False
    on = member.joined_on
    row = Friend(member_id=member_id, inviter_id=inviter.id, joined_on=on, bought_at=None)
    if not claim(row, member_id=member_id)[1] or not _within_month(inviter.id, on):
        return False
    outbox.tell("friend.joined", member_id, inviter.id)
    return True


def bought(member_id: int, amount_rupiah: int) -> bool:
    """A purchase by `member_id`: whether it was the first that counts for who invited her."""
    if amount_rupiah < program.current().friends.minimum_rupiah:
        return False
    fresh = update(Friend).where(Friend.member_id == member_id, Friend.bought_at.is_(None))
    found: Any = db.session.execute(fresh.values(bought_at=now()).returning(Friend.inviter_id))
    inviter_id = found.scalar_one_or_none()
    if inviter_id is None:
        return False
    outbox.tell("friend.bought", member_id, inviter_id, amount_rupiah=amount_rupiah)
    return True


def _was_member(member: Member) -> bool:
    return member.phone is None or tombstones.was_member(member.phone)


def _within_month(inviter_id: int, on: date) -> bool:
    month = f"{on:%Y-%m}"
    until_on = program_day() + timedelta(days=62)
    most = program.current().friends.most_a_month
    return counters.take(f"friends:{inviter_id}:{month}", 1, most, until_on)
