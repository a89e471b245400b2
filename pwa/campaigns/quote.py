"""quote(): what one purchase earns, and why. Pure: preview, award, simulator and API share it.

Rupiah and points are whole; in between we count in exact fractions and round down once, at
the end (product.md, rule 9). Lines explain the total: their points always add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from pwa.campaigns.basket import Basket, Good, Person, Terms
from pwa.campaigns.conditions import fits, holds, in_force
from pwa.program.earning import Campaign, Earning, Rule
from pwa.program.schema import Tier

__all__ = ["Basket", "Good", "GoodPoints", "Person", "Quote", "QuoteLine", "Terms", "quote"]


class QuoteLine(NamedTuple):
    """One reason for points. `name` is the rule's or tier's own text by language."""

    kind: str  # base, rate, tier, campaign, rule, cap
    code: str
    name: Mapping[str, str]
    percent: int  # a multiplier; 100 is none
    rupiah: int  # base and rate: what counts
    points: int


class GoodPoints(NamedTuple):
    """What one of the purchase's goods earns: multiplied, but without fixed bonuses."""

    sku: str | None
    category: str | None
    quantity: int
    rupiah: int  # of it that counts
    points: int
    is_excluded: bool = False


class Quote(NamedTuple):
    """What a purchase earns. `why` names the reason when it earns nothing."""

    base_rupiah: int
    points: int
    qualifying_points: int  # for tiers: the base alone, without multipliers and bonuses
    lines: tuple[QuoteLine, ...]
    why: str | None = None  # "minimum", "payment", "excluded", "small"
    goods: tuple[GoodPoints, ...] = ()  # those that were named


class _Share(NamedTuple):
    """A part of the purchase that counts, and what it earns so far."""

    good: Good
    rupiah: Fraction
    points: Fraction


class _Gain(NamedTuple):
    kind: str
    code: str
    name: Mapping[str, str]
    points: Fraction
    percent: int = 100
    rupiah: int = 0


def quote(basket: Basket, terms: Terms) -> Quote:
    """What `basket` earns under `terms`, line by line. Never negative; rounds down once."""
    earning = terms.earning
    rupiah = _rupiah_by_good(basket, earning)
    base_rupiah = floor(sum(part for _, part in rupiah))
    if why := _why_nothing(basket, earning, base_rupiah):
        return Quote(base_rupiah, 0, 0, (), why)
    rules = [rule for rule in in_force(terms, basket.at) if holds(rule, basket, terms, base_rupiah)]
    shares, gains = _base(rupiah, rules, earning)
    qualifying = floor(sum(share.points for share in shares))
    shares, gains = _with_tier(shares, gains, terms.tier)
    for rule in _chosen(rules, shares, basket, terms.left):
        shares, gains = _apply(rule, shares, gains, basket, terms.left)
    lines = _rounded_down(gains, earning.most_points)
    points = sum(line.points for line in lines)
    why = None if points else "small"
    return Quote(base_rupiah, points, qualifying, lines, why, _by_good(shares, basket, earning))


def to_document(given: Quote) -> dict[str, Any]:
    """The quote as plain JSON values, as it is kept with the purchase."""
    lines = [line._asdict() | {"name": dict(line.name)} for line in given.lines]
    goods = [good._asdict() for good in given.goods]
    return given._asdict() | {"lines": lines, "goods": goods}


def from_document(document: Mapping[str, Any]) -> Quote:
    lines = tuple(QuoteLine(**line) for line in document["lines"])
    goods = tuple(GoodPoints(**good) for good in document["goods"])
    return Quote(**{**document, "lines": lines, "goods": goods})


def _rupiah_by_good(basket: Basket, earning: Earning) -> list[tuple[Good, Fraction]]:
    """What counts, by line: the settings decide about tax, shipping, discounts, vouchers."""
    counted = basket.amount_rupiah
    counted -= 0 if earning.count_tax else basket.tax_rupiah
    counted -= 0 if earning.count_shipping else basket.shipping_rupiah
    counted += basket.discount_rupiah if earning.count_discounts else 0
    counted += basket.voucher_rupiah if earning.count_vouchers else 0
    counted = max(counted, 0)
    listed = sum(good.amount_rupiah for good in basket.goods)
    # A discount on the whole purchase lowers each of its lines in proportion.
    scale = Fraction(counted, listed) if listed > counted else Fraction(1)
    parts = [(good, good.amount_rupiah * scale) for good in basket.goods]
    if counted > listed:
        parts.append((Good(counted - listed), Fraction(counted - listed)))
    return [
        (good, part) for good, part in parts if good.category not in earning.excluded_categories
    ]


def _why_nothing(basket: Basket, earning: Earning, base_rupiah: int) -> str | None:
    if basket.payment in earning.excluded_payments:
        return "payment"
    if base_rupiah == 0:
        return "excluded"
    return "minimum" if base_rupiah < earning.minimum_rupiah else None


def _base(
    rupiah: Sequence[tuple[Good, Fraction]], rules: Iterable[Rule], earning: Earning
) -> tuple[list[_Share], list[_Gain]]:
    """Points before multipliers: at the base rate, or at the best rate that a rule sets instead."""
    rates = [rule for rule in rules if rule.rupiah_per_point]
    shares: list[_Share] = []
    gains: dict[str, _Gain] = {}
    for good, part in rupiah:
        rule = _best_rate(rates, good)
        rate = (rule.rupiah_per_point if rule else None) or earning.rupiah_per_point
        points = part / rate
        shares.append(_Share(good, part, points))
        code = rule.code if rule else ""
        so_far = gains.get(code) or _Gain(
            "rate" if rule else "base", code, _names(rule) if rule else {}, Fraction(0)
        )
        gains[code] = so_far._replace(
            points=so_far.points + points, rupiah=so_far.rupiah + floor(part)
        )
    return shares, list(gains.values())


def _best_rate(rates: Iterable[Rule], good: Good) -> Rule | None:
    nothing_else = Basket(0, datetime.min, date.min, time.min)  # noqa: DTZ901
    fitting = [rule for rule in rates if fits(rule, good, nothing_else)]
    return min(fitting, key=lambda rule: rule.rupiah_per_point or 0, default=None)


def _with_tier(
    shares: list[_Share], gains: list[_Gain], tier: Tier
) -> tuple[list[_Share], list[_Gain]]:
    if tier.multiplier_percent == 100:
        return shares, gains
    factor = Fraction(tier.multiplier_percent, 100)
    more = sum((share.points for share in shares), Fraction(0)) * (factor - 1)
    gain = _Gain("tier", tier.code, tier.name.model_dump(exclude_none=True), more)
    grown = [share._replace(points=share.points * factor) for share in shares]
    return grown, [*gains, gain._replace(percent=tier.multiplier_percent)]


def _chosen(
    rules: Iterable[Rule], shares: Sequence[_Share], basket: Basket, left: Mapping[str, int]
) -> list[Rule]:
    """Of the rules that don't stack the one that gives most, then all that do."""
    rules = list(rules)
    rivals = [rule for rule in rules if not rule.stacks]
    best = max(rivals, key=lambda rule: sum(_gain(rule, shares, basket, left)), default=None)
    return ([best] if best else []) + [rule for rule in rules if rule.stacks]


def _gain(
    rule: Rule, shares: Sequence[_Share], basket: Basket, left: Mapping[str, int]
) -> tuple[Fraction, Fraction]:
    """What the rule adds: (by multiplying, as bonus), within its limits."""
    fitting = [share for share in shares if fits(rule, share.good, basket)]
    multiplied = sum((share.points for share in fitting), Fraction(0))
    multiplied *= Fraction(rule.multiplier_percent - 100, 100)
    pieces = sum(share.good.quantity for share in fitting if share.good.sku)
    bonus = Fraction(rule.bonus_points + rule.points_each * pieces)
    limits = [most for most in (rule.most_points, left.get(rule.code)) if most is not None]
    if limits:
        bonus = min(bonus, Fraction(min(limits)))
        multiplied = min(multiplied, min(limits) - bonus)
    return multiplied, bonus


def _apply(
    rule: Rule,
    shares: list[_Share],
    gains: list[_Gain],
    basket: Basket,
    left: Mapping[str, int],
) -> tuple[list[_Share], list[_Gain]]:
    multiplied, bonus = _gain(rule, shares, basket, left)
    if not multiplied + bonus:
        return shares, gains
    kind = "campaign" if isinstance(rule, Campaign) else "rule"
    gain = _Gain(kind, rule.code, _names(rule), multiplied + bonus, rule.multiplier_percent)
    before = sum((s.points for s in shares if fits(rule, s.good, basket)), Fraction(0))
    factor = 1 + multiplied / before if before else Fraction(1)
    grown = [
        s._replace(points=s.points * factor) if fits(rule, s.good, basket) else s for s in shares
    ]
    return grown, [*gains, gain]


def _rounded_down(gains: Iterable[_Gain], most: int | None) -> tuple[QuoteLine, ...]:
    """Whole points by line: the running total is rounded down, so the lines add up to it."""
    lines: list[QuoteLine] = []
    exact, given = Fraction(0), 0
    for gain in gains:
        exact += gain.points
        points, given = floor(exact) - given, floor(exact)
        lines.append(QuoteLine(gain.kind, gain.code, gain.name, gain.percent, gain.rupiah, points))
    if most is not None and given > most:
        lines.append(QuoteLine("cap", "", {}, 100, 0, most - given))
    return tuple(lines)


def _by_good(shares: Iterable[_Share], basket: Basket, earning: Earning) -> tuple[GoodPoints, ...]:
    """Whole points by good; rounded down on the running total, so that they add up to it."""
    found: list[GoodPoints] = []
    exact, given = Fraction(0), 0
    for good, part, points in shares:
        exact += points
        if good.category or good.sku:
            found.append(GoodPoints(
                good.sku, good.category, good.quantity, floor(part), floor(exact) - given
            ))  # fmt: skip
            given = floor(exact)
    out = [good for good in basket.goods if good.category in earning.excluded_categories]
    left_out = [GoodPoints(good.sku, good.category, good.quantity, 0, 0, True) for good in out]
    return (*found, *left_out)


def _names(rule: Rule) -> dict[str, str]:
    names: dict[str, str] = rule.name.model_dump(exclude_none=True)
    return names
