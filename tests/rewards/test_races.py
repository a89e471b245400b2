"""Fifty at once, in real processes, on both databases: exactly one wins."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import counters, outbox
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.program import service as program
from pwa.program.schema import Program
from pwa.rewards import service as rewards
from pwa.rewards.models import Redemption, Voucher
from pwa.staff.models import Staff, StaffAct
from tests import people
from tests.racing import race

TIMES = 50


def redeem_last(index: int, facts: dict[str, Any]) -> str:
    """One member's try at the last piece, as a view does it."""
    try:
        rewards.redeem(facts["members"][index], facts["reward"], f"race-{index}")
        outbox.commit()
    except LoyaltyError as refusal:
        outbox.rollback()
        return refusal.code
    return "won"


def redeem_same_key(index: int, facts: dict[str, Any]) -> str:
    voucher = rewards.redeem(facts["member"], facts["reward"], "one-form")
    code = voucher.code
    outbox.commit()
    return code


def use_voucher(index: int, facts: dict[str, Any]) -> str:
    staff = db.session.get_one(Staff, facts["staff"][index % 2])
    try:
        rewards.use(facts["voucher"], staff, "tebet", f"use-{index}")
        outbox.commit()
    except LoyaltyError as refusal:
        outbox.rollback()
        return refusal.code
    return "won"


def with_reward(code: str, **changes: Any) -> None:
    """The program in force, with one reward changed."""
    document = program.to_document(program.current())
    for reward in document["rewards"]:
        if reward["code"] == code:
            reward.update(changes)
    program.apply(Program.model_validate(document), "test")
    outbox.commit()


def rich(number: int, points: int = 5000) -> int:
    member = people.join(f"Anggota {number}", f"0812300{number:05d}")
    ledger.earn(member.id, points, key=f"rich:{member.id}", source="campaign", reason="test")
    outbox.commit()
    return member.id


@pytest.fixture
def fifty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    from pwa.members import passwords

    monkeypatch.setattr(passwords, "hashed", lambda password: "x")
    return [rich(number) for number in range(TIMES)]


def test_fifty_members_at_the_last_piece_and_exactly_one_gets_it(
    app: Flask, fifty: list[int]
) -> None:
    with_reward("tote", stock_total=1)
    facts = {"members": fifty, "reward": "tote"}
    results = Counter(race(app, redeem_last, TIMES, facts))
    db.session.rollback()
    assert results == {"won": 1, "sold_out": TIMES - 1}
    assert db.session.scalar(select(func.count(Voucher.id))) == 1
    assert db.session.scalar(select(func.count(Redemption.id))) == 1
    assert counters.given(["reward:tote"]) == {"reward:tote": 1}
    left = sorted(ledger.balance(member_id).spendable for member_id in fifty)
    assert left == [5050 - 3200] + [5050] * (TIMES - 1)


def test_fifty_taps_on_one_form_spend_once_and_all_see_the_same_voucher(app: Flask) -> None:
    sari = rich(1)
    facts = {"member": sari, "reward": "tambah-shot"}
    codes = set(race(app, redeem_same_key, TIMES, facts))
    db.session.rollback()
    assert len(codes) == 1
    assert ledger.balance(sari).spendable == 5050 - 400
    assert db.session.scalar(select(func.count(Voucher.id))) == 1


def test_one_member_at_fifty_taps_gets_no_more_than_her_points_pay_for(app: Flask) -> None:
    sari = rich(1, points=950)
    facts = {"members": [sari] * TIMES, "reward": "ukuran-besar"}
    results = Counter(race(app, redeem_last, TIMES, facts))
    db.session.rollback()
    assert results == {"won": 4, "not_enough_points": TIMES - 4}
    assert ledger.balance(sari).spendable == 0


def test_fifty_uses_of_one_voucher_at_two_tills_and_exactly_one_counts(app: Flask) -> None:
    sari = rich(1)
    voucher = rewards.redeem(sari, "tambah-shot", "form-key-1")
    outbox.commit()
    staff = [people.hire("budi").id, people.hire("ayu").id]
    facts = {"voucher": voucher.code, "staff": staff}
    results = Counter(race(app, use_voucher, TIMES, facts))
    db.session.rollback()
    assert results == {"won": 1, "already_used": TIMES - 1}
    used = db.session.scalar(select(Voucher).execution_options(populate_existing=True))
    assert used is not None
    assert used.state == "used"
    acts = select(func.count(StaffAct.id)).where(StaffAct.act == "voucher.used")
    assert db.session.scalar(acts) == 1
