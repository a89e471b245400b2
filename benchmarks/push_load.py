"""A shop with a large audience: members who agreed to promotions, each with a browser."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import delete, insert, text

from pwa.clock import now, program_day
from pwa.db import Base, db
from pwa.members.models import Consent, Member
from pwa.push import vapid
from pwa.push.models import Subscription

CHUNK = 5_000
LANGUAGES = ("id", "id", "id", "en", "jv", "su")


def fill(count: int, sink_port: int, public_key: str, zone: str, keys: int | None = None) -> None:
    """Write `count` members with a subscription each; `keys` bounds how many key pairs are made."""
    pairs: list[tuple[str, str]] = []
    instant = now()
    for start in range(1, count + 1, CHUNK):
        ids = range(start, min(start + CHUNK, count + 1))
        members = [_member(n, zone, instant) for n in ids]
        db.session.execute(insert(Member), members)
        db.session.execute(insert(Consent), [_consent(n, instant) for n in ids])
        rows = list(_subscriptions(ids, sink_port, public_key, instant, pairs, keys))
        db.session.execute(insert(Subscription), rows)
        db.session.commit()
    _go_on_after(count)


def _go_on_after(count: int) -> None:
    """Let PostgreSQL number the next member after those whose number we gave."""
    if db.session.get_bind().dialect.name == "postgresql":
        given = {"count": count}
        ask = "SELECT setval(pg_get_serial_sequence('member', 'id'), :count)"
        db.session.execute(text(ask), given)
        db.session.commit()


def key_pair() -> tuple[str, str]:
    """A browser's keys: a real point on the curve, and 16 random bytes."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return vapid.b64(point), vapid.b64(os.urandom(16))


def _member(n: int, zone: str, instant: datetime) -> dict[str, Any]:
    return {
        "id": n, "public_id": f"bench{n}", "name": f"Sari {n}", "phone": f"+62811{n:08d}",
        "password_hash": "-", "language": random.choice(LANGUAGES), "zone": zone,
        "card_code": f"{n:08d}00", "joined_at": instant, "joined_on": program_day(),
        "joined_via": "",
    }  # fmt: skip


def _consent(n: int, instant: datetime) -> dict[str, Any]:
    return {"member_id": n, "purpose": "promo", "text_version": "1", "granted": True,
            "at": instant, "source": "bench"}  # fmt: skip


def _subscriptions(
    ids: range, port: int, public_key: str, instant: datetime,
    pairs: list[tuple[str, str]], keys: int | None,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    origin, key_id = f"http://127.0.0.1:{port}", vapid.key_id(public_key)
    for n in ids:
        if keys is None or len(pairs) < keys:
            pairs.append(key_pair())
        p256dh, auth = pairs[-1] if keys is None else random.choice(pairs)
        yield {
            "member_id": n, "endpoint": f"{origin}/wpush/v2/{n:012d}-abcdefghijklmnop",
            "origin": origin, "p256dh": p256dh, "auth": auth, "key_id": key_id,
            "label": "Chrome, Android", "state": "active", "failures": 0,
            "created_at": instant, "updated_at": instant, "seen_at": instant,
        }  # fmt: skip


def fill_fast(count: int, public_key: str, zone: str) -> None:
    """`count` copies of one member, her consent and subscription, by SQL: to plan, not to send."""
    instant, first = now(), 1_000_000_000
    rows = ((Member, _member(first, zone, instant)), (Consent, _consent(first, instant)))
    for table, row in rows:
        db.session.execute(insert(table), [row])
    mine = list(_subscriptions(range(first, first + 1), 9, public_key, instant, [], None))
    db.session.execute(insert(Subscription), mine)
    db.session.commit()
    _copy(Member, count, id="i", public_id="'p' || i", phone="'+' || i", card_code="'c' || i")
    _copy(Consent, count, id=None, member_id="i")
    _copy(Subscription, count, id=None, member_id="i", endpoint="'https://x.example/' || i")
    db.session.execute(delete(Subscription).where(Subscription.member_id == first))
    db.session.commit()


def _copy(table: type[Base], count: int, **changed: str | None) -> None:
    """Copy the newest row `count` times; `changed` are SQL of the number i, None: left out."""
    name = table.__tablename__
    columns = [c.name for c in table.__table__.columns if changed.get(c.name, "") is not None]
    values = [changed.get(column) or f"t.{column}" for column in columns]
    db.session.execute(
        text(
            f"INSERT INTO {name} ({', '.join(columns)})"
            f" WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
            f" SELECT {', '.join(values)} FROM n, {name} t"
            f" WHERE t.id = (SELECT max(id) FROM {name})"
        )
    )
    db.session.commit()
