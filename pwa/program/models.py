from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class ProgramVersion(Base):
    """One applied program document. The newest one is in force; none is ever changed."""

    __tablename__ = "program_version"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    digest: Mapped[str]  # SHA-256 of the canonical document, hex
    document: Mapped[dict[str, Any]]
    applied_at: Mapped[datetime]
    actor: Mapped[str]
    zone: Mapped[str]  # the program day's zone from zone_since_on on
    zone_since_on: Mapped[date | None]  # None: from the beginning


# What tells the program in force from any other, without its document.
NEWEST = (
    select(ProgramVersion.id, ProgramVersion.digest, ProgramVersion.applied_at)
    .order_by(ProgramVersion.id.desc())
    .limit(1)
    .subquery("newest_program")
)
