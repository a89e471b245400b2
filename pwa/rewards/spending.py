"""A minimum that a purchase must reach for a voucher to count. Kinds of discounts share it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from pwa.languages import rupiah
from pwa.rewards.errors import VoucherRefused


class PurchaseTooSmall(VoucherRefused):
    code = "purchase_too_small"
    status = 422
    verdict = _l("Belanja kurang")
    words = _l("Belanjanya belum sampai %(minimum)s.")
    todo = _l("Vouchernya tetap berlaku untuk belanja yang lebih besar.")


def check_minimum(amount_rupiah: int | None, minimum_rupiah: int) -> None:
    """Refuse a purchase below the minimum. A till that does not know the amount decides itself."""
    if amount_rupiah is not None and amount_rupiah < minimum_rupiah:
        raise PurchaseTooSmall(minimum=rupiah(minimum_rupiah))
