"""Perks: what a tier lets its members take, how often, and what they have taken. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pwa import clock, languages
from pwa.clock import program_day
from pwa.db import db
from pwa.errors import KeyReused, LoyaltyError
from pwa.ledger import service as ledger
from pwa.members import birthdays
from pwa.members import service as members
from pwa.members.birthdays import Window
from pwa.missions import service as missions
from pwa.program.schema import Perk, Tier
from pwa.rewards import service as rewards
from pwa.tiers import errors, rules, service
from pwa.tiers.models import PerkTaken

BIRTHDAY, DOUBLE_DAY = "birthday", service.DOUBLE_DAY


class Share(NamedTuple):
    """One perk as one member sees it now."""

    perk: Perk
    used: int  # in this period
    used_year: int  # in this calendar year
    window: Window | None  # of her birthday
    why_not: LoyaltyError | None  # None: she can take one


class Count(NamedTuple):
    """What a member took of one perk."""

    used: int
    used_year: int


def shares(member_id: int, tier: Tier) -> list[Share]:
    """A tier's perks and her double days, with what she has used. Two statements at most."""
    offered = offered_by(tier)
    taken = _taken(member_id) if offered else []
    return [_share(member_id, perk, taken) for perk in offered]


def birthday_gift(member: members.Member, tier: Tier) -> Share | None:
    """The gift that waits for her now. Asks nothing while no window is open."""
    gift = next((perk for perk in tier.perks if perk.every == BIRTHDAY), None)
    window = _window(member.id, gift) if gift else None
    if gift is None or window is None or _her_day(member) < window.start:
        return None
    share = _share(member.id, gift, _taken(member.id))
    return None if share.why_not else share


def offered_by(tier: Tier) -> list[Perk]:
    """A tier's perks; its double days are one, too."""
    if not tier.double_days:
        return list(tier.perks)
    double = Perk.model_construct(
        code=DOUBLE_DAY, name=service.DOUBLE_NAME, art="ganda", every="year", times=tier.double_days
    )
    return [*tier.perks, double]


def take(member_id: int, code: str, key: str) -> PerkTaken:
    """Give a member one piece of a perk, exactly once for her key.

    A double day begins at once and ends with the program day. Raises NoSuchPerk, PerkUsedUp,
    NotYourBirthday, NoBirthday, BirthdayJustChanged, FreezesFull, SoldOut, KeyReused.
    """
    ledger.lock_members([member_id])
    mine = select(PerkTaken).where(PerkTaken.member_id == member_id, PerkTaken.key == key)
    if earlier := db.session.scalar(mine):
        if earlier.perk != _counted_as(code, earlier.perk):
            raise KeyReused()
        return earlier
    offered = offered_by(service.tier_of(member_id))
    perk = next((perk for perk in offered if perk.code == code), None)
    if perk is None:
        raise errors.NoSuchPerk()
    share = _share(member_id, perk, _taken(member_id))
    if share.why_not:
        raise share.why_not
    row = PerkTaken(
        member_id=member_id, perk=_bucket(perk), period=_period(perk, share.window),
        n=share.used + 1, key=key, on=program_day(), at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if perk.code != DOUBLE_DAY:
        _hand_over(perk, share.window, row)
    return row


def period_key(every: str, on: date) -> str:
    """2026-11, 2026-Q4 or 2026: what "so often" is counted in."""
    if every == "month":
        return f"{on:%Y-%m}"
    if every == "quarter":
        return f"{on.year}-Q{(on.month + 2) // 3}"
    return str(on.year)


def next_period(every: str, on: date) -> date:
    """The first day on which there are new ones."""
    first = on.replace(day=1)
    if every == "month":
        return rules.add_months(first, 1)
    if every == "quarter":
        return rules.add_months(first, 3 - (on.month - 1) % 3)
    return date(on.year + 1, 1, 1)


def _bucket(perk: Perk) -> str:
    """What is counted together: a birthday is once a year, whatever the tier calls it."""
    return BIRTHDAY if perk.every == "birthday" else perk.code


def _counted_as(code: str, kept: str) -> str:
    return kept if kept == BIRTHDAY else code


def _taken(member_id: int) -> Sequence[PerkTaken]:
    """What she took since the start of last year: a birthday's window may reach over it."""
    since = date(program_day().year - 1, 1, 1)
    mine = select(PerkTaken).where(PerkTaken.member_id == member_id, PerkTaken.on >= since)
    return db.session.scalars(mine).all()


def _share(member_id: int, perk: Perk, taken: Sequence[PerkTaken]) -> Share:
    window = _window(member_id, perk)
    today = program_day()
    mine = [row for row in taken if row.perk == _bucket(perk)]
    used = sum(row.period == _period(perk, window) for row in mine)
    used_year = sum(row.on.year == today.year for row in mine)
    why_not = _why_not(member_id, perk, used, window)
    if perk.code == DOUBLE_DAY and any(row.on == today for row in mine):
        why_not = errors.PerkUsedUp(day=languages.day(today + timedelta(days=1)))
    return Share(perk, used, used_year, window, why_not)


def _window(member_id: int, perk: Perk) -> Window | None:
    member = members.get(member_id)
    if perk.every != "birthday" or member.birthday is None:
        return None
    return birthdays.coming(member.birthday, perk.window, _her_day(member))


def _her_day(member: members.Member) -> date:
    """Birthdays follow the member's own zone (rule 5)."""
    return clock.now().astimezone(ZoneInfo(member.zone)).date()


def _period(perk: Perk, window: Window | None) -> str:
    return str(window.year) if window else period_key(perk.every, program_day())


def _why_not(member_id: int, perk: Perk, used: int, window: Window | None) -> LoyaltyError | None:
    if perk.every == "birthday":
        return _why_no_birthday(members.get(member_id), used, window)
    if used < perk.times:
        return None
    return errors.PerkUsedUp(day=languages.day(next_period(perk.every, program_day())))


def _why_no_birthday(
    member: members.Member, used: int, window: Window | None
) -> LoyaltyError | None:
    if window is None or member.birthday is None:
        return errors.NoBirthday()
    today = _her_day(member)
    changed_on = member.birthday_changed_on
    if changed_on and today < (free_on := birthdays.a_year_after(changed_on)):
        return errors.BirthdayJustChanged(day=languages.day(free_on, "d MMMM y"))
    if used:
        next_one = birthdays.window(member.birthday, "day", window.year + 1)
        return errors.PerkUsedUp(day=languages.day(next_one.start, "d MMMM y"))
    if today < window.start:
        return errors.NotYourBirthday(day=languages.day(window.start))
    return None


def _hand_over(perk: Perk, window: Window | None, row: PerkTaken) -> None:
    key = f"perk:{row.id}"
    if perk.prize.kind == "points":
        kind = "birthday" if perk.every == "birthday" else "campaign"
        ledger.earn(
            row.member_id, perk.prize.points, key=key, source=kind, reason=kind,
            facts={"title": perk.name.model_dump(exclude_none=True)},
        )  # fmt: skip
    elif perk.prize.kind == "freeze":
        if not missions.give_freeze(row.member_id, key):
            raise errors.FreezesFull()
    else:
        assert perk.prize.reward is not None, perk
        voucher = rewards.issue_prize(
            row.member_id, perk.prize.reward, key=key, source="perk",
            expires_at=clock.day_end(window.end) if window else None,
        )  # fmt: skip
        row.voucher_code = voucher.code
