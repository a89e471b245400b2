"""A tier that staff give by hand: until a day, for a reason, in the audit log. Callers commit."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import KeyReused, NotAllowed
from pwa.program import service as program
from pwa.staff import service as staff_service
from pwa.staff.models import Staff
from pwa.tiers import service
from pwa.tiers.errors import BadGrant
from pwa.tiers.models import TierGrant

MARK = "manual:"
REASON_LEAST = 3


def grant(
    member_id: int, tier_code: str, until_on: date, reason: str, staff: Staff | None, key: str
) -> TierGrant:
    """Let a member hold a tier from today until a day, exactly once for `key`.

    It is no floor: it ends on its day, and what she reaches herself counts beside it. `staff`
    None is the command line. Raises NotAllowed (a cashier), BadGrant, KeyReused.
    """
    _allow(staff)
    above_first = [tier.code for tier in program.current().tiers[1:]]
    reason = reason.strip()
    if tier_code not in above_first or until_on < program_day() or len(reason) < REASON_LEAST:
        raise BadGrant()
    before = service.tier_of(member_id).code
    row = TierGrant(
        member_id=member_id, tier_code=tier_code, source=f"{MARK}{key}", from_on=program_day(),
        until_on=until_on, reason=reason, staff_id=staff.id if staff else None, at=now(),
    )  # fmt: skip
    stored, is_ours = claim(row, member_id=member_id, tier_code=tier_code, source=row.source)
    if not is_ours:
        if (stored.until_on, stored.reason) != (until_on, reason):
            raise KeyReused()
        return stored
    after = {"tier": tier_code, "until": until_on.isoformat(), "reason": reason}
    staff_service.record(staff, "tier.granted", f"member:{member_id}", {"tier": before}, after)
    told = f"{member_id}:{tier_code}:{row.source}"
    outbox.tell("tier.reached", told, member_id, tier=tier_code, until=until_on.isoformat())
    return stored


def end(member_id: int, reason: str, staff: Staff | None) -> int:
    """End today what staff gave by hand; how many grants that were. Raises NotAllowed, BadGrant."""
    _allow(staff)
    if len(reason.strip()) < REASON_LEAST:
        raise BadGrant()
    before = service.tier_of(member_id).code
    open_ones = open_grants(member_id)
    for row in open_ones:
        row.until_on = program_day() - timedelta(days=1)
    if open_ones:
        db.session.flush()
        after = {"tier": service.tier_of(member_id).code, "reason": reason.strip()}
        staff_service.record(staff, "tier.ended", f"member:{member_id}", {"tier": before}, after)
    return len(open_ones)


def open_grants(member_id: int) -> list[TierGrant]:
    """What staff gave this member by hand and still holds."""
    mine = select(TierGrant).where(
        TierGrant.member_id == member_id,
        TierGrant.source.startswith(MARK, autoescape=True),
        TierGrant.until_on >= program_day(),
    )
    return list(db.session.scalars(mine.order_by(TierGrant.id)))


def _allow(staff: Staff | None) -> None:
    if staff is not None and not staff_service.may(staff, "manager"):
        raise NotAllowed()
