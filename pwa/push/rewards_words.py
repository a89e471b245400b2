"""What notices about vouchers keep of them."""

from __future__ import annotations

from typing import Any

from pwa.program import service as program
from pwa.push.words import dumped
from pwa.rewards.expiring import is_unused

__all__ = ["is_unused", "reward_facts"]


def reward_facts(told: dict[str, Any]) -> dict[str, Any]:
    """Facts of a voucher from what `reward.redeemed` told."""
    return {**of(told["reward"]), "voucher": told["voucher"], "points": told.get("points", 0),
            "expires_at": told["expires_at"]}  # fmt: skip


def of(reward_code: str) -> dict[str, Any]:
    """The reward's name and drawing; the program may have dropped it meanwhile."""
    reward = program.current().reward(reward_code)
    name = dumped(reward.name) if reward else {"id": reward_code}
    return {"name": name, "art": reward.art if reward else "hadiah"}
