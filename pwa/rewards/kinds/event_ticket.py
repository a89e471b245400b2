"""A ticket to an event. It is good until the doors close, whenever it was redeemed."""

from __future__ import annotations

from datetime import datetime

from pydantic import AwareDatetime

from pwa.rewards.kinds import Issued, KindSettings


class Settings(KindSettings):
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: str


def issue(settings: Settings, voucher_id: int) -> Issued:
    ends_at: datetime = settings.ends_at
    return Issued({"place": settings.place}, expires_at=ends_at)
