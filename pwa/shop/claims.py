"""A receipt without a card: a member claims its points later, once, within days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from pwa import counters, outbox
from pwa.clock import now, program_day
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.program import service as program
from pwa.shop import service
from pwa.shop.models import Purchase


class AlreadyClaimed(LoyaltyError):
    code = "receipt_claimed"
    status = 409
    words = _l("Poin struk ini sudah diambil.")
    todo = _l("Satu struk hanya bisa diambil sekali.")


class ClaimTooLate(LoyaltyError):
    code = "claim_too_late"
    words = _l("Struk ini sudah lewat waktunya.")
    todo = _l("Poin struk bisa diambil dalam %(days)s hari. Lain kali tunjukkan kartumu di kasir.")


class TooManyClaims(LoyaltyError):
    code = "too_many_claims"
    words = _l("Hari ini kamu sudah mengambil %(most)s struk.")
    todo = _l("Besok bisa lagi.")


def last_at(purchase: Purchase) -> datetime:
    """Until when its points can be claimed."""
    return purchase.at + timedelta(days=program.current().till.claim_days)


def why_not(purchase: Purchase, member_id: int) -> LoyaltyError | None:
    """Why this member can't claim the receipt; None also for one that is hers already."""
    days = program.current().till.claim_days
    if purchase.member_id is not None:
        return None if purchase.member_id == member_id else AlreadyClaimed()
    if purchase.refunded_rupiah:
        return AlreadyClaimed()
    return ClaimTooLate(days=days) if now() > last_at(purchase) else None


def claim_receipt(code: str, member_id: int) -> Purchase:
    """Give a receipt's points to this member, once: one guarded UPDATE decides.

    What was promised on the receipt is what she gets. Again by the same member changes
    nothing. Raises NoSuchReceipt, AlreadyClaimed, ClaimTooLate, TooManyClaims.
    """
    purchase = service.by_code(code)
    if refusal := why_not(purchase, member_id):
        raise refusal
    if purchase.member_id == member_id:
        return purchase
    free = update(Purchase).where(
        Purchase.id == purchase.id, Purchase.member_id.is_(None), Purchase.refunded_rupiah == 0
    )
    taken: Any = db.session.execute(free.values(member_id=member_id))
    db.session.refresh(purchase)
    if not taken.rowcount:
        if purchase.member_id != member_id:
            raise AlreadyClaimed()
        return purchase
    most = program.current().till.claims_per_day
    today = program_day()
    if not counters.take(f"claims:{today}:{member_id}", 1, most, today + timedelta(days=2)):
        raise TooManyClaims(most=most)
    service.award(purchase)
    outbox.tell(
        "purchase.claimed", purchase.id, member_id,
        amount_rupiah=purchase.amount_rupiah, points=purchase.points, code=purchase.code,
    )  # fmt: skip
    return purchase
