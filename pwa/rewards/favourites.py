"""The rewards a member wants. Callers commit."""

from __future__ import annotations

from sqlalchemy import delete, select

from pwa import counters
from pwa.clock import now
from pwa.db import db
from pwa.rewards import catalogue
from pwa.rewards.models import Favourite


def of_member(member_id: int) -> frozenset[str]:
    """Codes of what she wants. One statement."""
    mine = select(Favourite.reward_code).where(Favourite.member_id == member_id)
    return frozenset(db.session.scalars(mine))


def keep(member_id: int, reward_code: str) -> None:
    """Want a reward; again changes nothing. Raises NoSuchReward."""
    catalogue.reward(reward_code)
    row = counters.insert(Favourite).values(member_id=member_id, reward_code=reward_code, at=now())
    db.session.execute(row.on_conflict_do_nothing(index_elements=["member_id", "reward_code"]))


def drop(member_id: int, reward_code: str) -> None:
    db.session.execute(
        delete(Favourite).where(
            Favourite.member_id == member_id, Favourite.reward_code == reward_code
        )
    )


def adopt(kept_id: int, closed_id: int) -> None:
    """One person's two accounts want the same."""
    for code in of_member(closed_id) - of_member(kept_id):
        row = Favourite(member_id=kept_id, reward_code=code, at=now())
        db.session.add(row)
    forget(closed_id)


def forget(member_id: int) -> None:
    db.session.execute(delete(Favourite).where(Favourite.member_id == member_id))
