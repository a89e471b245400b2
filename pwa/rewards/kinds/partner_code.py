"""A partner's code out of a pool that the owner uploaded. Each is given once."""

from __future__ import annotations

from pwa.rewards import pools
from pwa.rewards.kinds import Issued, KindSettings


class Settings(KindSettings):
    pool: str


def issue(settings: Settings, voucher_id: int) -> Issued:
    return Issued({"partner_code": pools.take(settings.pool, voucher_id)})
