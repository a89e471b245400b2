"""Something to take part in by appointment: a cupping, a class, a tour of the roastery."""

from __future__ import annotations

from pwa.rewards.kinds import Issued, KindSettings


class Settings(KindSettings):
    book_with: str  # whom to call or write to for a date
    place: str = ""


def issue(settings: Settings, voucher_id: int) -> Issued:
    return Issued({"book_with": settings.book_with, "place": settings.place})
