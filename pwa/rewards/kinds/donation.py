"""Points given to a cause: the shop pays the amount, and nothing is left for a till to do."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pwa.rewards.kinds import Issued, KindSettings


class Settings(KindSettings):
    cause: str
    amount_rupiah: Annotated[int, Field(ge=1, le=1_000_000_000)]


def issue(settings: Settings, voucher_id: int) -> Issued:
    return Issued({"cause": settings.cause}, is_done=True)
