"""Handing over what a game gave. Callers commit."""

from __future__ import annotations

from datetime import timedelta

from games.prize import Prize as RulesPrize
from pwa.clock import program_day
from pwa.ledger import service as ledger
from pwa.missions import service as missions
from pwa.play import tickets
from pwa.play.models import Player
from pwa.program.schema import Prize, Text
from pwa.rewards import service as rewards


def said(given: RulesPrize) -> Prize:
    """A prize of the rules in the program file's words."""
    return Prize.model_validate(
        {"kind": given.kind, "points": given.points, "reward": given.reward or None}
    )


def hand_over(
    player: Player, prize: Prize, *, key: str, game: str, source: str, title: Text
) -> None:
    """Give `prize` to the player, exactly once for `key`.

    Raises what the reward's kind refuses (SoldOut ...) for a voucher or a product.
    """
    if prize.kind == "points":
        ledger.earn(
            player.member_id,
            prize.points,
            key=key,
            source="quiz" if source == "quiz" else "wheel",
            reason=source,
            facts={"title": title.model_dump(exclude_none=True)},
        )
    elif prize.kind in ("voucher", "product"):
        assert prize.reward is not None, prize
        rewards.issue_prize(player.member_id, prize.reward, key=key, source=source)
    elif prize.kind == "spin":
        until_on = program_day() + timedelta(days=tickets.GOOD_DAYS)
        tickets.give(player, game, f"won:{key}", until_on)
    elif prize.kind == "freeze":
        missions.give_freeze(player.member_id, key)
