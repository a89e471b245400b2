"""A purchase before it is recorded, and the terms it is quoted under."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from pwa import clock, counters
from pwa.campaigns.quote import Basket, Good, Quote, Terms
from pwa.errors import LoyaltyError
from pwa.program import service as program
from pwa.program.earning import EarningRule, Rule
from pwa.shop import history
from pwa.tiers import service as tiers

# "till" is our own keys' first word.
_SOURCE = re.compile(r"(?!till$)[a-z0-9]+(-[a-z0-9]+)*")
ORDER_ID_MOST = 80

# What a member's double day adds; beside a better campaign it gives nothing.
DOUBLE_DAY = EarningRule(
    code=tiers.DOUBLE_DAY,
    name=tiers.DOUBLE_NAME,
    multiplier_percent=200,
)


class Used(NamedTuple):
    """A voucher that was handed in with a purchase."""

    code: str
    off_rupiah: int  # 0 where something was handed over instead


class Sale(NamedTuple):
    """What a till or a web shop says about a purchase. Rupiah are whole."""

    key: str  # unique among all purchases: "till:<staff>:<form key>"; an order's is its number
    member_id: int | None
    outlet_code: str
    amount_rupiah: int  # what is paid: with tax and shipping, after discounts
    goods: tuple[Good, ...] = ()
    categories: frozenset[str] = frozenset()  # in it, but nobody typed their amounts
    eco: bool = False
    tax_rupiah: int = 0
    shipping_rupiah: int = 0
    discount_rupiah: int = 0
    vouchers: tuple[Used, ...] = ()  # already used; what they take off is off amount_rupiah
    payment: str = "cash"
    channel: str = "till"
    source: str | None = None  # with order_id: whose order it is, see `of_order`
    order_id: str | None = None


class BadOrder(LoyaltyError):
    code = "bad_order"
    words = _l("Nomor pesanan atau asalnya belum benar.")
    todo = _l("Asal: huruf kecil, angka, dan tanda hubung. Nomor pesanan: 1 sampai 80 huruf.")


class OrderChanged(LoyaltyError):
    code = "order_changed"
    status = 409
    words = _l("Pesanan ini sudah tercatat dengan isi yang lain.")
    todo = _l("Catat pengembalian untuk yang kembali, atau kirim lagi isi yang pertama.")


def of_order(source: str, order_id: str, sale: Sale) -> Sale:
    """The sale as another system's order: its number there, and no key, makes it one purchase.

    Raises BadOrder.
    """
    order_id = order_id.strip()
    if not _SOURCE.fullmatch(source) or not 0 < len(order_id) <= ORDER_ID_MOST:
        raise BadOrder()
    return sale._replace(key=f"{source}:{order_id}", source=source, order_id=order_id)


def digest(sale: Sale) -> str:
    """What a replay of the key must say again. SHA-256, hex."""
    said = sale._asdict() | {"categories": sorted(sale.categories)}
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def basket(sale: Sale, at: datetime) -> Basket:
    """The sale as quote() takes it, at an instant."""
    goods = tuple(map(_known, sale.goods))
    tags = sale.categories
    if not goods and len(tags) == 1:  # one kind of goods: the whole amount is of that kind
        goods, tags = (Good(sale.amount_rupiah, category=next(iter(tags))),), frozenset()
    return Basket(
        amount_rupiah=sale.amount_rupiah,
        at=at,
        on=clock.program_day(at),
        clock_time=at.astimezone(clock.program_zone()).time(),
        goods=goods,
        tags=tags,
        eco=sale.eco,
        tax_rupiah=sale.tax_rupiah,
        shipping_rupiah=sale.shipping_rupiah,
        discount_rupiah=sale.discount_rupiah,
        voucher_rupiah=sum(used.off_rupiah for used in sale.vouchers),
        outlet=sale.outlet_code,
        channel=sale.channel,
        payment=sale.payment,
    )


def lines(sale: Sale, at: datetime) -> list[dict[str, Any]]:
    """The sale's lines as plain values: what missions count and a refund puts back."""
    goods = basket(sale, at).goods
    listed = sum(good.amount_rupiah for good in goods)
    paid = min(listed, sale.amount_rupiah)  # a discount on all of it is a discount on each
    return [
        {"amount_rupiah": good.amount_rupiah * paid // (listed or 1), "category": good.category,
         "product": good.sku, "quantity": good.quantity, "eco": good.eco or sale.eco}
        for good in goods
    ]  # fmt: skip


def _known(good: Good) -> Good:
    """The good with what the program knows of its product."""
    product = program.current().product(good.sku) if good.sku else None
    if product is None:
        return good
    return good._replace(
        category=good.category or product.category,
        eco=good.eco or product.eco,
        brand=good.brand or product.brand,
    )


def terms(member_id: int | None, at: datetime, but: int | None = None) -> Terms:
    """What the program grants this member at `at`; purchase `but` is the one that is quoted.

    One statement, one more with limited rules, two more where a rule asks what she bought.
    """
    found = program.current()
    tier, is_double = found.tiers[0], False
    if member_id:
        tier, is_double = tiers.tier_and_double(member_id)
    hers = (DOUBLE_DAY,) if is_double else ()
    left = _left(_limited(at), member_id, at)
    on, rules = clock.program_day(at), (*found.earning.rules, *program.campaigns(at))
    person = history.person(member_id, on, rules, but) if member_id else None
    return Terms(found.earning, tier, program.campaigns(at), left, hers, person)


def count_limits(given: Quote, member_id: int | None, at: datetime) -> bool:
    """Count what limited rules give in `given`; False if another purchase was faster."""
    by_code = {rule.code: rule for rule in _limited(at)}
    for line in given.lines:
        rule = by_code.get(line.code)
        if rule is None or line.kind not in ("campaign", "rule") or not line.points:
            continue
        for name, most in _limits(rule, member_id, at):
            if not counters.take(name, line.points, most):
                return False
    return True


def give_back_limits(
    given: Quote, member_id: int | None, at: datetime, share: Callable[[int], int]
) -> None:
    """Uncount what came back: `share` says how much of a line's points that is."""
    by_code = {rule.code: rule for rule in _limited(at)}
    for line in given.lines:
        rule = by_code.get(line.code)
        points = share(line.points) if line.kind in ("campaign", "rule") else 0
        if rule is None or points <= 0:
            continue
        for name, _ in _limits(rule, member_id, at):
            counters.give_back(name, points)


def _limited(at: datetime) -> list[Rule]:
    rules: Iterable[Rule] = (*program.current().earning.rules, *program.campaigns(at))
    return [r for r in rules if r.member_day_points or r.member_points or r.budget_points]


def _left(rules: list[Rule], member_id: int | None, at: datetime) -> dict[str, int]:
    limits = {rule.code: _limits(rule, member_id, at) for rule in rules}
    if not limits:
        return {}
    given = counters.given(name for pairs in limits.values() for name, _ in pairs)
    return {
        code: max(0, min(most - given[name] for name, most in pairs))
        for code, pairs in limits.items()
    }


def _limits(rule: Rule, member_id: int | None, at: datetime) -> list[tuple[str, int]]:
    """The rule's counters and how far each may go."""
    start = f"rule:{rule.code}"
    limits = [
        (start, rule.budget_points),
        (f"{start}:{member_id}", rule.member_points),
        (f"{start}:{member_id}:{clock.program_day(at)}", rule.member_day_points),
    ]
    return [(name, most) for name, most in limits if most]
