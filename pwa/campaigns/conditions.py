"""Which rules count for a purchase, and which of its lines they count. Pure."""

from __future__ import annotations

from datetime import datetime, time

from pwa.campaigns.audience import is_for
from pwa.campaigns.basket import Basket, Good, Terms
from pwa.program.earning import Rule

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def in_force(terms: Terms, at: datetime) -> list[Rule]:
    """The rules that are on at an instant."""
    running = [one for one in terms.campaigns if one.starts_at <= at < one.ends_at]
    return [*terms.earning.rules, *terms.hers, *running]


def holds(rule: Rule, basket: Basket, terms: Terms, base_rupiah: int) -> bool:
    """Whether the rule's conditions about the whole purchase hold, and some goods fit."""
    conditions = (
        not rule.weekdays or WEEKDAYS[basket.on.weekday()] in rule.weekdays,
        not rule.days_of_month or basket.on.day in rule.days_of_month,
        _in_hours(rule, basket.clock_time),
        not rule.outlets or basket.outlet in rule.outlets,
        not rule.channels or basket.channel in rule.channels,
        not rule.payments or basket.payment in rule.payments,
        is_for(rule, terms.tier.code, terms.person, basket.on),
        base_rupiah >= rule.minimum_rupiah,
        _has_goods(rule, basket),
    )
    return all(conditions)


def _in_hours(rule: Rule, clock_time: time) -> bool:
    since = time.fromisoformat(rule.from_time or "00:00")
    until = time.fromisoformat(rule.until_time) if rule.until_time else time.max
    if since <= until:
        return since <= clock_time < until
    return clock_time >= since or clock_time < until


def _has_goods(rule: Rule, basket: Basket) -> bool:
    chosen = (rule.products, rule.brands)
    if not (rule.categories or rule.eco or any(chosen)):
        return True
    tagged = bool(basket.tags & set(rule.categories)) and not any(chosen) and not rule.eco
    brought_a_cup = rule.eco and basket.eco and not rule.categories and not any(chosen)
    return tagged or brought_a_cup or any(fits(rule, good, basket) for good in basket.goods)


def fits(rule: Rule, good: Good, basket: Basket) -> bool:
    """Whether the rule counts this line."""
    return (
        (not rule.categories or good.category in rule.categories)
        and (not rule.products or good.sku in rule.products)
        and (not rule.brands or good.brand in rule.brands)
        and (not rule.eco or good.eco or basket.eco)
    )
