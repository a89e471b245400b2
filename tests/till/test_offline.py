"""What tills did without a network, told later: judged once, and nobody pays twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pwa import clock, outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members import card_codes
from pwa.rewards import service as rewards
from pwa.shop.models import Purchase
from pwa.staff.models import StaffAct
from pwa.till.models import OfflineAct
from tests import people
from tests.till.test_till import voucher_of

KEY = "0123456789abcdef"
NAIVE = clock.now().replace(tzinfo=None)


@pytest.fixture
def sari(app: Flask, noon: datetime) -> Any:
    return people.join()


@pytest.fixture
def budi(app: Flask, client: FlaskClient) -> FlaskClient:
    return people.log_in(client, people.hire())


def tell(till: FlaskClient, **fields: Any) -> Any:
    made_at = fields.pop("made_at", clock.now() - timedelta(hours=1))
    data = {"kind": "voucher", "key": KEY, "made_at": made_at.isoformat(), **fields}
    return till.post("/till/offline-acts", data=data, headers={"Accept": "application/json"})


def signed(code: str) -> str:
    return rewards.signed_text(rewards.by_code(code))


def an_hour_ago_in_a_voucher(member_id: int, *wanted: str) -> str:
    with clock.at(clock.now() - timedelta(hours=2)):
        return voucher_of(member_id, *wanted)


def test_a_use_counts_as_of_when_it_was_made_and_once(budi: FlaskClient, sari: Any) -> None:
    code = an_hour_ago_in_a_voucher(sari.id)
    for _ in range(3):
        assert tell(budi, code=signed(code)).json["result"] == "done"
    used = rewards.by_code(code)
    assert rewards.state_of(used) == "used"
    assert used.used_at == clock.now() - timedelta(hours=1)
    acts = select(func.count(StaffAct.id)).where(StaffAct.act == "voucher.used")
    assert db.session.scalar(acts) == 1
    assert code in budi.get("/till/offline.json").json["spent"]


def test_the_second_till_is_a_double_use_and_the_member_pays_nothing(
    budi: FlaskClient, sari: Any, app: Flask
) -> None:
    code = an_hour_ago_in_a_voucher(sari.id)
    ayu = people.log_in(app.test_client(), people.hire("ayu", outlet="kemang"))
    assert tell(budi, code=signed(code)).json["result"] == "done"
    before = ledger.balance(sari.id)
    answer = tell(ayu, code=signed(code), key="another-till-1")
    assert answer.status_code == 200
    assert answer.json["result"] == "double"
    assert ledger.balance(sari.id) == before
    assert rewards.by_code(code).used_outlet == "tebet"
    told = db.session.scalars(
        select(outbox.Event).where(outbox.Event.kind == "till.offline_trouble")
    ).all()
    assert [event.data["amount_rupiah"] for event in told] == [3000]


def test_the_owner_sees_a_double_use_until_she_has_dealt_with_it(
    budi: FlaskClient, sari: Any, app: Flask
) -> None:
    code = an_hour_ago_in_a_voucher(sari.id)
    tell(budi, code=signed(code))
    tell(budi, code=signed(code), key="another-till-1")
    ratna = people.log_in(app.test_client(), people.hire("ratna", "owner"))
    assert "/till/offline-acts" in ratna.get("/till").text
    page = ratna.get("/till/offline-acts").text
    for words in (
        "Dipakai dua kali",
        "Sari",
        "Satu kue kering",
        "Rp3.000",
        "Budi, Kopi Kawan Tebet",
    ):
        assert words in page
    act = db.session.scalars(select(OfflineAct).where(OfflineAct.result == "double")).one()
    for _ in range(2):
        assert ratna.post(f"/till/offline-acts/{act.id}/views").status_code == 303
    assert "Dipakai dua kali" not in ratna.get("/till/offline-acts").text
    seen = select(func.count(StaffAct.id)).where(StaffAct.act == "till.offline_act_seen")
    assert db.session.scalar(seen) == 1


def test_a_use_online_before_it_is_the_one_that_counts(budi: FlaskClient, sari: Any) -> None:
    code = an_hour_ago_in_a_voucher(sari.id)
    text = signed(code)
    budi.post(f"/till/vouchers/{code}/uses", data={"key": "online-key-1"})
    assert tell(budi, code=text).json["result"] == "double"


def test_an_online_use_whose_answer_was_lost_is_the_same_use(budi: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id)
    budi.post(f"/till/vouchers/{code}/uses", data={"key": KEY})
    assert tell(budi, code=code, made_at=clock.now()).json["result"] == "done"


def test_another_tills_hold_does_not_undo_what_was_handed_over(
    budi: FlaskClient, sari: Any, app: Flask
) -> None:
    code = an_hour_ago_in_a_voucher(sari.id)
    ayu = people.log_in(app.test_client(), people.hire("ayu"))
    ayu.post("/till/codes", data={"code": code})
    assert tell(budi, code=signed(code)).json["result"] == "done"


def test_good_when_it_was_taken_is_good_though_it_has_expired_since(
    budi: FlaskClient, sari: Any
) -> None:
    with clock.at(clock.now() - timedelta(days=20)):
        code = voucher_of(sari.id)
    voucher = rewards.by_code(code)
    rewards.expire_due()
    outbox.commit()
    made_at = voucher.expires_at - timedelta(minutes=1)
    with clock.at(voucher.expires_at + timedelta(days=1)):
        assert tell(budi, code=signed(code), made_at=made_at).json["result"] == "done"
        late = tell(budi, code=signed(code), key="too-late-key", made_at=clock.now())
    assert late.json["result"] == "double"


@pytest.mark.parametrize("end", ["expired", "cancelled", "forged"])
def test_what_should_not_have_been_taken_is_kept_for_the_owner(
    budi: FlaskClient, sari: Any, app: Flask, end: str
) -> None:
    code = an_hour_ago_in_a_voucher(sari.id)
    text, made_at = signed(code), clock.now() - timedelta(hours=1)
    if end == "cancelled":
        rewards.cancel(code, people.hire("maya", "manager"), "salah")
        outbox.commit()
    if end == "forged":
        text = text[:20] + ("1" if text[20] != "1" else "2") + text[21:]
    if end == "expired":
        made_at = rewards.by_code(code).expires_at
    with clock.at(clock.now() + timedelta(days=30 if end == "expired" else 0)):
        answer = tell(budi, code=text, made_at=max(made_at, clock.now() - timedelta(days=7)))
    assert answer.json == {"result": "refused", "reason": f"voucher_{end}",
                           "subject": f"voucher:{code}"}  # fmt: skip
    assert rewards.by_code(code).state != "used"


def test_a_purchase_is_recorded_as_of_its_time_once(budi: FlaskClient, sari: Any) -> None:
    then = clock.now() - timedelta(hours=20)  # yesterday
    card = card_codes.text_of(sari, then)
    for _ in range(2):
        answer = tell(budi, kind="purchase", code=card, amount="45000", made_at=then)
        assert answer.json["result"] == "done"
    bought = db.session.scalars(select(Purchase)).one()
    assert (bought.at, bought.amount_rupiah, bought.member_id) == (then, 45000, sari.id)
    assert bought.on == clock.program_day(then)
    assert ledger.balance(sari.id).spendable >= 95


def test_a_purchase_that_came_through_at_once_and_is_told_again_is_one(
    budi: FlaskClient, sari: Any
) -> None:
    budi.post(f"/till/members/{sari.card_code}/purchases", data={"amount": "45.000", "key": KEY})
    answer = tell(budi, kind="purchase", code=sari.card_code, amount="45000")
    assert answer.json["result"] == "done"
    assert db.session.scalar(select(func.count(Purchase.id))) == 1


@pytest.mark.parametrize("amount", ["0", "", "abc"])
def test_a_purchase_without_an_amount_is_not_taken(
    budi: FlaskClient, sari: Any, amount: str
) -> None:
    answer = tell(budi, kind="purchase", code=sari.card_code, amount=amount)
    assert answer.status_code == 422
    assert db.session.scalar(select(OfflineAct.id)) is None


def test_a_card_code_that_was_stale_even_then_is_refused(budi: FlaskClient, sari: Any) -> None:
    then = clock.now() - timedelta(hours=1)
    card = card_codes.text_of(sari, then - timedelta(hours=1))
    answer = tell(budi, kind="purchase", code=card, amount="45000", made_at=then)
    assert (answer.json["result"], answer.json["reason"]) == ("refused", "stale_card")
    assert db.session.scalar(select(Purchase.id)) is None


def test_who_was_at_the_till_is_kept_whoever_sends_it(
    budi: FlaskClient, sari: Any, app: Flask
) -> None:
    who = budi.get("/till/offline.json").json["who"]
    ayu = people.log_in(app.test_client(), people.hire("ayu", outlet="kemang"))
    code = an_hour_ago_in_a_voucher(sari.id)
    tell(ayu, code=signed(code), who=who)
    act = db.session.scalars(select(OfflineAct)).one()
    assert act.outlet_code == "tebet"
    assert act.staff_id != act.sent_by
    assert rewards.by_code(code).used_by == act.staff_id
    tell(ayu, code=signed(code), who=who + "x", key="forged-name-1")
    forged = db.session.scalars(select(OfflineAct).order_by(OfflineAct.id.desc())).first()
    assert forged is not None
    assert forged.staff_id == forged.sent_by


def test_the_same_key_for_something_else_is_refused(budi: FlaskClient, sari: Any) -> None:
    code = an_hour_ago_in_a_voucher(sari.id)
    tell(budi, code=signed(code))
    assert tell(budi, code="2222222N").status_code == 409


def test_a_time_to_come_is_now(budi: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id)
    tell(budi, code=signed(code), made_at=clock.now() + timedelta(days=3))
    assert rewards.by_code(code).used_at == clock.now()


@pytest.mark.parametrize("fields", [{"kind": "refund"}, {"key": ""}, {"made_at": NAIVE}])
def test_nonsense_is_not_taken(budi: FlaskClient, sari: Any, fields: dict[str, Any]) -> None:
    assert tell(budi, code=sari.card_code, **fields).status_code == 400


def test_only_staff_keep_and_tell_and_only_managers_look(
    app: Flask, sari: Any, budi: FlaskClient
) -> None:
    member = people.log_in(app.test_client(), sari)
    for who in (app.test_client(), member):
        for address in ("/till/offline.json", "/till/offline-acts"):
            assert who.get(address).status_code == 303
        assert tell(who, code="2222222N").status_code == 401
        assert who.post("/till/offline-acts/1/views").status_code == 303
        assert who.get("/till/offline").status_code == 200  # an empty shell
    assert budi.get("/till/offline-acts").status_code == 403
    assert budi.post("/till/offline-acts/1/views").status_code == 403
    assert db.session.scalar(select(OfflineAct.id)) is None


def test_a_signed_code_is_scanned_like_a_typed_one(budi: FlaskClient, sari: Any) -> None:
    code = voucher_of(sari.id)
    found = budi.post("/till/codes", data={"code": signed(code)})
    assert found.location == f"/till/vouchers/{code}"
    card = card_codes.text_of(sari, clock.now())
    assert budi.post("/till/codes", data={"code": card}).location.endswith(sari.card_code)
    stale = card_codes.text_of(sari, clock.now() - timedelta(hours=1))
    answer = budi.post("/till/codes", data={"code": stale})
    assert answer.status_code == 422
    assert "sudah lewat" in answer.text
    assert stale not in answer.text


def test_what_a_till_keeps_is_enough_to_judge_a_voucher(budi: FlaskClient, sari: Any) -> None:
    kept = budi.get("/till/offline.json").json
    assert kept["rewards"]["kue-kering"]["hand_over"] == "Satu kue kering dari stoples"
    assert (kept["most_rupiah"], kept["total_rupiah"]) == (50_000, 250_000)
    for path in kept["files"]:
        with budi.get(path) as answer:  # a file stays open until it is read
            assert answer.status_code == 200, path
