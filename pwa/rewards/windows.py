"""When a reward may be redeemed and, apart from that, when and where its voucher may be used."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask_babel import gettext as _

from pwa import clock, languages
from pwa.errors import LoyaltyError
from pwa.program import service as program
from pwa.program.schema import Reward, Tier
from pwa.rewards.errors import NotNow, NotYet, Over, VoucherRefused, WrongOutlet

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def opens_at(reward: Reward, tier: Tier) -> datetime | None:
    """When this tier may redeem it: early access is so many hours before the others."""
    if reward.redeem_from is None:
        return None
    return reward.redeem_from - timedelta(hours=reward.early_hours.get(tier.code, tier.early_hours))


def why_not_redeem(reward: Reward, tier: Tier, at: datetime) -> LoyaltyError | None:
    """NotYet or Over, as of `at`."""
    name = languages.text(reward.name)
    opens = opens_at(reward, tier)
    if opens and at < opens:
        return NotYet(reward=name, when=languages.when(opens), opens_at=opens)
    return Over(reward=name) if is_over(reward, at) else None


def is_over(reward: Reward, at: datetime) -> bool:
    return reward.redeem_until is not None and at >= reward.redeem_until


def expires_at(reward: Reward, issued_at: datetime) -> datetime:
    """The end of the last program day, or of the window of use if that is earlier."""
    last_on = clock.program_day(issued_at) + timedelta(days=reward.valid_days)
    if reward.use_from and reward.use_from > issued_at:
        last_on = clock.program_day(reward.use_from) + timedelta(days=reward.valid_days)
    end = clock.day_end(last_on)
    return min(end, reward.use_until) if reward.use_until else end


def why_not_use(reward: Reward, outlet_code: str, at: datetime) -> VoucherRefused | None:
    """WrongOutlet or NotNow, as of `at`."""
    if reward.outlets and outlet_code not in reward.outlets:
        return WrongOutlet(outlets=_outlet_names(reward))
    if reward.use_from and at < reward.use_from:
        return NotNow(when=_("mulai %(when)s", when=languages.when(reward.use_from)))
    if not _is_hour(reward, at):
        return NotNow(when=hours_in_words(reward))
    return None


def hours_in_words(reward: Reward) -> str:
    """Senin, Selasa, 08.00 sampai 11.00: empty when it is always."""
    monday = datetime(2024, 1, 1, tzinfo=clock.program_zone()).date()
    days = [
        languages.day(monday + timedelta(days=WEEKDAYS.index(day)), "EEEE")
        for day in reward.weekdays
    ]
    hours = ""
    if reward.from_time or reward.until_time:
        since, until = reward.from_time or "00:00", reward.until_time or "24:00"
        hours = _("%(since)s sampai %(until)s", since=_dotted(since), until=_dotted(until))
    return ", ".join([*days, hours] if hours else days)


def _is_hour(reward: Reward, at: datetime) -> bool:
    local = at.astimezone(clock.program_zone())
    if reward.weekdays and WEEKDAYS[clock.program_day(at).weekday()] not in reward.weekdays:
        return False
    since = time.fromisoformat(reward.from_time or "00:00")
    until = time.fromisoformat(reward.until_time) if reward.until_time else time.max
    if since <= until:
        return since <= local.time() < until
    return local.time() >= since or local.time() < until


def _dotted(clock_time: str) -> str:
    return clock_time.replace(":", ".")


def _outlet_names(reward: Reward) -> str:
    found = program.current()
    known = [found.outlet(code) for code in reward.outlets]
    return ", ".join(languages.text(outlet.name) for outlet in known if outlet)
