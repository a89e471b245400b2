"""What staff can do to a voucher besides accepting it. Each act is logged by its own name.

Reserving holds it for one till. Cancelling ends it and gives the points back with the expiry
they had. Reversing takes back a use. Reissuing replaces the code and nothing else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from pwa import outbox
from pwa.clock import now
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.program import service as program
from pwa.rewards import kinds, limits, vouchers
from pwa.rewards.models import Redemption, Voucher
from pwa.rewards.redemption import CATALOGUE, free_voucher_code
from pwa.staff import service as staff_service
from pwa.staff.models import Staff


class NotUsed(LoyaltyError):
    code = "voucher_not_used"
    status = 409
    words = _l("Voucher ini belum dipakai di kasir.")
    todo = _l("Tidak ada yang perlu dibatalkan.")


def reserve(code: str, staff: Staff) -> bool:
    """Hold a voucher for this cashier for a few minutes; False if it can't be held.

    A till that dies leaves nothing stuck: the hold lapses by itself.
    """
    found = vouchers.find(code)
    if found is None:
        return False
    instant = now()
    until = instant + timedelta(minutes=program.current().till.reserve_minutes)
    free = update(Voucher).where(
        Voucher.id == found.id, Voucher.expires_at > instant, vouchers.usable_by(staff.id, instant)
    )
    held = free.values(state="reserved", reserved_by=staff.id, reserved_until=until)
    return _changes(held)


def release(code: str, staff: Staff) -> None:
    """Let go of a voucher that this cashier holds."""
    held = update(Voucher).where(
        Voucher.code == vouchers.plain_code(code),
        Voucher.state == "reserved",
        Voucher.reserved_by == staff.id,
    )
    _changes(held.values(state="issued", reserved_by=None, reserved_until=None))


def cancel(code: str, staff: Staff, reason: str) -> Voucher:
    """End an unused voucher and give its points back with their first expiry, once.

    Raises NoSuchVoucher, and what keeps a voucher from being used: AlreadyUsed, Expired, ...
    """
    voucher = vouchers.by_code(code)
    if voucher.state == "cancelled":
        return voucher
    free = update(Voucher).where(
        Voucher.id == voucher.id, Voucher.expires_at > now(), vouchers.usable_by(staff.id, now())
    )
    if not _changes(free.values(state="cancelled", reserved_by=None, reserved_until=None)):
        db.session.refresh(voucher)
        refusal = vouchers.why_not(voucher, staff.id)
        if refusal is not None and voucher.state != "cancelled":  # by somebody else, just now
            raise refusal
        return voucher
    note_cancelled(voucher, staff, reason, was="issued")
    return voucher


def note_cancelled(voucher: Voucher, staff: Staff, reason: str, was: str) -> None:
    """What follows when a voucher's row was set to cancelled: what it cost comes back, in words."""
    give_back(voucher, staff, reason)
    staff_service.record(
        staff, "voucher.cancelled", f"voucher:{voucher.code}", {"state": was},
        {"state": "cancelled", "reason": reason},
    )  # fmt: skip
    outbox.tell("voucher.cancelled", voucher.id, voucher.member_id, voucher=voucher.code)
    db.session.refresh(voucher)


def reverse_use(code: str, staff: Staff, reason: str) -> Voucher:
    """Take back a use that was a mistake: the voucher is good again, for its old time.

    Raises NoSuchVoucher, NotUsed.
    """
    voucher = vouchers.by_code(code)
    used_by, outlet = voucher.used_by, voucher.used_outlet
    undone = update(Voucher).where(
        Voucher.id == voucher.id, Voucher.state == "used", Voucher.used_by.is_not(None)
    )
    values = {"state": "issued", "used_at": None, "used_by": None, "used_outlet": None}
    if not _changes(undone.values(**values, use_key=None)):
        raise NotUsed()
    reward = vouchers.reward_of(voucher)
    kinds.cancel(reward.kind, vouchers.use_as_seen(voucher, reward, outlet or ""))
    staff_service.record(
        staff, "voucher.use_reversed", f"voucher:{voucher.code}",
        {"state": "used", "used_by": used_by, "outlet": outlet},
        {"state": "issued", "reason": reason},
    )  # fmt: skip
    db.session.refresh(voucher)
    return voucher


def reissue(code: str, staff: Staff, reason: str) -> Voucher:
    """Replace the code of an unused voucher, when the old one was lost or seen by others.

    Raises NoSuchVoucher, and what keeps a voucher from being used.
    """
    voucher = vouchers.by_code(code)
    old, new = voucher.code, free_voucher_code()
    free = update(Voucher).where(
        Voucher.id == voucher.id, Voucher.code == old, Voucher.expires_at > now(),
        vouchers.usable_by(staff.id, now()),
    )  # fmt: skip
    if not _changes(free.values(code=new, state="issued", reserved_by=None, reserved_until=None)):
        db.session.refresh(voucher)
        raise vouchers.why_not(voucher, staff.id) or NotUsed()
    staff_service.record(
        staff, "voucher.reissued", f"voucher:{new}", {"code": old}, {"code": new, "reason": reason}
    )
    outbox.tell("voucher.reissued", f"{voucher.id}:{new}", voucher.member_id, voucher=new)
    db.session.refresh(voucher)
    return voucher


def give_back(voucher: Voucher, staff: Staff, reason: str) -> None:
    redemption = db.session.get_one(Redemption, voucher.redemption_id)
    if redemption.price_points:
        ledger.reverse(
            f"redemption:{redemption.id}",
            key=f"voucher.cancelled:{voucher.id}",
            reason="redemption_cancelled",
            actor=f"staff:{staff.id}",
            facts={"title": dict(voucher.reward["name"]), "reason": reason},
        )
    # Whoever has it now, it was the share of who redeemed it; a prize is of nobody's share.
    whose = redemption.member_id if redemption.source == CATALOGUE else None
    limits.give_back(vouchers.reward_of(voucher), whose, redemption.on)


def _changes(statement: Any) -> bool:
    result: Any = db.session.execute(statement)
    return bool(result.rowcount)
