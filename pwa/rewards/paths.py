"""Hampir dapat: the fewest sure steps to the nearest reward. Never counts on luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from pwa import languages
from pwa.languages import rupiah
from pwa.members.models import Member
from pwa.missions import service as missions
from pwa.missions.board import Item
from pwa.program import service as program
from pwa.program.schema import Tier
from pwa.rewards.catalogue import Offer

STEPS_MOST = 3
FAR_PERCENT = 50  # a reward that misses more than this of its price is not near
COSTS_MONEY = ("purchase", "outlet_visited")
TONES = {"quiz_done": "nila", "check_in": "leaf", "spin": "sun", "friend_joined": "pink"}


class Step(NamedTuple):
    tone: str
    text: str
    points: int
    href: str | None


class Path(NamedTuple):
    """What is missing to a reward, and steps that are certain to fill it."""

    offer: Offer
    steps: Sequence[Step]


def to(offer: Offer | None, member: Member, tier: Tier) -> Path | None:
    """The way to `offer` by today's open missions, then by buying; None if it is far."""
    if offer is None or offer.missing_points * 100 > offer.reward.price_points * FAR_PERCENT:
        return None
    steps: list[Step] = []
    missing = offer.missing_points
    for item in fewest(_sure(missions.today(member)), missing, STEPS_MOST - 1):
        steps.append(_mission(item))
        missing -= item.points
    if missing > 0:
        steps.append(_purchase(missing, tier))
    return Path(offer, steps)


def fewest(items: Sequence[Item], missing: int, most: int) -> list[Item]:
    """The fewest items that fill `missing`; the largest `most` where they all don't."""
    by_points = sorted(items, key=lambda item: -item.points)
    chosen: list[Item] = []
    for item in by_points[:most]:
        if missing <= 0:
            break
        # The last step is the smallest that is enough: nobody should do more than needed.
        enough = [i for i in by_points if i.points >= missing and i not in chosen]
        chosen.append(enough[-1] if enough else item)
        missing -= chosen[-1].points
    return chosen


def _sure(items: Sequence[Item]) -> list[Item]:
    """Open missions that pay points for doing and not for luck or money."""
    return [
        item
        for item in items
        if item.state in ("todo", "doing") and item.points and item.trigger not in COSTS_MONEY
    ]


def _mission(item: Item) -> Step:
    # A check-in is made on Home; the mission itself has no page.
    href = "/" if item.trigger == "check_in" else item.href
    return Step(TONES.get(item.trigger, "sky"), languages.text(item.name), item.points, href)


def _purchase(missing: int, tier: Tier) -> Step:
    """Buying for the rest, at this member's own rate, rounded up to a full Rp1.000."""
    rate = program.current().earning.rupiah_per_point
    exact = -(-missing * rate * 100 // tier.multiplier_percent)
    amount = -(-exact // 1000) * 1000
    return Step("sky", _("Belanja %(amount)s", amount=rupiah(amount)), missing, None)
