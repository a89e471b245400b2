"""Giving a voucher to another member: accepted within a day, or it is hers again.

While it is offered nobody can use it: it is reserved by no till, until the offer lapses. A
new owner gets a new code, for the old one has been seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa import outbox
from pwa.clock import now
from pwa.db import claim, db
from pwa.errors import LoyaltyError, NotFound
from pwa.members import service as members
from pwa.members.models import Member
from pwa.rewards import vouchers
from pwa.rewards.models import Voucher, VoucherGift
from pwa.rewards.redemption import free_voucher_code

OPEN_HOURS = 24


class NoSuchGift(NotFound):
    code = "no_such_gift"
    words = _l("Kiriman ini tidak ada lagi.")
    todo = _l("Yang tidak diterima dalam sehari kembali ke pengirimnya.")


class NotGiveable(LoyaltyError):
    code = "not_giveable"
    words = _l("Voucher ini belum bisa dikirim.")
    todo = _l("Periksa nomornya, dan apakah vouchernya masih berlaku.")


def offer(voucher_code: str, giver: Member, phone: str, key: str) -> VoucherGift:
    """Offer a voucher to the member with this phone number, once for the giver's key.

    Raises NoSuchVoucher, BadPhone, NotGiveable (which does not say who is a member).
    """
    found = vouchers.of_member(voucher_code, giver.id)
    receiver = members.by_phone(phone)
    if receiver is None or receiver.id == giver.id:
        raise NotGiveable()
    instant = now()
    until = instant + timedelta(hours=OPEN_HOURS)
    row = VoucherGift(
        key=key, voucher_id=found.id, from_member_id=giver.id, to_member_id=receiver.id,
        offered_at=instant, open_until=min(until, found.expires_at),
    )  # fmt: skip
    gift, is_ours = claim(row, from_member_id=giver.id, key=key)
    if not is_ours:
        return gift
    free = update(Voucher).where(
        Voucher.id == found.id, Voucher.member_id == giver.id, Voucher.state == "issued",
        Voucher.expires_at > instant,
    )  # fmt: skip
    if not _changes(free.values(state="reserved", reserved_by=None, reserved_until=row.open_until)):
        raise NotGiveable()
    outbox.tell(
        "gift.offered",
        gift.id,
        receiver.id,
        reward=found.reward_code,
        until=row.open_until.isoformat(),
    )
    return gift


def open_gifts(member_id: int) -> Sequence[VoucherGift]:
    """What others offer this member now."""
    mine = select(VoucherGift).where(
        VoucherGift.to_member_id == member_id,
        VoucherGift.state == "offered",
        VoucherGift.open_until > now(),
    )
    return db.session.scalars(mine.order_by(VoucherGift.open_until)).all()


def voucher_of(gift: VoucherGift) -> Voucher:
    return db.session.get_one(Voucher, gift.voucher_id)


def accept(gift_id: int, member_id: int) -> Voucher:
    """The voucher becomes the receiver's, under a new code. Raises NoSuchGift."""
    gift = _mine(gift_id, member_id)
    found = db.session.get_one(Voucher, gift.voucher_id)
    offered = _offered(gift)
    moved = offered.values(
        member_id=member_id, code=free_voucher_code(), state="issued", reserved_until=None
    )
    if not _close(gift, "accepted"):
        if not _is_already(gift, "accepted"):
            raise NoSuchGift()
        db.session.refresh(found)
        return found
    if not _changes(moved):
        raise NoSuchGift()
    db.session.refresh(found)
    outbox.tell("gift.accepted", gift.id, gift.from_member_id, voucher=found.id)
    return found


def decline(gift_id: int, member_id: int) -> None:
    """The voucher is the giver's again. Raises NoSuchGift."""
    gift = _mine(gift_id, member_id)
    if not _close(gift, "returned"):
        if _is_already(gift, "returned"):
            return
        raise NoSuchGift()
    _changes(_offered(gift).values(state="issued", reserved_until=None))
    outbox.tell("gift.returned", gift.id, gift.from_member_id, voucher=gift.voucher_id)


def _is_already(gift: VoucherGift, state: str) -> bool:
    """Whether the same was done before, by another phone of hers this very moment too."""
    db.session.refresh(gift)
    return gift.state == state


def lapse_due(at: datetime, limit: int = 200) -> int:
    """Close offers nobody took; the vouchers' holds have lapsed by themselves. For the worker."""
    due = select(VoucherGift).where(VoucherGift.state == "offered", VoucherGift.open_until <= at)
    lapsed = 0
    for gift in db.session.scalars(due.order_by(VoucherGift.id).limit(limit)).all():
        if _close(gift, "returned", even_if_late=True):
            lapsed += 1
            outbox.tell("gift.returned", gift.id, gift.from_member_id, voucher=gift.voucher_id)
    return lapsed


def _mine(gift_id: int, member_id: int) -> VoucherGift:
    found = db.session.get(VoucherGift, gift_id)
    if found is None or found.to_member_id != member_id:
        raise NoSuchGift()
    return found


def _close(gift: VoucherGift, state: str, even_if_late: bool = False) -> bool:
    still = update(VoucherGift).where(VoucherGift.id == gift.id, VoucherGift.state == "offered")
    if not even_if_late:
        still = still.where(VoucherGift.open_until > now())
    return _changes(still.values(state=state))


def _offered(gift: VoucherGift) -> Any:
    return update(Voucher).where(
        Voucher.id == gift.voucher_id,
        Voucher.member_id == gift.from_member_id,
        Voucher.state == "reserved",
        Voucher.reserved_by.is_(None),
    )


def _changes(statement: Any) -> bool:
    result: Any = db.session.execute(statement)
    return bool(result.rowcount)
