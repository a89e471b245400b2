"""All that features may call of the ledger. Callers commit; nothing here does."""

from pwa.ledger.adjustments import adjust, approve, decline, proposals, propose
from pwa.ledger.chart import Source
from pwa.ledger.expiry import Expiry
from pwa.ledger.jobs import expire_due, mature_due
from pwa.ledger.movements import burn, earn, open_accounts
from pwa.ledger.policy import adjustment_limit_points, policy, set_policy
from pwa.ledger.reads import (
    Balance,
    Line,
    Page,
    balance,
    balances,
    expiry_outlook,
    statement,
)
from pwa.ledger.reservations import hold, release, settle
from pwa.ledger.reversals import refund, reverse
from pwa.ledger.store import lock_members
from pwa.ledger.transaction import Transaction, by_key
from pwa.ledger.transfers import transfer

__all__ = [
    "Balance",
    "Expiry",
    "Line",
    "Page",
    "Source",
    "Transaction",
    "adjust",
    "adjustment_limit_points",
    "approve",
    "balance",
    "balances",
    "burn",
    "by_key",
    "decline",
    "earn",
    "expire_due",
    "expiry_outlook",
    "hold",
    "lock_members",
    "mature_due",
    "open_accounts",
    "policy",
    "proposals",
    "propose",
    "refund",
    "release",
    "reverse",
    "set_policy",
    "settle",
    "statement",
    "transfer",
]
