"""Queue a message in the caller's transaction; it goes out after the commit.

messages.queue(Message(...), key="code:...", expires_at=...)
outbox.commit()
messages.send_soon()
"""

from __future__ import annotations

from datetime import datetime

from pwa.clock import now
from pwa.db import claim
from pwa.messages import senders
from pwa.messages.jobs_soon import send_soon
from pwa.messages.message import Message, seal
from pwa.messages.models import QueuedMessage

__all__ = ["Message", "queue", "reaches", "send_soon"]


def reaches(message: Message) -> bool:
    """Whether any sender of this shop can bring `message` to its person."""
    return any(sender.reaches(message) for sender in senders.current())


def queue(message: Message, *, key: str, expires_at: datetime) -> bool:
    """Have `message` sent once for `key`, before `expires_at`; False if nobody can send it.

    The caller commits, and then calls send_soon() or leaves it to the worker.
    """
    if not reaches(message):
        return False
    row = QueuedMessage(
        key=key,
        kind=message.kind,
        sealed=seal(message),
        made_at=now(),
        due_at=now(),
        expires_at=expires_at,
    )
    claim(row, key=key)
    return True
