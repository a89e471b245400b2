"""A purchase and the terms it is quoted under, as quote() takes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from pwa.program.earning import Campaign, Earning, Rule
from pwa.program.schema import Tier


class Good(NamedTuple):
    """One line of a purchase."""

    amount_rupiah: int  # for all its pieces
    category: str | None = None
    sku: str | None = None
    quantity: int = 1
    eco: bool = False
    brand: str | None = None


class Person(NamedTuple):
    """What audiences tell members apart by, besides their tier."""

    joined_on: date
    birthday: date | None = None  # None also for one that was changed within a year
    last_bought_on: date | None = None  # None: she never did
    bought: frozenset[str] = frozenset()  # categories, in the last 90 days


class Basket(NamedTuple):
    """One purchase as the till or the web shop sees it."""

    amount_rupiah: int  # what is paid: with tax and shipping, after discounts
    at: datetime
    on: date  # program day
    clock_time: time  # program time
    goods: tuple[Good, ...] = ()
    tags: frozenset[str] = frozenset()  # categories in it whose amounts nobody typed
    eco: bool = False  # a cup was brought
    tax_rupiah: int = 0
    shipping_rupiah: int = 0
    discount_rupiah: int = 0
    voucher_rupiah: int = 0  # what vouchers took off
    outlet: str = ""
    channel: str = "till"
    payment: str = "cash"


class Terms(NamedTuple):
    """What the program grants to this member now."""

    earning: Earning
    tier: Tier
    campaigns: tuple[Campaign, ...] = ()
    left: Mapping[str, int] = {}  # points that a limited rule can still give her, by code
    hers: tuple[Rule, ...] = ()  # rules of her own: a double day she chose
    person: Person | None = None  # None: a customer without a card
