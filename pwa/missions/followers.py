"""Which events of the outbox feed missions. A new trigger is one line here.

The left side is what features tell; the right side is what games/mission.py calls it.
"""

from __future__ import annotations

from datetime import date

from pwa import outbox
from pwa.missions import progress, returns, service
from pwa.program.schema import Prize


def _as(kind: str, **data: object) -> outbox.Follower:
    def follower(told: outbox.Event) -> None:
        # A play that waits for the owner counts when she releases it: it is told again then.
        if told.member_id is not None and told.data.get("state") != "held":
            progress.count(told.member_id, told.id, progress.event_of(told, kind, **data))

    return follower


def _check_in(told: outbox.Event) -> None:
    """Counted when it was made already; this is for those a crash left half told."""
    if told.member_id is not None:
        event = progress.event_on(date.fromisoformat(told.data["on"]), "check_in")
        progress.count(told.member_id, told.id, event)


def _goods_returned(told: outbox.Event) -> None:
    if told.member_id is not None:
        data = told.data
        returns.goods_returned(
            told.member_id, data["purchase"], data["amount_rupiah"], data["left_rupiah"],
            data["paid_rupiah"],
        )  # fmt: skip


def _freeze_won(told: outbox.Event) -> None:
    if told.member_id is not None and Prize.model_validate(told.data["prize"]).kind == "freeze":
        service.give_freeze(told.member_id, told.key)


FOLLOWS = {
    "check_in.made": _check_in,
    "purchase.recorded": _as("purchase"),
    "purchase.refunded": _goods_returned,
    "spin.made": _as("game_played", game="wheel"),
    "game.played": _as("game_played"),
    "quiz.done": _as("quiz_done"),
    "profile.completed": _as("profile_completed"),
    "push.subscribed": _as("push_on"),
    "review.written": _as("review"),
    "survey.answered": _as("survey"),
    "friend.joined": _as("friend_joined"),
    "friend.bought": _as("friend_bought"),
    "voucher.used": _as("voucher_used"),
    "outlet.visited": _as("visit"),
    "mission.done": _freeze_won,
}
