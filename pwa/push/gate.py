"""The last look before a delivery leaves: is it still wanted, still true, and now?

Checked here and not when planning, so that a switch thrown a second ago counts. In this order: is
there somebody to tell, is it still worth telling, does she want it, does she want it now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update

from pwa.db import db
from pwa.members import service as members
from pwa.push import kinds, leases, origins, preferences
from pwa.push.kinds import Kind
from pwa.push.leases import Ended, Leased
from pwa.push.models import Notice, PromoSlot
from pwa.push.planner import insert_new
from pwa.push.preferences import DEFAULT, Wishes
from pwa.push.topics import ALWAYS


class Passing(NamedTuple):
    """A delivery that may leave now."""

    row: Leased
    kind: Kind
    facts: Mapping[str, Any]


class Sorted(NamedTuple):
    """What may leave, and what ends or waits."""

    passing: list[Passing]
    held: list[Ended]


class Known(NamedTuple):
    """What deciding takes, read for the whole batch at once."""

    instant: datetime
    wishes: Mapping[int, Wishes]
    consenting: set[int]
    paused: Mapping[str, datetime]
    facts: Mapping[int, dict[str, Any]]
    truths: dict[Any, str | None]


def sort(rows: Sequence[Leased], instant: datetime) -> Sorted:
    """Decide for each leased delivery. Withdraws notices that are no longer true."""
    known = _known(rows, instant)
    passing: list[Passing] = []
    held: list[Ended] = []
    for row in rows:
        kind = kinds.all_kinds().get(row.kind)
        facts = row.facts if row.facts is not None else known.facts.get(row.broadcast_id or 0, {})
        ended = _decide(row, kind, facts, known)
        if ended is None and kind is not None:
            passing.append(Passing(row, kind, facts))
        else:
            held.append(ended or Ended(row.id, "withheld", "unknown kind"))
    _withdraw([row for row in rows if known.truths.get(_truth_key(row))])
    return _within_caps(passing, held, known)


def _known(rows: Sequence[Leased], instant: datetime) -> Known:
    ids = {row.member_id for row in rows}
    promos = {row.member_id for row in rows if _is_promo(row.kind)}
    return Known(
        instant=instant,
        wishes=preferences.many(ids),
        consenting=members.consenting(promos, "promo") if promos else set(),
        paused=origins.paused(instant),
        facts=leases.facts_of_broadcasts(rows),
        truths={},
    )


def _decide(row: Leased, kind: Kind | None, facts: Mapping[str, Any], known: Known) -> Ended | None:
    """None: it may leave."""
    wishes = known.wishes.get(row.member_id, DEFAULT)
    if row.bound_to != row.member_id:
        return Ended(row.id, "gone", "unbound")
    if row.state != "active":
        return Ended(row.id, "rejected", row.state)
    if row.expires_at <= known.instant:
        return Ended(row.id, "expired", "late")
    if kind is None or row.closed_at or row.withdrawn_at or row.read_at:
        return Ended(row.id, "withheld", "read" if row.read_at else "withdrawn")
    if reason := _unwanted(row, kind, wishes, known):
        return Ended(row.id, "withheld", reason)
    if reason := _untrue(row, kind, facts, known):
        return Ended(row.id, "withheld", reason)
    return _not_now(row, kind, wishes, known)


def _unwanted(row: Leased, kind: Kind, wishes: Wishes, known: Known) -> str | None:
    if kind.topic not in ALWAYS and not wishes.wants(kind.topic):
        return "muted"
    if kind.promo and row.member_id not in known.consenting:
        return "no consent"
    if wishes.digest and kind.bundles and kind.rank > 0:
        return "digest"
    return None


def _untrue(row: Leased, kind: Kind, facts: Mapping[str, Any], known: Known) -> str | None:
    if kind.untrue is None:
        return None
    key = _truth_key(row)
    if key not in known.truths:
        known.truths[key] = kind.untrue(facts, row.event_key)
    return known.truths[key]


def _not_now(row: Leased, kind: Kind, wishes: Wishes, known: Known) -> Ended | None:
    until = known.paused.get(row.origin) or known.paused.get(origins.ALL)
    if until is not None:
        return Ended(row.id, "deferred", "paused", until, row.attempts)
    if kind.quiet == "bypass":
        return None
    ends = preferences.quiet_ends(wishes, ZoneInfo(row.zone), known.instant)
    if ends is None:
        return None
    if kind.quiet == "drop" or ends >= row.expires_at:
        return Ended(row.id, "withheld", "quiet")
    return Ended(row.id, "deferred", "quiet", ends, row.attempts)


def _truth_key(row: Leased) -> Any:
    return (row.kind, row.broadcast_id) if row.broadcast_id and row.facts is None else row.notice_id


def _withdraw(rows: Sequence[Leased]) -> None:
    """Nobody should find in her inbox what was not true any more when it was to be told."""
    if rows:
        gone = update(Notice).where(Notice.id.in_({row.notice_id for row in rows}))
        db.session.execute(
            gone.values(withdrawn_at=func.coalesce(Notice.withdrawn_at, rows[0].expires_at))
        )


# --- caps ---


def _within_caps(passing: list[Passing], held: list[Ended], known: Known) -> Sorted:
    """Hold back promotional notices above the day's or week's cap.

    A slot is a row with two unique keys, so two workers can't both take the last one: the
    loser's delivery goes back, and finds the slot taken when it is looked at again.
    """
    promos = [p for p in passing if p.kind.promo]
    if not promos:
        return Sorted(passing, held)
    slots = _slots(promos, known)
    leaving = [p for p in passing if not p.kind.promo]
    for p in promos:
        fate = slots.get(p.row.notice_id)
        if fate == "taken":
            leaving.append(p)
        elif fate == "capped":
            held.append(Ended(p.row.id, "withheld", "capped"))
        else:
            held.append(Ended(p.row.id, "queued", None, known.instant, p.row.attempts))
    return Sorted(leaving, held)


def _slots(promos: Sequence[Passing], known: Known) -> dict[int, str]:
    used = _used({p.row.member_id for p in promos}, known.instant)
    mine = {slot.notice_id: "taken" for slots in used.values() for slot in slots}
    wanted: list[dict[str, Any]] = []
    for p in promos:
        if p.row.notice_id in mine:
            continue
        slot = _next_slot(p.row, used.setdefault(p.row.member_id, []), known)
        mine[p.row.notice_id] = "wanted" if slot else "capped"
        if slot:
            used[p.row.member_id].append(slot)
            wanted.append(_columns(slot, p.row.member_id))
    if wanted:
        db.session.connection().execute(insert_new(PromoSlot.__table__), wanted)
        got = select(PromoSlot.notice_id).where(
            PromoSlot.notice_id.in_([w["notice_id"] for w in wanted])
        )
        mine.update(dict.fromkeys(db.session.scalars(got), "taken"))
    return mine


class Slot(NamedTuple):
    notice_id: int
    day: date
    day_nth: int
    week: date
    week_nth: int


def _used(member_ids: set[int], instant: datetime) -> dict[int, list[Slot]]:
    since = (instant - timedelta(days=9)).date()
    rows = db.session.execute(
        select(
            PromoSlot.member_id, PromoSlot.notice_id, PromoSlot.day, PromoSlot.day_nth,
            PromoSlot.week, PromoSlot.week_nth,
        ).where(PromoSlot.member_id.in_(member_ids), or_(PromoSlot.day >= since))
    )  # fmt: skip
    used: dict[int, list[Slot]] = {}
    for row in rows:
        slot = Slot(row.notice_id, row.day, row.day_nth, row.week, row.week_nth)
        used.setdefault(row.member_id, []).append(slot)
    return used


def _next_slot(row: Leased, used: Sequence[Slot], known: Known) -> Slot | None:
    wishes = known.wishes.get(row.member_id, DEFAULT)
    day = known.instant.astimezone(ZoneInfo(row.zone)).date()
    week = day - timedelta(days=day.weekday())
    today = sum(slot.day == day for slot in used)
    this_week = sum(slot.week == week for slot in used)
    if today >= wishes.day_cap or this_week >= wishes.week_cap:
        return None
    return Slot(row.notice_id, day, today + 1, week, this_week + 1)


def _columns(slot: Slot, member_id: int) -> dict[str, Any]:
    return {**slot._asdict(), "member_id": member_id}


def _is_promo(kind_name: str) -> bool:
    found = kinds.all_kinds().get(kind_name)
    return found is not None and found.promo
