"""What may happen to one voucher at the same instant: exactly one of it does, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import clock, counters, outbox
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.ledger.models import TransactionRow
from pwa.ledger.verify import differences
from pwa.rewards import gifts, pools
from pwa.rewards import service as rewards
from pwa.rewards.models import PartnerCode, Voucher, VoucherGift
from pwa.staff.models import Staff, StaffAct
from tests import people
from tests.racing import race
from tests.rewards.test_races import TIMES, fifty, redeem_last, rich, with_reward

__all__ = ["fifty"]  # a fixture
LAST_OF = {
    "the day": ({"stock_day": 1}, "sold_out_today"),
    "the budget": ({"value_rupiah": 7_000, "budget_rupiah": 13_999}, "sold_out"),
    "the pool": ({"kind": "partner-code", "settings": {"pool": "bioskop"}}, "sold_out"),
}


def said(act: Any) -> str:
    """What one act came to, committed as a view does it."""
    try:
        word = act()
        outbox.commit()
    except LoyaltyError as refusal:
        outbox.rollback()
        return refusal.code
    return str(word)


@pytest.mark.parametrize("what", LAST_OF)
def test_fifty_members_at_the_last_piece_of(app: Flask, fifty: list[int], what: str) -> None:
    changes, refusal = LAST_OF[what]
    pools.upload("bioskop", ["FILM-1"])
    with_reward("tambah-shot", **changes)
    facts = {"members": fifty, "reward": "tambah-shot"}
    results = Counter(race(app, redeem_last, TIMES, facts))
    db.session.rollback()
    assert results == {"won": 1, refusal: TIMES - 1}
    assert db.session.scalar(select(func.count(Voucher.id))) == 1
    paid = [ledger.balance(member).spendable for member in fifty]
    assert sorted(paid) == [5050 - 400] + [5050] * (TIMES - 1)
    given = select(func.count(PartnerCode.id)).where(PartnerCode.voucher_id.is_not(None))
    assert db.session.scalar(given) == (1 if what == "the pool" else 0)


def cancel_or_use(index: int, facts: dict[str, Any]) -> str:
    staff = db.session.get_one(Staff, facts["staff"][index % 2])
    if index % 2:
        return said(lambda: rewards.cancel(facts["code"], staff, "salah").state)
    return said(lambda: rewards.use(facts["code"], staff, "tebet", f"use-{index}").state)


def test_a_voucher_is_cancelled_or_used_and_never_both(app: Flask) -> None:
    sari = rich(1)
    code = rewards.redeem(sari, "tambah-shot", "form-key-1").code
    outbox.commit()
    staff = [people.hire("budi").id, people.hire("maya", "manager").id]
    results = Counter(race(app, cancel_or_use, TIMES, {"code": code, "staff": staff}))
    db.session.rollback()
    returned = select(func.count(TransactionRow.id)).where(
        TransactionRow.reason == "redemption_cancelled"
    )
    if rewards.by_code(code).state == "used":
        assert results == {"used": 1, "already_used": TIMES - 1}
        assert db.session.scalar(returned) == 0
    else:
        assert results == {"cancelled": TIMES // 2, "voucher_cancelled": TIMES // 2}
        assert db.session.scalar(returned) == 1
        assert ledger.balance(sari).spendable == 5050
    assert list(differences()) == []


def expire_or_use(index: int, facts: dict[str, Any]) -> str:
    """A till whose clock says that it is still good, and a worker whose clock says it is over."""
    if index % 2:
        with clock.at(facts["ends"]):
            return said(lambda: f"closed {rewards.expire_due()}")
    staff = db.session.get_one(Staff, facts["staff"])
    with clock.at(facts["ends"] - timedelta(seconds=1)):
        return said(lambda: rewards.use(facts["code"], staff, "tebet", f"use-{index}").state)


def test_a_voucher_expires_or_is_used_and_never_both(app: Flask) -> None:
    sari, budi = rich(1), people.hire()
    voucher = rewards.redeem(sari, "tambah-shot", "form-key-1")
    code, facts = voucher.code, {"staff": budi.id, "ends": voucher.expires_at}
    outbox.commit()
    results = Counter(race(app, expire_or_use, TIMES, {**facts, "code": code}))
    db.session.rollback()
    told = select(func.count(outbox.Event.id)).where(outbox.Event.kind == "voucher.expired")
    uses = select(func.count(StaffAct.id)).where(StaffAct.act == "voucher.used")
    assert (db.session.scalar(told), db.session.scalar(uses)) in ((0, 1), (1, 0))
    assert rewards.by_code(code).state == ("used" if results["used"] else "expired")
    assert results["used"] + results["closed 1"] == 1


def hold(index: int, facts: dict[str, Any]) -> str:
    staff = db.session.get_one(Staff, facts["staff"][index % 2])
    return said(lambda: f"{index % 2} {rewards.reserve(facts['code'], staff)}")


def test_a_hold_that_lapsed_goes_to_one_till_of_two(app: Flask) -> None:
    sari, budi = rich(1), people.hire("budi")
    with clock.at(clock.now() - timedelta(hours=1)):
        code = rewards.redeem(sari, "tambah-shot", "form-key-1").code
        assert rewards.reserve(code, budi)
        outbox.commit()
    staff = [people.hire("ayu").id, people.hire("maya").id]
    results = Counter(race(app, hold, TIMES, {"code": code, "staff": staff}))
    db.session.rollback()
    winner = staff.index(rewards.by_code(code).reserved_by or 0)
    loser = 1 - winner
    assert results == {f"{winner} True": TIMES // 2, f"{loser} False": TIMES // 2}


def answer_gift(index: int, facts: dict[str, Any]) -> str:
    """The friend takes it and sends it back from two phones, the worker returns what is late,
    and a till tries the old code.
    """
    if index % 4 == 0:
        return said(lambda: "took" if gifts.accept(facts["gift"], facts["friend"]) else "")
    if index % 4 == 1:
        return said(lambda: gifts.decline(facts["gift"], facts["friend"]) or "sent back")
    if index % 4 == 2:
        return said(lambda: f"lapsed {gifts.lapse_due(facts['until'])}")
    staff = db.session.get_one(Staff, facts["staff"])
    return said(lambda: rewards.use(facts["code"], staff, "tebet", f"use-{index}").state)


@pytest.mark.parametrize("round_", range(2))
def test_a_gift_is_taken_or_returned_and_the_voucher_is_one_persons(
    app: Flask, round_: int
) -> None:
    sari, tono, budi = rich(1), people.join("Tono"), people.hire()
    giver = db.session.get_one(type(tono), sari)
    code = rewards.redeem(sari, "tambah-shot", "form-key-1").code
    gift = gifts.offer(code, giver, tono.phone or "", "gift-key-1")
    facts = {"gift": gift.id, "friend": tono.id, "until": gift.open_until, "staff": budi.id}
    outbox.commit()
    times = TIMES - 2  # each of the four as often
    results = Counter(race(app, answer_gift, times, {**facts, "code": code}))
    db.session.rollback()
    voucher = db.session.scalars(select(Voucher)).one()
    state = db.session.scalars(select(VoucherGift.state)).one()
    told = Counter(db.session.scalars(select(outbox.Event.kind)))
    assert told["gift.accepted"] + told["gift.returned"] == 1
    if state == "accepted":
        assert (voucher.member_id, voucher.state) == (facts["friend"], "issued")
        assert voucher.code != code  # what a till had seen is worth nothing now
        assert results["took"] == times // 4
        assert results["used"] == results["sent back"] == results["lapsed 1"] == 0
    else:
        assert (voucher.member_id, voucher.code) == (sari, code)
        assert voucher.state in ("issued", "reserved", "used")
        assert results["used"] == (voucher.state == "used")
        assert results["took"] == 0
    assert counters.given([f"reward:tambah-shot:m{sari}"]).keys()
