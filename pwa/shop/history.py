"""What a member bought before: the facts that audiences of campaigns ask about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Text, and_, cast, exists, func, or_, select

from pwa.campaigns import audience
from pwa.campaigns.basket import Person
from pwa.clock import program_day
from pwa.db import db
from pwa.members import birthdays
from pwa.members import service as members
from pwa.program.earning import Rule
from pwa.shop.models import Purchase
from pwa.tiers import audience as tiers

BOUGHT_DAYS = 90  # how far back a category counts as hers


def person(member_id: int, on: date, rules: Iterable[Rule], but: int | None = None) -> Person:
    """Her facts on a day, as far as `rules` ask for them; purchase `but` is not counted."""
    member = members.get(member_id)
    changed_on = member.birthday_changed_on
    waits = changed_on is not None and on < birthdays.a_year_after(changed_on)
    known = Person(member.joined_on, None if waits else member.birthday)
    if not any(rule.asks_what_she_bought for rule in rules):
        return known
    kept = _kept(member_id).where(Purchase.on <= on, Purchase.id != (but or 0))
    last_on = db.session.scalar(kept.with_only_columns(func.max(Purchase.on)))
    recent = kept.where(Purchase.on > on - timedelta(days=BOUGHT_DAYS))
    lines = [line for row in db.session.scalars(recent) for line in row]
    bought = frozenset(line["category"] for line in lines if line["category"])
    return known._replace(last_bought_on=last_on, bought=bought)


def among_members(rule: Rule) -> Any:
    """A condition on members: who is of the rule's audience today. For push."""
    found = audience.among_members(rule, program_day())
    mine = members.Member.id
    if rule.tiers:
        found.append(tiers.holding_one_of(mine, rule.tiers))
    if rule.away_days is not None:
        since_on = program_day() - timedelta(days=rule.away_days)
        found += [~_bought(mine, since_on), members.Member.joined_on <= since_on]
    if rule.bought_categories:
        since_on = program_day() - timedelta(days=BOUGHT_DAYS)
        told = cast(Purchase.goods, Text)  # as db._to_json writes it
        kinds = [told.like(f'%"category":"{code}"%') for code in rule.bought_categories]
        found.append(_bought(mine, since_on, or_(*kinds)))
    return and_(*found) if found else None


def _bought(member_id: Any, since_on: date, *more: Any) -> Any:
    return exists().where(
        Purchase.member_id == member_id, Purchase.on > since_on, _NOT_RETURNED, *more
    )


_NOT_RETURNED = Purchase.refunded_rupiah < Purchase.amount_rupiah


def _kept(member_id: int) -> Any:
    return select(Purchase.goods).where(Purchase.member_id == member_id, _NOT_RETURNED)
