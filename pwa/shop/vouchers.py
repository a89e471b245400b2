"""Vouchers handed in together with a purchase: kept with it, and undone with it. Callers commit.

A voucher is used first, by its own rules (rewards), and then belongs to one purchase. What the
purchase cost before it and what was paid are both kept, so that a refund gives back what was paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from pwa.clock import now
from pwa.db import claim, db
from pwa.errors import LoyaltyError
from pwa.members import codes
from pwa.program import service as program
from pwa.program.schema import Reward
from pwa.rewards import service as rewards
from pwa.rewards.service import Voucher
from pwa.shop.models import Purchase, PurchaseVoucher
from pwa.shop.sales import Sale, Used
from pwa.staff.models import Staff

UNDONE = "undone"  # a manager took this use of the voucher back before


class NotOfThisSale(LoyaltyError):
    code = "voucher_not_of_sale"
    status = 409
    words = _l("Voucher %(shown)s tidak cocok dengan belanja ini.")
    todo = _l("Vouchernya harus milik member ini, sudah dipakai, dan belum ikut belanja lain.")


class NothingToPay(LoyaltyError):
    code = "nothing_to_pay"
    words = _l("Vouchernya sudah menutup semua belanja ini.")
    todo = _l("Tidak perlu dicatat lagi: vouchernya sudah tercatat dipakai.")


class HandedIn(NamedTuple):
    """One voucher of a purchase, as it is shown."""

    code: str
    shown: str  # KW74 F29Q
    reward: Reward
    off_rupiah: int
    fate: str  # what became of it, or would with a whole refund: see rewards.fate
    is_back: bool


def waiting(member_id: int, staff_id: int) -> Sequence[Voucher]:
    """Vouchers she handed in at this cashier's till just now, which no purchase has yet."""
    since = now() - timedelta(minutes=program.current().till.undo_minutes)
    used = rewards.used_since(member_id, staff_id, since)
    if not used:
        return ()
    keys = [each.use_key for each in used]
    taken = select(PurchaseVoucher.use_key).where(PurchaseVoucher.use_key.in_(keys))
    gone = set(db.session.scalars(taken))
    return [each for each in used if each.use_key not in gone]


def off(total_rupiah: int, handed_in: Sequence[Voucher]) -> tuple[Used, ...]:
    """What each takes off a purchase of `total_rupiah`, one after the other.

    Raises NothingToPay.
    """
    left, used = total_rupiah, []
    for each in handed_in:
        taken = rewards.takes_off(each, left) or 0
        used.append(Used(each.code, taken))
        left -= taken
    if left <= 0:
        raise NothingToPay()
    return tuple(used)


def attach(purchase: Purchase, sale: Sale) -> None:
    """Keep the sale's vouchers with its purchase. Raises NotOfThisSale, NoSuchVoucher."""
    for used in sale.vouchers:
        found = rewards.by_code(used.code)
        if found.member_id != purchase.member_id or not _is_ours(purchase, found, used.off_rupiah):
            raise NotOfThisSale(shown=codes.in_fours(found.code))


def of_purchase(purchase_id: int) -> list[HandedIn]:
    """The vouchers of a purchase, in the order they were handed in."""
    rows = _rows(purchase_id)
    known = rewards.by_ids([row.voucher_id for row in rows])
    return [_shown(row, known[row.voucher_id]) for row in rows]


def off_of(purchase_id: int) -> int:
    """What the vouchers of a purchase took off, in whole rupiah."""
    return sum(row.off_rupiah for row in _rows(purchase_id))


def give_back(purchase: Purchase, staff: Staff) -> None:
    """All of the purchase came back: so do its vouchers, as far as they can. Once."""
    rows = [row for row in _rows(purchase.id) if row.returned_at is None]
    known = rewards.by_ids([row.voucher_id for row in rows])
    for row in rows:
        voucher, fate = known[row.voucher_id], UNDONE
        if voucher.use_key == row.use_key:
            fate = rewards.take_back_use(voucher, staff, f"refund {purchase.code}")
        done = update(PurchaseVoucher).where(PurchaseVoucher.id == row.id)
        db.session.execute(done.values(returned_at=now(), fate=fate))


def _is_ours(purchase: Purchase, voucher: Voucher, off_rupiah: int) -> bool:
    """Keep a used voucher with this purchase, unless another has this use of it."""
    if voucher.use_key is None:
        return False
    row = PurchaseVoucher(
        purchase_id=purchase.id, voucher_id=voucher.id, use_key=voucher.use_key,
        off_rupiah=off_rupiah,
    )  # fmt: skip
    return claim(row, use_key=voucher.use_key)[1]


def _rows(purchase_id: int) -> Sequence[PurchaseVoucher]:
    mine = select(PurchaseVoucher).where(PurchaseVoucher.purchase_id == purchase_id)
    return db.session.scalars(mine.order_by(PurchaseVoucher.id)).all()


def _shown(row: PurchaseVoucher, voucher: Voucher) -> HandedIn:
    return HandedIn(
        code=voucher.code,
        shown=codes.in_fours(voucher.code),
        reward=rewards.reward_of(voucher),
        off_rupiah=row.off_rupiah,
        fate=row.fate or (rewards.fate(voucher) if voucher.use_key == row.use_key else UNDONE),
        is_back=row.returned_at is not None,
    )
