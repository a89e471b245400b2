"""Corrections by staff: with a reason, a limit, and a second person above it."""

from __future__ import annotations

from sqlalchemy import func, select

from pwa.clock import day_start, now, program_day
from pwa.db import claim, db
from pwa.errors import KeyReused, NotAllowed
from pwa.ledger.chart import ISSUING, Source
from pwa.ledger.errors import AlreadyDecided, NeedsSecondPerson, UnknownMovement
from pwa.ledger.models import Proposal, TransactionRow
from pwa.ledger.movements import give, spend
from pwa.ledger.policy import adjustment_limit_points
from pwa.ledger.store import lock_members
from pwa.ledger.transaction import Transaction


def adjust(
    member_id: int,
    points: int,
    *,
    key: str,
    actor: str,
    note: str,
    reason: str = "adjustment",
    approver: str | None = None,
) -> Transaction:
    """Correct a member's points by `points` (signed, not 0), for the stated `note`.

    The limit counts what `actor` alone gave or took of this member today, so that ten small
    corrections are no way round it. Raises NeedsSecondPerson (see `propose`),
    NotEnoughPoints and KeyReused.
    """
    assert points != 0, "a correction of nothing"
    assert actor, "somebody corrects"
    assert note.strip(), "a correction says why"
    if approver is None or approver == actor:
        _check_limit(member_id, points, key, actor)
    facts = {"note": note.strip()} | ({"approver": approver} if approver else {})
    if points > 0:
        return give(
            member_id,
            points,
            origin=Source.ADJUSTMENT,
            key=key,
            reason=reason,
            actor=actor,
            facts=facts,
            by_member=False,
        )
    return spend(
        member_id,
        -points,
        to=ISSUING[Source.ADJUSTMENT],
        kind="adjust",
        key=key,
        reason=reason,
        actor=actor,
        facts=facts,
        by_member=False,
    )


def propose(
    member_id: int, points: int, *, key: str, actor: str, note: str, reason: str = "adjustment"
) -> Proposal:
    """Put a correction before a second person. A replay of `key` returns the first."""
    assert points != 0, "a correction of nothing"
    assert actor, "somebody proposes"
    assert note.strip(), "a correction says why"
    row = Proposal(
        key=key,
        member_id=member_id,
        points=points,
        reason=reason,
        note=note.strip(),
        actor=actor,
        proposed_at=now(),
    )
    stored, is_ours = claim(row, key=key)
    if not is_ours and (stored.member_id, stored.points) != (member_id, points):
        raise KeyReused(key=key)
    return stored


def approve(proposal_id: int, *, actor: str) -> Transaction:
    """A second person agrees: the correction is made. The proposer can't be that person.

    Raises NotAllowed, AlreadyDecided and NotEnoughPoints.
    """
    proposal = _undecided(proposal_id)
    if proposal.actor == actor:
        raise NotAllowed()
    _decide(proposal, actor, approved=True)
    return adjust(
        proposal.member_id,
        proposal.points,
        key=f"proposal:{proposal.id}",
        actor=proposal.actor,
        note=proposal.note,
        reason=proposal.reason,
        approver=actor,
    )


def decline(proposal_id: int, *, actor: str) -> None:
    """Somebody disagrees, or the proposer withdraws. Raises AlreadyDecided."""
    _decide(_undecided(proposal_id), actor, approved=False)


def proposals() -> list[Proposal]:
    """The corrections that wait for a second person, oldest first."""
    query = select(Proposal).where(Proposal.decided_at.is_(None)).order_by(Proposal.id)
    return list(db.session.scalars(query))


def _undecided(proposal_id: int) -> Proposal:
    query = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    proposal = db.session.scalar(query.execution_options(populate_existing=True))
    if proposal is None:
        raise UnknownMovement(key=proposal_id)
    if proposal.decided_at is not None:
        raise AlreadyDecided()
    return proposal


def _decide(proposal: Proposal, actor: str, approved: bool) -> None:
    proposal.decided_by = actor
    proposal.decided_at = now()
    proposal.approved = approved
    db.session.flush()


def _check_limit(member_id: int, points: int, key: str, actor: str) -> None:
    table = TransactionRow
    connection = db.session.connection()
    lock_members([member_id])  # or two at once would each be within the limit
    if connection.execute(select(table.id).where(table.key == key)).first():
        return  # a replay moves nothing
    limit = adjustment_limit_points()
    alone = select(func.coalesce(func.sum(func.abs(table.points)), 0)).where(
        table.member_id == member_id,
        table.kind == "adjust",
        table.actor == actor,
        ~table.key.startswith("proposal:", autoescape=True),
        table.recorded_at >= day_start(program_day()),
    )
    if abs(points) + int(connection.execute(alone).scalar_one()) > limit:
        raise NeedsSecondPerson(limit=limit)
