"""From deliveries that may leave to what is posted, and from answers to what is written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import delete, update

from pwa.clock import now
from pwa.db import db
from pwa.push import leases, origins, payload, words
from pwa.push.gate import Passing
from pwa.push.leases import Ended, Leased
from pwa.push.models import Subscription
from pwa.push.verdict import Answer, Follow, backoff, follow, pause_s
from pwa.settings import Settings

BAD_MOST = 5  # 400s in a row retire a subscription


class Parcel(NamedTuple):
    """One message to post, in words but not yet sealed."""

    row: Leased
    plaintext: bytes
    smaller: Callable[[], bytes]
    urgency: str
    topic: str | None


def pack(passing: Sequence[Passing], settings: Settings, instant: datetime) -> list[Parcel]:
    """Word each notice in its reader's language."""
    if not passing:
        return []
    unread = leases.unread_counts({p.row.member_id for p in passing}, instant)
    by_language: dict[str, list[Passing]] = defaultdict(list)
    for p in passing:
        by_language[p.row.language].append(p)
    packed: list[Parcel] = []
    for language, some in by_language.items():
        with words.speaking(language):
            packed += [_pack(p, settings, unread.get(p.row.member_id, 1)) for p in some]
    return packed


def _pack(p: Passing, settings: Settings, unread: int) -> Parcel:
    row = p.row
    reader = words.reader_of(row.member_id, row.name, row.language, row.zone)
    worded = p.kind.compose(reader, p.facts)
    tag = p.kind.tag_of(p.facts)
    full = payload.of(
        worded,
        public_url=settings.public_url,
        language=row.language,
        tag=tag,
        unread=unread,
        id_=payload.proof(settings.secret_key, row.id),
    )
    least = partial(payload.smallest, worded, public_url=settings.public_url)
    return Parcel(row, full, least, p.kind.urgency, tag)


def settle(worker: str, answers: Sequence[tuple[Parcel, Answer]]) -> None:
    """Write down what the push services answered, and what follows for each of them."""
    instant = now()
    by_follow: dict[Follow, list[tuple[Leased, Answer]]] = defaultdict(list)
    for parcel, answer in answers:
        by_follow[follow(answer)].append((parcel.row, answer))
    ended: list[Ended] = []
    for what, some in by_follow.items():
        ended += _FOLLOWS[what](some, instant)
    leases.end(worker, ended, instant)


Some = Sequence[tuple[Leased, Answer]]


def _accepted(some: Some, instant: datetime) -> list[Ended]:
    origins.accepted(list({row.origin for row, _ in some}))
    failed = [row.subscription_id for row, _ in some if row.failures]
    if failed:
        fine = update(Subscription).where(Subscription.id.in_(failed))
        db.session.execute(fine.values(failures=0))
    return [Ended(row.id, "accepted") for row, _ in some]


def _aside(some: Some, instant: datetime) -> list[Ended]:
    _set_state(some, "aside")
    return [_rejected(row, answer) for row, answer in some]


def _bad(some: Some, instant: datetime) -> list[Ended]:
    for row, _ in some:
        mine = update(Subscription).where(Subscription.id == row.subscription_id)
        db.session.execute(mine.values(failures=Subscription.failures + 1))
        db.session.execute(mine.where(Subscription.failures >= BAD_MOST).values(state="retired"))
    return [_rejected(row, answer) for row, answer in some]


def _refused(some: Some, instant: datetime) -> list[Ended]:
    """A single one is that subscription's; many are our own mistake, and cost nothing but time."""
    by_origin: dict[str, list[tuple[Leased, Answer]]] = defaultdict(list)
    for row, answer in some:
        by_origin[row.origin].append((row, answer))
    ended: list[Ended] = []
    for origin, these in by_origin.items():
        until = origins.refused(origin, len(these))
        if until is None:
            _set_state(these, "mismatch")
            ended += [_rejected(row, answer) for row, answer in these]
        else:
            ended += [Ended(row.id, "deferred", "vapid", until, row.attempts) for row, _ in these]
    return ended


def _gone(some: Some, instant: datetime) -> list[Ended]:
    """Delete, unless the browser has come back with another subscription meanwhile."""
    for row, _ in some:
        db.session.execute(
            delete(Subscription).where(
                Subscription.id == row.subscription_id,
                Subscription.endpoint == row.endpoint,
                Subscription.updated_at == row.updated_at,
            )
        )
    return [Ended(row.id, "gone", str(answer.status), None, row.attempts) for row, answer in some]


def _slow_down(some: Some, instant: datetime) -> list[Ended]:
    ended = []
    for row, answer in some:
        until = instant + timedelta(seconds=pause_s(answer.retry_after, instant))
        origins.pause(row.origin, until, "429")
        ended.append(_again_at(row, until, "429"))
    return ended


def _again(some: Some, instant: datetime) -> list[Ended]:
    return [
        _again_at(row, instant + backoff(row.attempts), str(answer.status or "no answer"))
        for row, answer in some
    ]


def _again_at(row: Leased, due_at: datetime, reason: str) -> Ended:
    if due_at >= row.expires_at:
        return Ended(row.id, "expired", reason, None, row.attempts + 1)
    return Ended(row.id, "deferred", reason, due_at, row.attempts + 1)


def _rejected(row: Leased, answer: Answer) -> Ended:
    return Ended(row.id, "rejected", str(answer.status), None, row.attempts)


def _set_state(some: Some, state: str) -> None:
    ids = [row.subscription_id for row, _ in some]
    db.session.execute(update(Subscription).where(Subscription.id.in_(ids)).values(state=state))


_FOLLOWS = {
    Follow.ACCEPTED: _accepted,
    Follow.ASIDE: _aside,
    Follow.BAD: _bad,
    Follow.REFUSED: _refused,
    Follow.GONE: _gone,
    Follow.TOO_LARGE: lambda some, instant: [_rejected(row, answer) for row, answer in some],
    Follow.SLOW_DOWN: _slow_down,
    Follow.AGAIN: _again,
}
