"""What becomes of a used voucher when all of its purchase comes back. Callers commit.

A discount paid for goods that are back on the shelf: she gets it again. While there is time the
voucher itself is good again; later its points come back, with the expiry they had. What was
handed over stays handed over: the goods of the refund are not those of the voucher.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from pwa.clock import now
from pwa.db import db
from pwa.rewards import acts, kinds, vouchers
from pwa.rewards.models import Redemption, Voucher
from pwa.staff.models import Staff

STAYS, GOOD_AGAIN, POINTS_BACK, OVER = "stays", "good_again", "points_back", "over"


def fate(voucher: Voucher) -> str:
    """What a whole refund would do to a used voucher: stays, good_again, points_back, over."""
    if not hasattr(kinds.kind(vouchers.reward_of(voucher).kind), "worth"):
        return STAYS
    if voucher.expires_at > now():
        return GOOD_AGAIN
    redemption = db.session.get_one(Redemption, voucher.redemption_id)
    return POINTS_BACK if redemption.price_points else OVER


def take_back_use(voucher: Voucher, staff: Staff, reason: str) -> str:
    """Undo the use as far as it can be, once; which of the fates it was."""
    outcome = fate(voucher)
    if outcome == GOOD_AGAIN:
        acts.reverse_use(voucher.code, staff, reason)
    elif outcome == POINTS_BACK:
        _end(voucher, staff, reason)
    return outcome


def _end(voucher: Voucher, staff: Staff, reason: str) -> None:
    """It was used in time and is over now: what it cost comes back."""
    used = update(Voucher).where(Voucher.id == voucher.id, Voucher.state == "used")
    values = {"state": "cancelled", "used_at": None, "used_by": None, "used_outlet": None}
    ended: Any = db.session.execute(used.values(**values, use_key=None))
    if ended.rowcount:
        acts.note_cancelled(voucher, staff, reason, was="used")
