"""What a member can get: each reward with what is left, what is missing, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pwa import counters, languages
from pwa.clock import now
from pwa.errors import LoyaltyError, NotEnoughPoints
from pwa.program import service as program
from pwa.program.schema import Reward, Tier
from pwa.rewards import limits, windows
from pwa.rewards.errors import NoSuchReward, TierTooLow
from pwa.rewards.limits import Limit


class Offer(NamedTuple):
    """One reward as one member sees it now."""

    reward: Reward
    missing_points: int  # 0: she has enough
    left: int | None  # pieces that can be had today; None: without limit
    why_not: LoyaltyError | None  # None: she can redeem it

    @property
    def is_near(self) -> bool:
        """Whether only points are missing."""
        return isinstance(self.why_not, NotEnoughPoints)


class Highlights(NamedTuple):
    """What Home shows of the catalogue."""

    near: Reward | None
    ready: Sequence[Reward]  # at most two


def reward(code: str) -> Reward:
    """The reward with this code. Raises NoSuchReward."""
    found = program.current().reward(code)
    if found is None:
        raise NoSuchReward()
    return found


def offers(member_id: int, spendable: int, tier: Tier) -> list[Offer]:
    """The catalogue for a member, in the program's order, without what is over. One statement."""
    open_ones = [r for r in program.current().rewards if not windows.is_over(r, now())]
    return _offers(open_ones, member_id, spendable, tier)


def offer(code: str, member_id: int, spendable: int, tier: Tier) -> Offer:
    """One reward for a member. Raises NoSuchReward."""
    return _offers([reward(code)], member_id, spendable, tier)[0]


def nearest(found: Iterable[Offer]) -> Offer | None:
    """The reward that is missing the fewest points, of those that nothing else keeps from her."""
    return min((o for o in found if o.is_near), key=lambda o: o.missing_points, default=None)


SHELVES = ("now", "near", "soon", "tier", "later")


def shelves(found: Iterable[Offer]) -> dict[str, list[Offer]]:
    """The catalogue in five: what she can get now; what misses points, least first; what opens
    soon for her tier; what other tiers have; the rest, sold out or her share of it taken.
    """
    kept: dict[str, list[Offer]] = {name: [] for name in SHELVES}
    for one in found:
        kept[_shelf(one.why_not)].append(one)
    kept["near"].sort(key=lambda one: one.missing_points)
    return {name: offers for name, offers in kept.items() if offers}


def matching(found: Iterable[Offer], typed: str) -> list[Offer]:
    """Those whose name or text has every word that was typed, in the reader's language."""
    wanted = typed.casefold().split()
    return [one for one in found if all(word in _words(one.reward) for word in wanted)]


def _words(given: Reward) -> str:
    kind = program.category_name(given.category)
    return " ".join((languages.text(given.name), languages.text(given.text), kind)).casefold()


def _shelf(why_not: LoyaltyError | None) -> str:
    if why_not is None:
        return "now"
    codes = {"not_enough_points": "near", "not_yet": "soon", "tier_too_low": "tier"}
    return codes.get(why_not.code, "later")


def highlights_of(found: Sequence[Offer]) -> Highlights:
    """The nearest reward, and the two dearest that can be redeemed now."""
    ready = sorted((o for o in found if o.why_not is None), key=lambda o: -o.reward.price_points)
    near = nearest(found)
    return Highlights(near.reward if near else None, [offer.reward for offer in ready[:2]])


def tier_is_enough(given: Reward, tier: Tier) -> bool:
    return not given.tiers or tier.code in given.tiers


def tier_names(given: Reward) -> str:
    """The lowest of the tiers that may have the reward, by name."""
    return languages.text(program.current().tier(given.tiers[0]).name)


def _offers(rewards: Sequence[Reward], member_id: int, spendable: int, tier: Tier) -> list[Offer]:
    of_stock = {r.code: limits.of_stock(r) for r in rewards}
    of_member = {r.code: limits.of_member(r, member_id) for r in rewards}
    both = (limit for known in (of_stock, of_member) for found in known.values() for limit in found)
    given = counters.given(limit.counter for limit in both)
    return [_offer(r, of_stock[r.code], of_member[r.code], given, spendable, tier) for r in rewards]


def _offer(
    given: Reward, of_stock: list[Limit], of_member: list[Limit], counts: dict[str, int],
    spendable: int, tier: Tier,
) -> Offer:  # fmt: skip
    missing = max(0, given.price_points - spendable)
    left = min((_pieces(limit, counts) for limit in of_stock), default=None)
    reached = [limit for limit in (*of_stock, *of_member) if not _pieces(limit, counts)]
    return Offer(given, missing, left, _why_not(given, tier, reached, missing))


def _pieces(limit: Limit, counts: dict[str, int]) -> int:
    return max(0, limit.most - counts[limit.counter]) // limit.amount


def _why_not(given: Reward, tier: Tier, reached: list[Limit], missing: int) -> LoyaltyError | None:
    name = languages.text(given.name)
    if not tier_is_enough(given, tier):
        return TierTooLow(reward=name, tier=tier_names(given))
    if refusal := windows.why_not_redeem(given, tier, now()):
        return refusal
    if reached:
        return reached[-1].refusal(reward=name)
    return NotEnoughPoints(missing=languages.number(missing)) if missing else None
