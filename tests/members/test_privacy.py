"""Consents, my data to take along, and leaving for good (UU 27/2022)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import clock, jobs, outbox
from pwa.db import db, only_reads
from pwa.ledger import service as ledger
from pwa.ledger import verify
from pwa.members import erasure, holdings
from pwa.members import service as members
from pwa.members.models import Consent, Device, Member, Passkey, Tombstone
from pwa.outbox import Event
from pwa.rewards import service as rewards
from tests.conftest import NOON
from tests.people import PASSWORD, PHONES, join, log_in

DAY = timedelta(hours=24)


def run_jobs() -> None:
    only_reads(False)
    list(jobs.run_due())


def fresh(member_id: int) -> Member:
    db.session.expire_all()
    return members.get(member_id)


def test_each_purpose_is_answered_for_itself_and_withdrawn_at_once(app: Flask) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    client.post("/profile/consents", data={"promo": "yes", "profiling": "yes"})
    assert members.consents(sari) == {"program": True, "promo": True, "profiling": True}
    answer = client.post("/profile/consents", data={"profiling": "no"})
    assert answer.location == "/profile/privacy"
    assert members.consents(sari) == {"program": True, "promo": True, "profiling": False}
    rows = db.session.scalars(select(Consent).order_by(Consent.id)).all()
    assert len(rows) == 5  # nothing is overwritten
    assert {row.text_version for row in rows} == {"2026-11"}
    changed = select(func.count(Event.id)).where(Event.kind == "consent.changed")
    assert db.session.scalar(changed) == 3


def test_the_program_itself_is_not_a_switch(app: Flask) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    assert client.post("/profile/consents", data={"program": "no"}).status_code == 404
    assert members.consents(sari)["program"] is True


def test_a_member_sees_her_answers_and_their_texts_versions(app: Flask) -> None:
    page = log_in(app.test_client(), join("Sari")).get("/profile/privacy").text
    assert page.count("teks 2026-11") == 2
    assert "Nyalakan kabar promo" in page


def test_every_feature_that_holds_something_of_members_can_give_and_forget_it(app: Flask) -> None:
    naming = {
        mapper.class_.__module__.split(".")[1]
        for mapper in db.Model.registry.mappers
        if "member_id" in mapper.columns and mapper.class_.__module__.count(".") > 1
    }
    assert naming <= set(holdings.holders()), naming - set(holdings.holders())
    for name, holder in holdings.holders().items():
        assert str(holder.TITLE), name
        member = join("Sari") if name == "members" else members.by_phone(PHONES["Sari"])
        assert member is not None
        json.dumps(holder.export(member.id))


def test_her_data_is_one_json_file_with_all_of_it_and_no_secret(app: Flask) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    rewards.issue_prize(sari.id, "kue-kering", key="p1", source="wheel")
    outbox.commit()
    answer = client.get("/export/data.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    told = json.loads(answer.text)
    data = told["data"]
    assert data["members"]["phone"] == "+6281210000001"
    assert data["members"]["consents"][0]["purpose"] == "program"
    assert [row["points"] for row in data["ledger"]["movements"]] == [50]
    assert data["rewards"]["vouchers"][0]["reward"] == "kue-kering"
    assert sari.password_hash not in answer.text
    assert "endpoint" not in answer.text


def test_her_data_is_readable_too_and_nothing_in_it_is_markup(app: Flask) -> None:
    sari = join("Sari")
    sari.joined_via = "<script>alert(1)</script>"
    db.session.commit()
    answer = log_in(app.test_client(), sari).get("/export/data.html")
    assert answer.headers["Content-Disposition"].endswith('.html"')
    assert "<script" not in answer.text
    assert "Hadiah dan voucher" in answer.text
    assert "+6281210000001" in answer.text


def test_one_members_data_is_nobody_elses(app: Flask) -> None:
    join("Sari")
    tono = log_in(app.test_client(), join("Tono"))
    for path in ("/export/data.json", "/export/data.html"):
        assert "81210000001" not in tono.get(path).text
        assert app.test_client().get(path).location.startswith("/login")


def ask_to_leave(app: Flask, member: Member) -> None:
    client = log_in(app.test_client(), member)
    assert client.post("/profile/erasure", data={"password": PASSWORD}).status_code == 303


def test_leaving_needs_the_password(app: Flask) -> None:
    sari = join("Sari")
    client = log_in(app.test_client(), sari)
    assert client.get("/profile/erasure").status_code == 200
    assert client.post("/profile/erasure", data={"password": "bukan-ini"}).status_code == 422
    assert fresh(sari.id).erase_at is None
    stranger = app.test_client().post("/profile/erasure", data={"password": PASSWORD})
    assert stranger.location.startswith("/login")


def test_promotion_stops_as_soon_as_she_asks(app: Flask) -> None:
    sari = join("Sari")
    members.set_consent(sari, "promo", True, "test")
    db.session.commit()
    ask_to_leave(app, sari)
    assert members.consents(fresh(sari.id))["promo"] is False


def test_for_three_days_she_can_think_again(app: Flask) -> None:
    with clock.at(NOON):
        sari = join("Sari")
        ask_to_leave(app, sari)
        assert fresh(sari.id).erase_at == NOON + 3 * DAY
    with clock.at(NOON + 3 * DAY - timedelta(seconds=1)):
        run_jobs()
        assert fresh(sari.id).closed_at is None
        client = log_in(app.test_client(), sari)
        assert "akan dihapus" in client.get("/profile").text
        client.post("/profile/erasure/cancellation")
    with clock.at(NOON + 30 * DAY):
        run_jobs()
        assert fresh(sari.id).closed_at is None
        assert fresh(sari.id).name == "Sari"


def test_asking_twice_does_not_move_the_clock(app: Flask) -> None:
    with clock.at(NOON):
        sari = join("Sari")
        ask_to_leave(app, sari)
    with clock.at(NOON + DAY):
        ask_to_leave(app, fresh(sari.id))
        assert fresh(sari.id).erase_at == NOON + 3 * DAY


def leave(app: Flask, sari: Member) -> None:
    with clock.at(NOON):
        ask_to_leave(app, sari)
    with clock.at(NOON + 3 * DAY):
        run_jobs()


def test_after_three_days_nothing_of_her_is_left_but_figures(app: Flask) -> None:
    with clock.at(NOON):
        sari = join("Sari")
        card = sari.card_code
        client = log_in(app.test_client(), sari)
        client.post("/profile", data={"name": "Sari", "birthday": "1998-04-21", "language": "id"})
        voucher = rewards.issue_prize(sari.id, "kue-kering", key="p1", source="wheel")
        outbox.commit()
    leave(app, sari)
    gone = fresh(sari.id)
    assert gone.closed_at is not None
    assert (gone.name, gone.phone, gone.email, gone.birthday) == ("—", None, None, None)
    assert gone.password_hash == ""
    assert client.get("/profile").status_code == 303
    with pytest.raises(members.NoSuchCard):
        members.by_card(card)
    assert rewards.state_of(rewards.by_code(voucher.code)) == "cancelled"
    for table in (Device, Passkey):
        assert db.session.scalar(select(func.count(table.id))) == 0
    assert db.session.scalar(select(func.count(Consent.id))) >= 2  # what we must be able to show
    told = db.session.scalars(select(Event).where(Event.kind == "member.erased")).one()
    assert told.member_id == sari.id
    assert "Sari" not in json.dumps(told.data)


def test_the_number_stands_nowhere_any_more(app: Flask) -> None:
    with clock.at(NOON):
        sari = join("Sari")
    leave(app, sari)
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)).all():
            assert "81210000001" not in str(tuple(row)), table.name
    stone = db.session.scalars(select(Tombstone)).one()
    assert len(stone.phone_hash) == 64


def test_her_points_expire_and_the_ledger_stays_balanced(app: Flask) -> None:
    with clock.at(NOON):
        sari = join("Sari")
        ledger.earn(
            sari.id, 30, key="t:1", source="purchase", reason="purchase",
            matures_at=NOON + 30 * DAY,
        )  # fmt: skip
        ledger.hold(sari.id, 10, key="t:2", reason="redemption")
        outbox.commit()
    leave(app, sari)
    balance = ledger.balance(sari.id)
    assert (balance.spendable, balance.pending, balance.held) == (0, 0, 0)
    reasons = [row.reason for row in ledger.statement(sari.id).rows]
    assert reasons.count("erasure") >= 2
    assert list(verify.differences()) == []


def test_joining_again_earns_no_second_welcome_bonus(app: Flask) -> None:
    with clock.at(NOON):
        sari = join("Sari")
    leave(app, sari)
    again = join("Sari")
    assert again.id != sari.id
    assert ledger.balance(again.id).spendable == 0
    assert ledger.balance(join("Tono").id).spendable == 50


def test_accounts_merged_into_hers_go_with_her(app: Flask) -> None:
    from pwa.members import merging

    with clock.at(NOON):
        sari, tono = join("Sari"), join("Tono")
        merging.merge(sari, tono, key="k1")
        outbox.commit()
    leave(app, sari)
    assert fresh(tono.id).name == "—"
    assert not erasure.erase(sari.id)


def test_two_workers_at_once_erase_once(app: Flask) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with clock.at(NOON):
        sari = join("Sari")
        ask_to_leave(app, sari)

    def work(_: int) -> int:
        with app.app_context(), clock.at(NOON + 3 * DAY):
            only_reads(False)
            done = erasure.erase_due(clock.now(), 10)
            outbox.commit()
            return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
