"""A member's browsers: subscribing, renewing, unbinding. Callers commit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from pwa import outbox
from pwa.clock import now
from pwa.db import claim, db
from pwa.errors import LoyaltyError, NotFound
from pwa.members import devices as devices_of
from pwa.push import departures, vapid
from pwa.push.encryption import are_keys
from pwa.push.endpoints import is_allowed
from pwa.push.models import Subscription
from pwa.settings import Settings

DEVICES_MOST = 12
UNSEEN_FOR = timedelta(days=120)  # then a new device may take its place
LABEL_MOST_CHARS = 60


class BadSubscription(LoyaltyError):
    code = "bad_subscription"
    words = _l("Peramban ini mengirim alamat kabar yang tidak kami kenal.")
    todo = _l("Perbarui perambanmu, lalu coba lagi.")


class TooManyDevices(LoyaltyError):
    code = "too_many_devices"
    words = _l("Kabarmu sudah menyala di %(most)s perangkat.")
    todo = _l("Matikan dulu di perangkat yang tidak dipakai lagi.")


class NoSuchDevice(NotFound):
    code = "no_such_device"
    words = _l("Perangkat ini tidak ketemu.")
    todo = _l("Mungkin kabarnya sudah dimatikan.")


class Offered(NamedTuple):
    """What a browser's `PushSubscription.toJSON()` says, and who says it."""

    endpoint: str
    p256dh: str
    auth: str
    key_id: str = ""
    user_agent: str = ""
    session_id: str | None = None


def settings() -> Settings:
    found: Settings = current_app.config["SETIA"]
    return found


def subscribe(member_id: int, offered: Offered) -> Subscription:
    """Bind this browser to the member, whoever it was bound to before; safe to repeat.

    Raises BadSubscription (endpoint or keys), TooManyDevices.
    """
    _check(offered)
    row = _row(member_id, offered)
    known = db.session.scalar(select(Subscription).where(Subscription.endpoint == row.endpoint))
    if known is None:
        _make_room(member_id)
        known, is_new = claim(row, endpoint=row.endpoint)
        if is_new:
            _tell(known)
            return known
    rebound = known.member_id != member_id
    _renew(known, row)
    if rebound:
        _tell(known)
    return known


def renew(old_endpoint: str, offered: Offered) -> Subscription | None:
    """The browser replaced its subscription by itself; knowing the old endpoint is the proof."""
    known = db.session.scalar(select(Subscription).where(Subscription.endpoint == old_endpoint))
    if known is None:
        return None
    _check(offered)
    taken = db.session.scalar(select(Subscription).where(Subscription.endpoint == offered.endpoint))
    if taken is not None:
        _renew(taken, _row(known.member_id, offered))
        db.session.delete(known)
        return taken
    _renew(known, _row(known.member_id, offered))
    return known


def unbind(endpoint: str) -> bool:
    """Forget this browser; True if it was known. Knowing its endpoint is the proof."""
    return _forget(Subscription.endpoint == endpoint) > 0


def unbind_session(session_id: str) -> int:
    """Forget the browser that is logging out."""
    return _forget(Subscription.session_id == session_id)


def remove(member_id: int, subscription_id: int) -> None:
    """The member switches one of her devices off. Raises NoSuchDevice."""
    found = of_member(member_id, subscription_id)
    departures.record(member_id, "device")
    db.session.delete(found)


def of_member(member_id: int, subscription_id: int) -> Subscription:
    """Raises NoSuchDevice, also for another member's device."""
    found = db.session.scalar(
        select(Subscription).where(
            Subscription.id == subscription_id, Subscription.member_id == member_id
        )
    )
    if found is None:
        raise NoSuchDevice()
    return found


def devices(member_id: int) -> Sequence[Subscription]:
    """The member's browsers, last seen first."""
    mine = select(Subscription).where(Subscription.member_id == member_id)
    return db.session.scalars(mine.order_by(Subscription.seen_at.desc(), Subscription.id)).all()


def _check(offered: Offered) -> None:
    # Padding is only decoration, but would make two keys of one.
    fits = re.fullmatch(r"[A-Za-z0-9_-]+=*", offered.p256dh + offered.auth) is not None
    if not fits or not is_allowed(offered.endpoint, settings().push_hosts):
        raise BadSubscription()
    if not are_keys(offered.p256dh, offered.auth):
        raise BadSubscription()


def _row(member_id: int, offered: Offered) -> Subscription:
    held = vapid.keys(settings())
    instant = now()
    return Subscription(
        member_id=member_id,
        endpoint=offered.endpoint,
        origin=vapid.origin(offered.endpoint),
        p256dh=offered.p256dh.rstrip("="),
        auth=offered.auth.rstrip("="),
        key_id=offered.key_id if offered.key_id in held else next(iter(held)),
        label=(devices_of.label(offered.user_agent) or "Web")[:LABEL_MOST_CHARS],
        session_id=offered.session_id,
        state="active",
        failures=0,
        created_at=instant,
        updated_at=instant,
        seen_at=instant,
    )


def _renew(known: Subscription, row: Subscription) -> None:
    changed = False
    for name in ("member_id", "endpoint", "origin", "p256dh", "auth", "key_id", "label"):
        if getattr(known, name) != getattr(row, name):
            setattr(known, name, getattr(row, name))
            changed = True
    if changed or known.state != "active":
        known.updated_at = row.updated_at
        known.state, known.failures = "active", 0
    known.session_id = row.session_id or known.session_id
    known.seen_at = row.seen_at


def _make_room(member_id: int) -> None:
    """A second phone never evicts the first; only one not seen for months gives way."""
    mine = Subscription.member_id == member_id
    count = db.session.scalar(select(func.count()).select_from(Subscription).where(mine)) or 0
    if count < DEVICES_MOST:
        return
    oldest = (
        select(Subscription.id)
        .where(mine, Subscription.seen_at < now() - UNSEEN_FOR)
        .order_by(Subscription.seen_at)
        .limit(1)
    )
    if _forget(Subscription.id.in_(oldest.scalar_subquery())) == 0:
        raise TooManyDevices(most=DEVICES_MOST)


def _forget(condition: object) -> int:
    gone = db.session.execute(delete(Subscription).where(condition))  # type: ignore[arg-type]
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _tell(row: Subscription) -> None:
    outbox.tell(
        "push.subscribed", f"{row.id}:{row.member_id}", row.member_id,
        subscription=row.id, label=row.label,
    )  # fmt: skip


def counts_by_key() -> dict[str, int]:
    """How many subscriptions were made with each VAPID key."""
    rows = db.session.execute(
        select(Subscription.key_id, func.count()).group_by(Subscription.key_id)
    )
    return {key: int(count) for key, count in rows}
