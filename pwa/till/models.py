from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pwa.db import Base, BigKey


class OfflineAct(Base):
    """What a till did without a network, as it told us later, and what came of it."""

    __tablename__ = "till_offline_act"
    __table_args__ = (
        CheckConstraint("kind in ('voucher', 'purchase')", name="kind_known"),
        CheckConstraint("result in ('done', 'over', 'double', 'refused')", name="result_known"),
        Index(
            "ix_till_offline_act_open",
            "id",
            postgresql_where=text("result <> 'done' AND seen_at IS NULL"),
            sqlite_where=text("result <> 'done' AND seen_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # "<staff>:<the till's own key>"
    digest: Mapped[str]  # SHA-256 of what was told, hex: a replay must tell the same
    kind: Mapped[str]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))  # who did it
    sent_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))  # who was logged in later
    outlet_code: Mapped[str]
    subject: Mapped[str]  # "voucher:KW74F29Q", "purchase:R2222222N", "card:…3521"
    amount_rupiah: Mapped[int]  # of the purchase, or what the voucher is worth
    result: Mapped[str]
    reason: Mapped[str]  # a refusal's code; "" when all is well
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # the use that was before it
    since_at: Mapped[datetime]  # when the till had last heard from us: one time without a network
    made_at: Mapped[datetime]
    told_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
