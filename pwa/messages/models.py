from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey

_OPEN = text("state = 'queued'")


class QueuedMessage(Base):
    """A message on its way. What it says, and to whom, is sealed, and gone once it is sent."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_open", "due_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
        CheckConstraint("state in ('queued', 'sent', 'failed')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # why it is sent, once
    kind: Mapped[str]  # "code", "notice"
    sealed: Mapped[str]  # the Message, encrypted; "" once it is sent or given up
    state: Mapped[str] = mapped_column(default="queued")
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]  # the next try; while one runs, the end of its lease
    expires_at: Mapped[datetime]  # after this it helps nobody
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(default="")  # the last error's kind, never its text
