"""What playing has to do when it is due: promise the coming days, close what was left open."""

from __future__ import annotations

from datetime import datetime

from pwa.play import quizzes, wheels


def promise(now: datetime, limit: int) -> int:
    """Publish the commitments of today and tomorrow."""
    return wheels.prepare_ahead()


def close_quizzes(now: datetime, limit: int) -> int:
    """Pay the quiz attempts that nobody came back to, once their day is over."""
    return quizzes.close_abandoned(limit)


JOBS = {"promise game days": promise, "close abandoned quizzes": close_quizzes}
