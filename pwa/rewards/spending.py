"""A minimum that a purchase must reach for a voucher to count."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from pwa.languages import rupiah
from pwa.program.schema import Reward
from pwa.rewards.errors import VoucherRefused


class PurchaseTooSmall(VoucherRefused):
    code = "purchase_too_small"
    status = 422
    verdict = _l("Belanja kurang")
    words = _l("Belanjanya belum sampai %(minimum)s.")
    todo = _l("Vouchernya tetap berlaku untuk belanja yang lebih besar.")


def check_minimum(reward: Reward, amount_rupiah: int | None) -> None:
    """Refuse a purchase below the minimum; one that was not typed is below any.

    Raises PurchaseTooSmall.
    """
    if (amount_rupiah or 0) < reward.minimum_rupiah:
        raise PurchaseTooSmall(minimum=rupiah(reward.minimum_rupiah))
