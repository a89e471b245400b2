"""Vouchers: finding them, what the till may do with them, using one exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select, update

from pwa import languages, outbox
from pwa.clock import now
from pwa.db import db
from pwa.members import codes
from pwa.program import service as program
from pwa.program.schema import Reward
from pwa.rewards import kinds, windows
from pwa.rewards.errors import (
    AlreadyUsed,
    Cancelled,
    Expired,
    HeldElsewhere,
    NoSuchVoucher,
    VoucherRefused,
)
from pwa.rewards.models import Voucher
from pwa.rewards.spending import check_minimum
from pwa.staff import service as staff_service
from pwa.staff.models import Staff

LIST_MOST = 50


def by_code(code: str) -> Voucher:
    """The voucher with this code, however it was typed. Raises NoSuchVoucher."""
    found = find(code)
    if found is None:
        raise NoSuchVoucher()
    return found


def find(code: str) -> Voucher | None:
    """The voucher with this code, however it was typed."""
    plain = plain_code(code)
    if not codes.is_voucher_code(plain):
        return None
    return db.session.scalar(select(Voucher).where(Voucher.code == plain))


def of_member(code: str, member_id: int) -> Voucher:
    """A member's own voucher; another's is as unknown as none. Raises NoSuchVoucher."""
    found = by_code(code)
    if found.member_id != member_id:
        raise NoSuchVoucher()
    return found


def plain_code(typed: str) -> str:
    """kw74 f29q as KW74F29Q."""
    return "".join(c for c in typed.upper() if c.isalnum())


def active_vouchers(member_id: int) -> Sequence[Voucher]:
    """What a member can still hand in, the one that ends first in front."""
    mine = select(Voucher).where(
        Voucher.member_id == member_id,
        Voucher.state.in_(("issued", "reserved")),
        Voucher.expires_at > now(),
    )
    return db.session.scalars(mine.order_by(Voucher.expires_at, Voucher.id)).all()


def past_vouchers(member_id: int) -> Sequence[Voucher]:
    """What a member handed in or let pass, newest first."""
    over = or_(Voucher.state.not_in(("issued", "reserved")), Voucher.expires_at <= now())
    mine = select(Voucher).where(Voucher.member_id == member_id, over)
    return db.session.scalars(mine.order_by(Voucher.id.desc()).limit(LIST_MOST)).all()


def used_since(member_id: int, staff_id: int, since: datetime) -> Sequence[Voucher]:
    """What a member handed in to this person of the staff since an instant, oldest first."""
    hers = select(Voucher).where(
        Voucher.member_id == member_id,
        Voucher.state == "used",
        Voucher.used_by == staff_id,
        Voucher.used_at >= since,
    )
    return db.session.scalars(hers.order_by(Voucher.used_at, Voucher.id)).all()


def by_ids(ids: Sequence[int]) -> dict[int, Voucher]:
    """These vouchers by id; one statement, none for none."""
    if not ids:
        return {}
    found = db.session.scalars(select(Voucher).where(Voucher.id.in_(ids)))
    return {voucher.id: voucher for voucher in found}


def reward_of(voucher: Voucher) -> Reward:
    """What the voucher is for, as it was when it was issued."""
    return Reward.model_validate(voucher.reward)


def state_of(voucher: Voucher) -> str:
    """issued, reserved, used, expired or cancelled, as of now."""
    instant = now()
    if voucher.state in ("issued", "reserved") and voucher.expires_at <= instant:
        return "expired"
    if voucher.state == "reserved" and _lapsed(voucher, instant):
        return "issued"
    return voucher.state


def why_not(
    voucher: Voucher, staff_id: int | None = None, outlet_code: str | None = None
) -> VoucherRefused | None:
    """Why the till (at this outlet) can't accept the voucher now; None if it can."""
    state = state_of(voucher)
    if state == "used":
        return AlreadyUsed(**_use_in_words(voucher))
    if state == "expired":
        return Expired(until=languages.when(voucher.expires_at))
    if state == "cancelled":
        return Cancelled()
    if state == "reserved" and voucher.reserved_by != staff_id:
        assert voucher.reserved_until is not None, "a reservation without an end"
        return HeldElsewhere(until=languages.clock_time(voucher.reserved_until))
    if outlet_code is not None:
        return windows.why_not_use(reward_of(voucher), outlet_code, now())
    return None


def use(
    code: str, staff: Staff, outlet_code: str, key: str, amount_rupiah: int | None = None
) -> Voucher:
    """Accept a voucher, once: one guarded UPDATE decides among all the tills.

    Replaying a key returns the voucher as it was used. Raises NoSuchVoucher, AlreadyUsed,
    Expired, Cancelled, HeldElsewhere, PurchaseTooSmall, and what the reward's kind refuses.
    """
    voucher = by_code(code)
    own_key = use_key(staff, key)
    if voucher.use_key == own_key:
        return voucher
    reward = reward_of(voucher)
    if refusal := windows.why_not_use(reward, outlet_code, now()):
        raise why_not(voucher, staff.id) or refusal
    check_minimum(reward, amount_rupiah)
    if not _mark_used(voucher, staff, outlet_code, own_key):
        said = voucher.code
        db.session.refresh(voucher)
        if voucher.use_key == own_key:
            return voucher
        if voucher.code != said:
            raise NoSuchVoucher()
        raise why_not(voucher, staff.id) or HeldElsewhere(until=languages.clock_time(now()))
    kinds.fulfil(reward.kind, use_as_seen(voucher, reward, outlet_code, amount_rupiah))
    record_use(voucher, staff, reward)
    return voucher


def use_key(staff: Staff, key: str) -> str:
    """A form's key as it is kept: two cashiers' forms never share one."""
    return f"{staff.id}:{key}"


def use_as_seen(
    voucher: Voucher, reward: Reward, outlet_code: str, amount_rupiah: int | None = None
) -> kinds.Use:
    """The voucher as its kind sees it."""
    return kinds.Use(
        kinds.settings(reward.kind, dict(reward.settings)),
        reward.code,
        voucher.code,
        voucher.member_id,
        outlet_code,
        amount_rupiah,
    )


def expire_due(limit: int = 500) -> int:
    """Close the vouchers whose time is over, and tell; how many. For the worker and `tick`."""
    due = select(Voucher).where(
        Voucher.state.in_(("issued", "reserved")), Voucher.expires_at <= now()
    )
    closed = 0
    for voucher in db.session.scalars(due.order_by(Voucher.id).limit(limit)).all():
        still = (Voucher.id == voucher.id, Voucher.state.in_(("issued", "reserved")))
        if _changes(update(Voucher).where(*still).values(state="expired", reserved_until=None)):
            closed += 1
            outbox.tell("voucher.expired", voucher.id, voucher.member_id, voucher=voucher.code)
    return closed


def _mark_used(voucher: Voucher, staff: Staff, outlet_code: str, own_key: str) -> bool:
    instant = now()
    # By its code too: it may have gone to somebody else, under a new one, while we looked.
    free = update(Voucher).where(
        Voucher.id == voucher.id,
        Voucher.code == voucher.code,
        Voucher.expires_at > instant,
        usable_by(staff.id, instant),
    )
    return _changes(
        free.values(
            state="used",
            used_at=instant,
            used_by=staff.id,
            used_outlet=outlet_code,
            use_key=own_key,
            reserved_until=None,
            reserved_by=None,
        )
    )


def usable_by(staff_id: int, instant: datetime) -> ColumnElement[bool]:
    free_again = or_(Voucher.reserved_by == staff_id, Voucher.reserved_until <= instant)
    return or_(Voucher.state == "issued", and_(Voucher.state == "reserved", free_again))


def record_use(voucher: Voucher, staff: Staff, reward: Reward) -> None:
    db.session.refresh(voucher)
    staff_service.record(
        staff,
        "voucher.used",
        f"voucher:{voucher.code}",
        before={"state": "issued"},
        after={"state": "used", "outlet": voucher.used_outlet, "reward": reward.code},
    )
    outbox.tell(
        "voucher.used",
        voucher.id,
        voucher.member_id,
        reward=reward.code,
        voucher=voucher.code,
        outlet=voucher.used_outlet,
        value_rupiah=reward.value_rupiah,
        funding=reward.funding,
    )


def _use_in_words(voucher: Voucher) -> dict[str, str]:
    assert voucher.used_at is not None, "used, but at no time"
    staff = db.session.get(Staff, voucher.used_by) if voucher.used_by else None
    outlet = program.current().outlet(voucher.used_outlet or "")
    return {
        "when": languages.when(voucher.used_at),
        "staff": staff.name if staff else _("seseorang"),
        "outlet": languages.text(outlet.name) if outlet else (voucher.used_outlet or "?"),
    }


def _lapsed(voucher: Voucher, instant: datetime) -> bool:
    return voucher.reserved_until is not None and voucher.reserved_until <= instant


def _changes(statement: Any) -> bool:
    result: Any = db.session.execute(statement)
    return bool(result.rowcount)
