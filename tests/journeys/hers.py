"""A member who has one of everything, and all that is stored under her number."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from pwa import clock, outbox
from pwa.db import db, only_reads
from pwa.members.models import Member, Passkey
from pwa.play import chance, quizzes, spins, tickets
from pwa.push.models import Notice, Subscription
from pwa.rewards import gifts
from pwa.rewards import service as rewards
from pwa.shop import service as shop
from pwa.shop.sales import Sale
from tests.people import hire, join

BROWSER = "Peramban Sarimawar"
FACTS = {"points": 3, "amount_rupiah": 9000, "outlet": {"id": "Tebet"}}
ENDPOINT = "https://fcm.googleapis.com/fcm/send/sarimawar"


def things(app: Flask, sari: Member) -> dict[str, dict[str, Any]]:
    """One of everything of Sari's own: by endpoint, what its address takes."""
    only_reads(False)
    with app.test_request_context():
        receipt, voucher, gift = _bought(sari), _voucher(sari), _gift_for(sari)
        spin, scratch, attempt = _played(sari)
        passkey, subscription, notice = _phone(sari)
        outbox.commit()
    by_argument = {
        "passkey_id": (passkey, ("members.rename_passkey", "members.remove_passkey")),
        "subscription_id": (subscription, ("push.remove", "push.test")),
        "notice_id": (notice, ("push.read",)),
        "gift_id": (gift, ("rewards.accept", "rewards.decline")),
        "public_id": (attempt, ("play.answer", "play.attempt", "play.result", "play.turn")),
        "code": (receipt, ("reviews.review", "reviews.write", "shop.claim", "shop.receipt")),
    }
    found = {each: {name: of} for name, (of, all_) in by_argument.items() for each in all_}
    found |= {each: {"code": voucher} for each in ("rewards.give", "rewards.voucher")}
    found |= {each: {"public_id": spin} for each in ("play.proof", "play.spin_result")}
    return found | {"play.game_result": {"name": "scratch", "public_id": scratch}}


def everything_of(member_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that names her, and what of hers is named by those rows."""
    db.session.rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        if columns := naming(table):
            hers = sa.or_(*(column == member_id for column in columns))
            rows = db.session.execute(sa.select(table).where(hers)).all()
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def naming(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns of `table` that name a member."""
    if table.name == "member":
        return [table.c.id]
    by_name = {"member_id", "inviter_id", "kept_id", "closed_id", "from_member_id", "to_member_id"}
    to_her = [c for c in table.c if any(f.column.table.name == "member" for f in c.foreign_keys)]
    return [column for column in table.c if column in to_her or column.name in by_name]


def _bought(sari: Member) -> str:
    sale = Sale(key="hers", member_id=sari.id, outlet_code="tebet", amount_rupiah=62_000)
    code = shop.record(sale, hire("kasir-hers")).code
    outbox.commit(then_writes=True)
    return code


def _voucher(sari: Member) -> str:
    return rewards.issue_prize(sari.id, "kue-kering", key="hers", source="wheel").code


def _gift_for(sari: Member) -> int:
    dewi = join("Dewi")
    given = rewards.issue_prize(dewi.id, "kue-kering", key="gift", source="wheel")
    return gifts.offer(given.code, dewi, sari.phone or "", "gift").id


def _played(sari: Member) -> tuple[str, str, str]:
    on = clock.program_day()
    tickets.give(tickets.lock(sari.id), "scratch", "hers", on)
    return (
        spins.spin(sari, "hers").public_id,
        chance.play(sari, "scratch", "scratched").public_id,
        quizzes.start(sari, "hers", "id").public_id,
    )


def _phone(sari: Member) -> tuple[int, int, int]:
    instant = clock.now()
    passkey = Passkey(
        member_id=sari.id, credential_id="sarimawar", public_key=b"x", sign_count=0,
        transports=[], is_synced=True, name="Kunci Sarimawar", made_at=instant,
    )  # fmt: skip
    subscription = Subscription(
        member_id=sari.id, endpoint=ENDPOINT, origin="https://fcm.googleapis.com", p256dh="x",
        auth="x", key_id="x", label=BROWSER, created_at=instant, updated_at=instant,
        seen_at=instant,
    )  # fmt: skip
    notice = Notice(
        member_id=sari.id, kind="points_earned", event_key="hers", facts=FACTS,
        made_at=instant, expires_at=instant,
    )  # fmt: skip
    db.session.add_all([passkey, subscription, notice])
    db.session.flush()
    return passkey.id, subscription.id, notice.id
