"""Whom a campaign is for: by tier, by how long she is here, by her birthday, by what she bought.

Three readers of one set of conditions: quote() asks about one person and is pure, Home asks which
campaigns to show her, and push asks the database for everyone at once.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, extract

from pwa.campaigns.basket import Person
from pwa.members import birthdays
from pwa.members import service as members
from pwa.program.earning import Rule


def is_for(rule: Rule, tier_code: str, person: Person | None, on: date) -> bool:
    """Whether she is of the rule's audience on a program day; all its conditions must hold."""
    if rule.tiers and tier_code not in rule.tiers:
        return False
    if not rule.asks_about_her:
        return True
    return person is not None and _is_like(rule, person, on)


def _is_like(rule: Rule, person: Person, on: date) -> bool:
    within, away = rule.joined_within_days, rule.away_days
    last_on = person.last_bought_on or person.joined_on
    bought = set(rule.bought_categories)
    return (
        (within is None or (on - person.joined_on).days < within)
        and (away is None or (on - last_on).days >= away)
        and (not bought or not bought.isdisjoint(person.bought))
        and (rule.birthday is None or _is_birthday(rule.birthday, person.birthday, on))
    )


def _is_birthday(span: birthdays.Span, born: date | None, on: date) -> bool:
    return born is not None and birthdays.coming(born, span, on).start <= on


def among_members(rule: Rule, on: date) -> list[Any]:
    """Conditions on members: those of `is_for` that their own row answers."""
    columns = members.Member
    found: list[Any] = []
    if rule.joined_within_days is not None:
        found.append(columns.joined_on > on - timedelta(days=rule.joined_within_days))
    if rule.birthday is not None:
        day = extract("month", columns.birthday) * 100 + extract("day", columns.birthday)
        found.append(and_(columns.birthday.is_not(None), day.in_(_days_kept(rule.birthday, on))))
    return found


def _days_kept(span: birthdays.Span, on: date) -> list[int]:
    """The birthdays, as month * 100 + day, whose window is open on a day."""
    leap_year = 2000
    days = [date(leap_year, 1, 1) + timedelta(days=n) for n in range(366)]
    if not isleap(on.year) and span == "day" and (on.month, on.day) == (2, 28):
        return [228, 229]
    return [each.month * 100 + each.day for each in days if _is_birthday(span, each, on)]
