"""A voucher that a till took without a network, told to us afterwards. Callers commit.

What happened can't be refused any more, only judged: the first use of a voucher counts, as of
the time it was made, and any other is a double use, which changes nothing for the member.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa.clock import now
from pwa.db import db
from pwa.rewards import kinds, signing, vouchers
from pwa.rewards.errors import NoSuchVoucher, VoucherRefused
from pwa.rewards.models import Voucher
from pwa.staff.models import Staff

SPENT_MOST = 2000


class Forged(VoucherRefused):
    code = "voucher_forged"
    verdict = _l("Palsu")
    words = _l("Tanda tangan voucher ini bukan dari toko.")
    todo = _l("Jangan serahkan barangnya, dan panggil manajer.")


def use_offline(text: str, staff: Staff, outlet_code: str, key: str, made_at: datetime) -> Voucher:
    """Count a use that was made at `made_at`, once: one guarded UPDATE decides among all tills.

    `text` is the signed text of the QR, or the code of a voucher that the server had shown to
    this till as good. A hold by another till does not count, nor an expiry that came after.
    Replaying a key returns the voucher as it was used. Raises NoSuchVoucher, Forged,
    AlreadyUsed, Expired, Cancelled.
    """
    voucher = vouchers.by_code(_code(text))
    own_key = vouchers.use_key(staff, key)
    if voucher.use_key == own_key:
        return voucher
    if not _mark_used(voucher, staff, outlet_code, own_key, made_at):
        db.session.refresh(voucher)
        if voucher.use_key == own_key:
            return voucher
        raise vouchers.why_not(voucher, staff.id) or NoSuchVoucher()
    reward = vouchers.reward_of(voucher)
    kinds.fulfil(reward.kind, vouchers.use_as_seen(voucher, reward, outlet_code))
    vouchers.record_use(voucher, staff, reward)
    return voucher


def spent_codes() -> Sequence[str]:
    """Vouchers that would still look good to a till without a network, and are not."""
    gone = select(Voucher.code).where(
        Voucher.state.in_(("used", "cancelled")), Voucher.expires_at > now()
    )
    return db.session.scalars(gone.order_by(Voucher.id.desc()).limit(SPENT_MOST)).all()


def _code(text: str) -> str:
    if not text.startswith(f"{signing.MARK}."):
        return text
    signed = signing.read(text)
    if signed is None:
        raise Forged()
    return signed.code


def _mark_used(
    voucher: Voucher, staff: Staff, outlet_code: str, own_key: str, made_at: datetime
) -> bool:
    open_then = update(Voucher).where(
        Voucher.id == voucher.id,
        Voucher.code == voucher.code,
        Voucher.state.in_(("issued", "reserved", "expired")),
        Voucher.expires_at > made_at,
    )
    used: Any = db.session.execute(
        open_then.values(
            state="used",
            used_at=max(made_at, voucher.issued_at),
            used_by=staff.id,
            used_outlet=outlet_code,
            use_key=own_key,
            reserved_until=None,
            reserved_by=None,
        )
    )
    return bool(used.rowcount)
