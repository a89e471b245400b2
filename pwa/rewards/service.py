"""All that other features may call of rewards. Callers commit; nothing here does."""

from __future__ import annotations

from pwa.ledger.service import Balance
from pwa.members.models import Member
from pwa.program.schema import Reward
from pwa.rewards import catalogue, kinds
from pwa.rewards.acts import cancel, reissue, release, reserve, reverse_use
from pwa.rewards.after_sales import fate, take_back_use
from pwa.rewards.catalogue import Highlights, Offer, nearest, offer, offers, reward
from pwa.rewards.models import Voucher
from pwa.rewards.offline import spent_codes, use_offline
from pwa.rewards.redemption import issue_prize, redeem
from pwa.rewards.signing import public_key
from pwa.rewards.signing import read as read_signed
from pwa.rewards.signing import text_of as signed_text
from pwa.rewards.vouchers import (
    active_vouchers,
    by_code,
    by_ids,
    expire_due,
    find,
    of_member,
    past_vouchers,
    plain_code,
    reward_of,
    state_of,
    use,
    use_key,
    used_since,
    why_not,
)
from pwa.tiers import service as tiers

__all__ = [
    "Highlights", "Offer", "Voucher", "active_vouchers", "by_code", "by_ids", "cancel",
    "expire_due", "fate", "find",
    "highlights", "issue_prize", "nearest", "of_member", "offer", "offers", "past_vouchers",
    "plain_code", "public_key", "read_signed", "redeem", "reissue", "release", "reserve",
    "reverse_use", "reward", "reward_of", "signed_text", "spent_codes", "state_of",
    "take_back_use", "takes_off", "to_charge", "use", "use_key", "use_offline", "used_since",
    "why_not",
]  # fmt: skip


def takes_off(voucher: Voucher, amount_rupiah: int) -> int | None:
    """What the voucher takes off a purchase of so much; None for what is handed over instead."""
    given = reward_of(voucher)
    if not hasattr(kinds.kind(given.kind), "worth"):
        return None
    if amount_rupiah < given.minimum_rupiah:
        return 0
    return kinds.worth(given.kind, kinds.settings(given.kind, dict(given.settings)), amount_rupiah)


def to_charge(given: Reward) -> int:
    """What the till charges when it hands the reward over, in whole rupiah."""
    checked = kinds.settings(given.kind, dict(given.settings))
    return given.price_rupiah + kinds.charge(given.kind, checked)


def highlights(member: Member, balance: Balance) -> Highlights:
    """For Home: the nearest reward and two that can be redeemed. Two statements."""
    found = catalogue.offers(member.id, balance.spendable, tiers.tier_of(member.id))
    return catalogue.highlights_of(found)
