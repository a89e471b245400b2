"""What a till without a network took above the owner's limits: it counts, and she sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.program import service as program
from pwa.rewards import service as rewards
from tests import people
from tests.till.test_offline import an_hour_ago_in_a_voucher, budi, sari, signed, tell
from tests.till.test_till import voucher_of

__all__ = ["budi", "sari"]  # fixtures


def test_a_voucher_above_the_owners_limit_counts_and_is_hers_to_see(
    budi: FlaskClient, sari: Any, app: Flask
) -> None:
    with_till(offline_most_rupiah=2_999)
    code = an_hour_ago_in_a_voucher(sari.id)
    before = ledger.balance(sari.id).spendable
    for _ in range(2):
        answer = tell(budi, code=signed(code)).json
        assert (answer["result"], answer["reason"]) == ("over", "over_each")
    assert rewards.by_code(code).state == "used"
    assert ledger.balance(sari.id).spendable >= before  # a mission pays a first voucher
    ratna = people.log_in(app.test_client(), people.hire("ratna", "owner"))
    assert "1 catatan tanpa sinyal perlu dilihat" in ratna.get("/till").text
    page = ratna.get("/till/offline-acts").text
    for words in ("Melewati batasmu", "Sari", "Lebih mahal dari batas", "Rp2.999"):
        assert words in page, words
    told = select(outbox.Event.data).where(outbox.Event.kind == "till.offline_trouble")
    assert [data["reason"] for data in db.session.scalars(told)] == ["over_each"]


def test_vouchers_of_one_time_without_a_network_are_added_up(budi: FlaskClient, sari: Any) -> None:
    with_till(offline_total_rupiah=15_000)
    keys = [f"form-key-{number}" for number in range(5)]
    codes = [an_hour_ago_in_a_voucher(sari.id, "tambah-shot", key) for key in keys]
    who = budi.get("/till/offline.json").json["who"]
    results = [
        tell(budi, code=signed(code), key=f"of-one-time-{code}", who=who).json["result"]
        for code in codes[:3]
    ]
    assert results == ["done", "done", "over"]  # Rp7.000 each
    with clock.at(clock.now() + timedelta(minutes=2)):
        later = budi.get("/till/offline.json").json["who"]
        answer = tell(budi, code=signed(codes[3]), key="of-another-time", who=later)
        assert answer.json["result"] == "done"
    assert tell(budi, code=signed(codes[4]), key="of-no-time-1").json["result"] == "done"


def test_what_we_had_called_good_is_no_risk_of_the_tills(budi: FlaskClient, sari: Any) -> None:
    with_till(offline_most_rupiah=2_999)
    code = voucher_of(sari.id)
    budi.post("/till/codes", data={"code": code})  # green, held for this till
    assert tell(budi, code=code, made_at=clock.now()).json["result"] == "done"
    typed = voucher_of(sari.id, "tambah-shot", "form-key-2")
    assert tell(budi, code=typed, key="never-asked-1").json["result"] == "over"


def with_till(**rules: int) -> None:
    found = program.current()
    till = found.till.model_copy(update=rules)
    program.apply(found.model_copy(update={"till": till}), actor="test")
    outbox.commit(then_writes=True)
