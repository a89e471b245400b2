"""What a cashier may give in a day, and the same card seen too often (product.md, rule 13)."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from pwa import counters, outbox
from pwa.errors import LoyaltyError
from pwa.languages import number
from pwa.program import service as program
from pwa.shop.models import Purchase
from pwa.staff import service as staff_service
from pwa.staff.models import Staff

KEPT_DAYS = 2


class CashierLimit(LoyaltyError):
    code = "cashier_limit"
    status = 403
    words = _l("Batas poin kasir hari ini %(most)s, dan ini melebihinya.")
    todo = _l("Panggil manajer untuk mencatat belanja ini.")


def count(purchase: Purchase, staff: Staff) -> None:
    """Count a purchase against its cashier's day; tell the owner of a card seen too often.

    The alert refuses nothing: a regular may come six times. Raises CashierLimit.
    """
    rules = program.current().till
    until_on = purchase.on + timedelta(days=KEPT_DAYS)
    day = f"cashier:{staff.id}:{purchase.on}"
    most = None if staff_service.may(staff, "manager") else rules.cashier_points_per_day
    limited = most is not None and purchase.points > 0
    if limited and not counters.take(day, purchase.points, most, until_on):
        raise CashierLimit(most=number(most or 0))
    if purchase.member_id is None or rules.same_card_per_day is None:
        return
    name = f"{day}:m{purchase.member_id}"
    counters.take(name, 1, None, until_on)
    seen = counters.given([name])[name]
    if seen > rules.same_card_per_day:
        _alert(purchase, staff, seen)


def _alert(purchase: Purchase, staff: Staff, seen: int) -> None:
    key = f"{staff.id}:{purchase.member_id}:{purchase.on}"
    facts = {"member_id": purchase.member_id, "times": seen}
    staff_service.record(staff, "card.seen_too_often", f"member:{purchase.member_id}", after=facts)
    outbox.tell("card.seen_too_often", key, staff_id=staff.id, **facts)
