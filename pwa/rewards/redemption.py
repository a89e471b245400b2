"""Getting a reward: points, stock and voucher in the caller's one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from pwa import languages, outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import KeyReused
from pwa.ledger import service as ledger
from pwa.members import codes
from pwa.program.schema import Reward
from pwa.rewards import catalogue, kinds, limits, windows
from pwa.rewards.errors import TierTooLow
from pwa.rewards.models import Redemption, Voucher
from pwa.tiers import service as tiers

TRIES = 5
CATALOGUE = "catalogue"  # the source of what a member redeemed herself


def redeem(member_id: int, reward_code: str, key: str) -> Voucher:
    """Spend a member's points on a reward, exactly once for her key: its voucher.

    Replaying a key returns the first voucher. Raises NoSuchReward, TierTooLow, SoldOut,
    SoldOutToday, LimitReached, NotYet, Over, NotEnoughPoints, KeyReused.
    """
    if earlier := _earlier(member_id, key, reward_code):
        return earlier
    with db.session.begin_nested():  # refused, it leaves nothing behind
        return _redeem(member_id, catalogue.reward(reward_code), key)


def issue_prize(
    member_id: int, reward_code: str, *, key: str, source: str, expires_at: datetime | None = None
) -> Voucher:
    """Give a member a voucher as a prize, exactly once for `key`. `source` says of what.

    `expires_at` ends it earlier than the reward would.
    A prize counts against the reward's stock but not against the member's own limit.
    Raises NoSuchReward, SoldOut, SoldOutToday, KeyReused.
    """
    if earlier := _earlier(member_id, key, reward_code):
        return earlier
    with db.session.begin_nested():
        voucher = _give(member_id, catalogue.reward(reward_code), key, source)
        if expires_at:
            voucher.expires_at = min(voucher.expires_at, expires_at)
        return voucher


def free_voucher_code() -> str:
    """A voucher code that nobody has."""
    for _attempt in range(TRIES):
        code = codes.new_voucher_code()
        if not db.session.scalar(select(Voucher.id).where(Voucher.code == code)):
            return code
    raise AssertionError("no free voucher code in five draws")


def _redeem(member_id: int, reward: Reward, key: str) -> Voucher:
    # First the member, then the reward's counters: everybody in one order, nobody deadlocks.
    ledger.lock_members([member_id])
    redemption, is_ours = _claim(member_id, reward, key, CATALOGUE, reward.price_points)
    if not is_ours:
        return _voucher_of(redemption, reward.code)
    _check(reward, member_id)
    _burn(redemption, reward)
    limits.take(reward, member_id)
    return _issue(redemption, reward)


def _give(member_id: int, reward: Reward, key: str, source: str) -> Voucher:
    ledger.lock_members([member_id])
    redemption, is_ours = _claim(member_id, reward, key, source, 0)
    if not is_ours:
        return _voucher_of(redemption, reward.code)
    limits.take(reward, None)
    return _issue(redemption, reward)


def _earlier(member_id: int, key: str, reward_code: str) -> Voucher | None:
    found = db.session.scalar(
        select(Redemption).where(Redemption.member_id == member_id, Redemption.key == key)
    )
    return _voucher_of(found, reward_code) if found else None


def _voucher_of(redemption: Redemption, reward_code: str) -> Voucher:
    if redemption.reward_code != reward_code:
        raise KeyReused()
    newest = select(Voucher).where(Voucher.redemption_id == redemption.id)
    found = db.session.scalar(newest.order_by(Voucher.id.desc()).limit(1))
    assert found is not None, "a redemption without its voucher"
    return found


def _claim(
    member_id: int, reward: Reward, key: str, source: str, price_points: int
) -> tuple[Redemption, bool]:
    row = Redemption(
        key=key,
        member_id=member_id,
        reward_code=reward.code,
        price_points=price_points,
        source=source,
        at=now(),
        on=program_day(),
    )
    return claim(row, member_id=member_id, key=key)


def _check(reward: Reward, member_id: int) -> None:
    """Refuse by tier and by window; both hold for the whole unit of work."""
    tier = tiers.tier_of(member_id)
    if not catalogue.tier_is_enough(reward, tier):
        raise TierTooLow(reward=languages.text(reward.name), tier=catalogue.tier_names(reward))
    if refusal := windows.why_not_redeem(reward, tier, now()):
        raise refusal


def _burn(redemption: Redemption, reward: Reward) -> None:
    ledger.burn(
        redemption.member_id,
        reward.price_points,
        key=f"redemption:{redemption.id}",
        reason="redemption",
        refers_to=f"redemption:{redemption.id}",
        facts={"title": reward.name.model_dump(exclude_none=True), "reward": reward.code},
    )


def _finish(voucher: Voucher, reward: Reward) -> None:
    """What the kind adds at once: a partner's code, a donation that is done."""
    given = kinds.issue(reward.kind, kinds.settings(reward.kind, dict(reward.settings)), voucher.id)
    if given is None:
        return
    voucher.extra = dict(given.extra)
    if given.expires_at:
        voucher.expires_at = min(voucher.expires_at, given.expires_at)
    if given.is_done:
        voucher.state, voucher.used_at = "used", voucher.issued_at
    db.session.flush()


def _issue(redemption: Redemption, reward: Reward) -> Voucher:
    instant = now()
    voucher = Voucher(
        code=free_voucher_code(),
        redemption_id=redemption.id,
        member_id=redemption.member_id,
        reward_code=reward.code,
        reward=reward.model_dump(mode="json", exclude_none=True, exclude_defaults=True),
        extra={},
        issued_at=instant,
        expires_at=windows.expires_at(reward, instant),
    )
    db.session.add(voucher)
    db.session.flush()
    _finish(voucher, reward)
    outbox.tell(
        "reward.redeemed",
        redemption.id,
        redemption.member_id,
        reward=reward.code,
        points=redemption.price_points,
        voucher=voucher.code,
        source=redemption.source,
        expires_at=voucher.expires_at.isoformat(),
    )
    return voucher
