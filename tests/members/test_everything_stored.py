"""Whatever is stored of a member is in her copy, and leaves with her: over all tables there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from pwa import clock, jobs, outbox
from pwa.db import db, only_reads
from pwa.ledger import verify
from pwa.members import access, exporting, privacy
from pwa.members import service as members
from pwa.members.models import Member
from pwa.play import fair, preferences
from pwa.reviews import service as reviews
from pwa.shop.models import Purchase
from tests.conftest import NOON
from tests.journeys.hers import BROWSER, ENDPOINT, naming, things
from tests.people import PASSWORD, hire, join, log_in

# Where each table's rows are in her copy: a path into it, in dots.
TOLD = {
    "friend": "friends.friends", "ledger_lot": "ledger.lots",
    "ledger_proposal": "ledger.corrections", "ledger_transaction": "ledger.movements",
    "ledger_wallet": "ledger.spendable", "member": "members", "member_consent": "members.consents",
    "member_device": "members.devices", "member_merge": "members.merges",
    "member_passkey": "members.passkeys", "mission_progress": "missions.missions",
    "mission_swap": "missions.swaps", "player": "play.seed", "preference": "play.tastes",
    "purchase": "shop", "purchase_refund": "shop", "purchase_voucher": "shop",
    "push_delivery": "push.notices",
    "push_departure": "push.departures", "push_notice": "push.notices",
    "push_preference": "push.wishes", "push_reminder": "push.reminders",
    "push_subscription": "push.devices", "quiz_attempt": "play.quizzes",
    "quiz_turn": "play.quizzes",
    "redemption": "rewards.redemptions", "review": "reviews.reviews",
    "reward_favourite": "rewards.favourites", "spin": "play.spins",
    "streak_award": "missions.awards", "streak_fact": "missions.streak",
    "survey_answer": "reviews.surveys", "ticket": "play.tickets", "tier_grant": "tiers.tiers",
    "tier_perk_taken": "tiers.perks", "tier_progress": "tiers.progress",
    "voucher": "rewards.vouchers", "voucher_gift": "rewards.gifts",
}  # fmt: skip
NOT_TOLD = {
    "ledger_entry": "the other side of each movement: the shop's own accounts",
    "member_code": "a hash that is gone within the hour",
    "mission_counted": "which event went into which mission: a guard against counting twice",
    "outbox_event": "the same again: what happened, for those who wait to hear of it",
    "partner_code": "the partner's; hers is on the voucher",
    "push_promo_slot": "a counter of the week's promotional messages",
    "streak_base": "worked out from the days",
}
# Columns of her own row that are no news to her, or a secret.
HER_ROW_NOT_TOLD = {
    "id", "public_id", "password_hash", "joined_on", "session_epoch", "closed_at", "merged_into_id",
}  # fmt: skip
RENAMED = {"card_code": "card"}
MARK = "Sarimawar"


def test_every_table_that_names_a_member_is_in_her_copy(app: Flask) -> None:
    there = {table.name for table in about_members()}
    assert there - TOLD.keys() - NOT_TOLD.keys() == set(), "put these into a privacy.py, or say why"
    assert (TOLD.keys() | NOT_TOLD.keys()) - there == set(), "these are gone"
    assert TOLD.keys() & NOT_TOLD.keys() == set()


def about_members() -> Iterator[sa.Table]:
    """Tables that name a member, and those that hang on one row of such a table."""
    named: set[str] = set()
    for table in db.metadata.sorted_tables:
        owners = {key.column.table.name for c in table.c for key in c.foreign_keys} - {"member"}
        if table.name == "push_delivery" or naming(table) or owners & named - {"outbox_event"}:
            named.add(table.name)
            yield table


def test_every_column_of_her_own_row_is_in_her_copy(app: Flask) -> None:
    told = privacy.export(join("Sari").id)
    columns = {column.name for column in Member.__table__.columns} - HER_ROW_NOT_TOLD
    assert {RENAMED.get(name, name) for name in columns} <= set(told)


def test_a_full_copy_has_a_row_for_each_row(app: Flask, noon: object) -> None:
    sari = filled(app)
    data = exporting.everything(sari)["data"]
    for table in about_members():
        if table.name in NOT_TOLD or not naming(table):
            continue  # what hangs on a row is told within that row
        rows = [c for c in naming(table) if c.name != "member_id" or table.name != "friend"]
        held = db.session.scalar(
            select(sa.func.count()).select_from(table).where(sa.or_(*(c == sari.id for c in rows)))
        )
        found = at(data, TOLD[table.name])
        assert not isinstance(found, list) or len(found) == held, table.name


def at(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data[name]
    return data


def test_the_readable_copy_has_words_for_all_of_it(app: Flask, noon: object) -> None:
    sari = filled(app)
    with app.test_request_context():
        parts = exporting.readable(exporting.everything(sari)["data"])
    bare = {
        head
        for part in parts
        for head in [
            *(label for label, _ in part.facts),
            *(h for t in part.tables for h in t.heads),
        ]
        if head == head.lower()
    }
    assert bare == set(), "a key without its words in LABELS"


def test_nothing_that_names_her_is_left_in_any_table(app: Flask) -> None:
    with clock.at(NOON):
        sari = filled(app)
        card, number = sari.card_code, "81299990001"
        client = log_in(app.test_client(), sari)
        hashes = [
            row[0] for row in db.session.execute(sa.text("select session_hash from member_device"))
        ]
        client.post("/profile/erasure", data={"password": PASSWORD})
    with clock.at(NOON + timedelta(days=3)):
        only_reads(False)
        list(jobs.run_due())
    assert members.get(sari.id).closed_at is not None
    left = json.dumps(
        {
            table.name: [repr(tuple(row)) for row in db.session.execute(select(table))]
            for table in db.metadata.sorted_tables
        },
        ensure_ascii=False,
    ).lower()
    for secret in (MARK, card, number, "1998-02-03", "sari@", BROWSER, ENDPOINT, *hashes):
        assert secret.lower() not in left, (
            f"{secret}: {left[max(0, left.find(secret.lower()) - 300) :][:400]}"
        )
    assert "•••0001" not in left
    assert list(verify.differences()) == []


def filled(app: Flask) -> Member:
    """Sari with one of everything, and her name in all that she can write."""
    sari = join("Sari")
    sari.name, sari.email = MARK, "sari@contoh.id"
    things(app, sari)
    with app.test_request_context():
        only_reads(False)
        maya = hire("maya", "manager")
        access.change_phone_at_till(maya, members.get(sari.id), "0812-9999-0001")
        bought = db.session.scalars(
            select(Purchase.code).where(Purchase.member_id == sari.id)
        ).one()
        reviews.write(sari.id, bought, 5, f"Enak, kata {MARK}")
        fair.set_seed(sari.id, MARK)
        preferences.allow(sari.id)
        outbox.commit()
    client = log_in(app.test_client(), members.get(sari.id))
    said = {"name": MARK, "birthday": "1998-02-03", "language": "id"}
    assert client.post("/profile", data=said).status_code == 303
    client.post("/fair/seed", data={"seed": MARK})
    client.post("/wheel/spins", data={"key": "marked"})
    client.post("/rewards/kue-kering/favourites")
    only_reads(False)
    return members.get(sari.id)
