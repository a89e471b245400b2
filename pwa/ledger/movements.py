"""Earning, spending, and moving points between members. Nothing here commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from pwa.clock import now, program_day
from pwa.db import db
from pwa.errors import NotEnoughPoints
from pwa.ledger import at_once, store
from pwa.ledger.chart import ISSUING, Kind, Program, Source, account
from pwa.ledger.expiry import Expiry
from pwa.ledger.models import Wallet
from pwa.ledger.posting import Entry, NewLot, Posting, WalletState, digest, out_of, pay_in, take
from pwa.ledger.store import Locked
from pwa.ledger.transaction import Transaction

Facts = dict[str, Any]


def open_accounts(member_id: int) -> None:
    """Open a member's four accounts, empty. Called once, when the member joins."""
    db.session.connection().execute(insert(Wallet.__table__), {"member_id": member_id})  # type: ignore[arg-type]


def earn(
    member_id: int,
    points: int,
    *,
    key: str,
    source: Source | str,
    reason: str,
    refers_to: str | None = None,
    actor: str | None = None,
    matures_at: datetime | None = None,
    expires: Expiry | None = None,
    funding: str = "own",
    facts: Facts | None = None,
    effective_at: datetime | None = None,
) -> Transaction:
    """Give whole points, once for `key`; a debt is paid first.

    With `matures_at` in the future they are pending until then. `expires` overrules the
    source's policy. `funding` says who pays for them: "own", or a partner's code.
    Raises KeyReused if the key named another movement.
    """
    return give(
        member_id,
        points,
        origin=Source(source),
        key=key,
        reason=reason,
        refers_to=refers_to,
        actor=actor,
        matures_at=matures_at if matures_at and matures_at > now() else None,
        expires=expires,
        funding=funding,
        facts=facts,
        effective_at=effective_at,
    )


def give(
    member_id: int,
    points: int,
    *,
    origin: Source,
    key: str,
    reason: str,
    refers_to: str | None = None,
    actor: str | None = None,
    matures_at: datetime | None = None,
    expires: Expiry | None = None,
    funding: str = "own",
    facts: Facts | None = None,
    effective_at: datetime | None = None,
    by_member: bool = True,
) -> Transaction:
    """Issue points of one source as one new lot: what earns and corrections share."""
    assert points > 0, points
    draft = Posting(
        key=key,
        digest=digest("earn", member_id, points, origin, reason, refers_to, funding),
        kind="await" if matures_at else "earn" if by_member else "adjust",
        reason=reason,
        member_id=member_id,
        points=points,
        source=origin,
        funding=funding,
        refers_to=refers_to,
        actor=actor,
        facts=facts or {},
        effective_at=effective_at,
    )
    if by_member and (done := _earn_at_once(draft, origin, expires, matures_at)):
        return done
    locked = store.lock_for_earning(member_id, key, origin)
    if earlier := store.replay(locked, key, draft.digest):
        return earlier
    today = program_day()
    if by_member:
        store.keep_active(locked, today)
    lot = _new_lot(origin, funding, expires or locked.expiry, matures_at)
    posting = replace(draft, entries=_issue(locked.wallet, origin, lot, points))
    return store.post(locked.wallet, posting, active_on=today if by_member else None)


def _earn_at_once(
    draft: Posting, origin: Source, expires: Expiry | None, matures_at: datetime | None
) -> Transaction | None:
    """The short way, for a member without debt and a policy that we have met before."""
    policy = None if expires else at_once.known(origin)
    expiry = expires or policy
    if expiry is None:
        return None
    lot = _new_lot(origin, draft.funding, expiry, matures_at)
    purse = account(draft.member_id, Kind.PENDING if matures_at else Kind.SPENDABLE)
    entry = Entry(ISSUING[origin], purse, draft.points, lot)
    return store.earn_at_once(replace(draft, entries=(entry,)), policy)


def _issue(wallet: WalletState, origin: Source, lot: NewLot, points: int) -> tuple[Entry, ...]:
    """Pending points wait whole; others pay the member's debt first."""
    if lot.matures_at:
        return (Entry(ISSUING[origin], account(wallet.member_id, Kind.PENDING), points, lot),)
    return tuple(pay_in(wallet, ISSUING[origin], [(lot, points)]))


def _new_lot(source: str, funding: str, expiry: Expiry, matures_at: datetime | None) -> NewLot:
    """A lot whose time runs from the day that it can be spent."""
    first_on = program_day(matures_at)
    return NewLot(source, funding, expiry.last_day(first_on), expiry.idle_days, matures_at)


def burn(
    member_id: int,
    points: int,
    *,
    key: str,
    reason: str,
    refers_to: str | None = None,
    actor: str | None = None,
    facts: Facts | None = None,
) -> Transaction:
    """Spend whole points, once for `key`, earliest expiry first.

    Raises NotEnoughPoints (with `missing`) and KeyReused.
    """
    return spend(
        member_id,
        points,
        to=Program.REDEEMED,
        kind="burn",
        key=key,
        reason=reason,
        refers_to=refers_to,
        actor=actor,
        facts=facts,
    )


def spend(
    member_id: int,
    points: int,
    *,
    to: int,
    kind: str,
    key: str,
    reason: str,
    refers_to: str | None = None,
    actor: str | None = None,
    facts: Facts | None = None,
    by_member: bool = True,
) -> Transaction:
    """Move spendable points to the account `to`: what burns, holds and corrections share."""
    assert points > 0, points
    draft = Posting(
        key=key,
        digest=digest(kind, member_id, points, reason, refers_to),
        kind=kind,
        reason=reason,
        member_id=member_id,
        points=-points,
        refers_to=refers_to,
        actor=actor,
        facts=facts or {},
    )
    if kind == "burn" and (done := store.burn_at_once(draft, to)):
        return done
    locked = store.lock_for_spending(member_id, key, points)
    if earlier := store.replay(locked, key, draft.digest):
        return earlier
    today = program_day()
    parts = _parts(locked, points)
    if by_member and store.keep_active(locked, today):
        locked = store.lock_for_spending(member_id, key, points)  # the order may be another
        parts = _parts(locked, points)
    posting = replace(draft, entries=out_of(member_id, parts, to))
    return store.post(locked.wallet, posting, active_on=today if by_member else None)


def _parts(locked: Locked, points: int) -> list[tuple[int, int]]:
    parts = list(take(locked.lots, points))
    missing = points - sum(taken for _, taken in parts)
    if missing:
        raise NotEnoughPoints(missing=missing)
    return parts
