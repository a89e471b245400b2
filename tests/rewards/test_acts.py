"""Reserving, cancelling, reversing, reissuing and giving a voucher."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pwa import clock, counters, outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.ledger.models import Lot
from pwa.rewards import gifts, vouchers
from pwa.rewards import service as rewards
from pwa.rewards.acts import NotUsed
from pwa.rewards.errors import AlreadyUsed, Cancelled, Expired, HeldElsewhere, NoSuchVoucher
from pwa.rewards.gifts import NoSuchGift, NotGiveable
from pwa.staff.models import StaffAct
from tests import people
from tests.rewards.test_races import with_reward


@pytest.fixture
def sari(app: Flask) -> Any:
    member = people.join()
    ledger.earn(member.id, 5000, key="rich", source="campaign", reason="test")
    outbox.commit()
    return member


@pytest.fixture
def budi(sari: Any) -> Any:
    return people.hire()


def issue(member: Any, reward: str = "tambah-shot", key: str = "form-key-1") -> str:
    code = rewards.redeem(member.id, reward, key).code
    outbox.commit()
    return code


def test_a_voucher_that_one_till_holds_is_refused_at_another_until_it_lapses(
    sari: Any, budi: Any, noon: Any
) -> None:
    ayu, code = people.hire("ayu"), issue(sari)
    assert rewards.reserve(code, budi)
    assert not rewards.reserve(code, ayu)
    with pytest.raises(HeldElsewhere):
        rewards.use(code, ayu, "kemang", "key-of-ayu-1")
    with clock.at(noon + timedelta(minutes=5)):
        assert rewards.use(code, ayu, "kemang", "key-of-ayu-1").state == "used"
    with pytest.raises(AlreadyUsed):
        rewards.use(code, budi, "tebet", "key-of-budi")


def test_the_till_that_holds_it_can_use_it_or_let_it_go(sari: Any, budi: Any) -> None:
    ayu, code = people.hire("ayu"), issue(sari)
    rewards.reserve(code, budi)
    assert rewards.reserve(code, budi)
    rewards.release(code, ayu)
    assert rewards.state_of(vouchers.by_code(code)) == "reserved"
    rewards.release(code, budi)
    assert rewards.use(code, ayu, "kemang", "key-of-ayu-1").state == "used"


def test_cancelling_gives_back_the_points_once_and_the_piece(sari: Any, budi: Any) -> None:
    before = ledger.balance(sari.id).spendable
    code = issue(sari, "tote")
    assert counters.given(["reward:tote"]) == {"reward:tote": 1}
    for _ in range(2):
        assert rewards.cancel(code, budi, "salah pilih").state == "cancelled"
        outbox.commit()
    assert ledger.balance(sari.id).spendable == before
    assert counters.given(["reward:tote"]) == {"reward:tote": 0}
    with pytest.raises(Cancelled):
        rewards.use(code, budi, "tebet", "key-of-budi")


def test_what_cancelling_gives_back_keeps_its_first_expiry(
    app: Flask, budi: Any, noon: Any
) -> None:
    with clock.at(noon - timedelta(days=40)):  # older points expire a month earlier
        tono = people.join("Tono")
        ledger.earn(tono.id, 700, key="old", source="campaign", reason="test")
        outbox.commit(then_writes=True)
    ledger.earn(tono.id, 700, key="new", source="campaign", reason="test")
    before = expiring(tono.id)
    assert len(before) == 2
    code = issue(tono)
    assert expiring(tono.id) != before
    with clock.at(noon + timedelta(days=3)):
        rewards.cancel(code, budi, "salah pilih")
        outbox.commit()
    assert expiring(tono.id) == before


def expiring(member_id: int) -> dict[Any, int]:
    """Spendable points by the day they end."""
    lots = select(Lot.expires_on, func.sum(Lot.spendable)).where(Lot.member_id == member_id)
    return {row[0]: row[1] for row in db.session.execute(lots.group_by(Lot.expires_on))}


def test_a_share_of_the_month_comes_back_to_who_redeemed_it(
    sari: Any, budi: Any, noon: Any
) -> None:
    """A day later, and though a friend has it now; a prize takes nobody's share back."""
    tono = people.join("Tono")
    with_reward("tambah-shot", per_member_month=2)
    code, name = issue(sari), f"reward:tambah-shot:2026-11:m{sari.id}"
    gift = gifts.offer(code, sari, "0812 1000 0002", "gift-key-1")
    given = gifts.accept(gift.id, tono.id).code
    prize = rewards.issue_prize(sari.id, "tambah-shot", key="won", source="wheel").code
    outbox.commit()
    with clock.at(noon + timedelta(days=1)):
        rewards.cancel(prize, budi, "salah hadiah")
        assert counters.given([name]) == {name: 1}
        rewards.cancel(given, budi, "salah pilih")
    assert counters.given([name]) == {name: 0}


def test_a_used_or_expired_voucher_cannot_be_cancelled(sari: Any, budi: Any, noon: Any) -> None:
    used, late = issue(sari), issue(sari, key="form-key-2")
    rewards.use(used, budi, "tebet", "key-of-budi")
    with pytest.raises(AlreadyUsed):
        rewards.cancel(used, budi, "telat")
    with clock.at(noon + timedelta(days=9)), pytest.raises(Expired):
        rewards.cancel(late, budi, "telat")


def test_reversing_a_use_makes_it_good_again_and_is_logged(sari: Any, budi: Any) -> None:
    code = issue(sari)
    with pytest.raises(NotUsed):
        rewards.reverse_use(code, budi, "salah pindai")
    rewards.use(code, budi, "tebet", "key-of-budi")
    assert rewards.reverse_use(code, budi, "salah pindai").state == "issued"
    assert rewards.use(code, budi, "tebet", "key-of-budi-2").state == "used"
    acts = db.session.scalars(select(StaffAct.act).where(StaffAct.subject == f"voucher:{code}"))
    assert list(acts) == ["voucher.used", "voucher.use_reversed", "voucher.used"]


def test_reissuing_replaces_the_code_and_moves_no_points(sari: Any, budi: Any) -> None:
    old = issue(sari)
    before = ledger.balance(sari.id).spendable
    new = rewards.reissue(old, budi, "layar terlihat orang").code
    assert new != old
    with pytest.raises(NoSuchVoucher):
        rewards.use(old, budi, "tebet", "key-of-budi")
    assert rewards.use(new, budi, "tebet", "key-of-budi").state == "used"
    assert ledger.balance(sari.id).spendable == before


def test_a_gift_is_the_friends_under_a_new_code_once_she_accepts(sari: Any, budi: Any) -> None:
    tono, code = people.join("Tono"), issue(sari)
    gift = gifts.offer(code, sari, "0812 1000 0002", "gift-key-1")
    assert gifts.offer(code, sari, "0812 1000 0002", "gift-key-1").id == gift.id
    with pytest.raises(HeldElsewhere):  # offered: nobody's to use
        rewards.use(code, budi, "tebet", "key-of-budi")
    received = gifts.accept(gift.id, tono.id)
    assert received.code != code
    assert [v.code for v in rewards.active_vouchers(tono.id)] == [received.code]
    assert list(rewards.active_vouchers(sari.id)) == []
    with pytest.raises(NoSuchVoucher):
        rewards.use(code, budi, "tebet", "key-of-budi")
    assert gifts.accept(gift.id, tono.id).id == received.id


def test_a_gift_nobody_takes_in_a_day_is_the_givers_again(sari: Any, budi: Any, noon: Any) -> None:
    tono, code = people.join("Tono"), issue(sari)
    gift = gifts.offer(code, sari, "081210000002", "gift-key-1")
    with clock.at(noon + timedelta(hours=24)):
        assert list(gifts.open_gifts(tono.id)) == []
        with pytest.raises(NoSuchGift):
            gifts.accept(gift.id, tono.id)
        assert gifts.lapse_due(clock.now()) == 1
        assert rewards.use(code, budi, "tebet", "key-of-budi").state == "used"


def test_a_declined_gift_is_the_givers_at_once(sari: Any, budi: Any) -> None:
    tono, code = people.join("Tono"), issue(sari)
    gift = gifts.offer(code, sari, "081210000002", "gift-key-1")
    gifts.decline(gift.id, tono.id)
    assert rewards.state_of(vouchers.by_code(code)) == "issued"
    with pytest.raises(NoSuchGift):
        gifts.accept(gift.id, tono.id)


@pytest.mark.parametrize("phone", ["081299999999", "081210000001"])
def test_strangers_and_herself_get_no_gift_in_the_same_words(sari: Any, phone: str) -> None:
    with pytest.raises(NotGiveable):
        gifts.offer(issue(sari), sari, phone, "gift-key-1")


def test_only_the_receiver_can_accept(sari: Any) -> None:
    people.join("Tono")
    dewi = people.join("Dewi")
    gift = gifts.offer(issue(sari), sari, "081210000002", "gift-key-1")
    with pytest.raises(NoSuchGift):
        gifts.accept(gift.id, dewi.id)


def test_a_gift_through_the_pages(client: FlaskClient, sari: Any) -> None:
    tono = people.join("Tono")
    people.log_in(client, sari)
    code = issue(sari)
    sent = client.post(
        f"/vouchers/{code}/gifts", data={"phone": "081210000002", "key": "gift-key-12"}
    )
    assert sent.status_code == 303
    client.post("/logout")
    people.log_in(client, tono)
    page = client.get("/vouchers").text
    assert "Sari mengirimimu Tambah shot" in page
    gift = gifts.open_gifts(tono.id)[0]
    accepted = client.post(f"/gifts/{gift.id}/acceptances")
    assert accepted.status_code == 303
    assert client.get(accepted.location).status_code == 200


def test_what_is_over_is_closed_by_the_worker_and_told_once(
    sari: Any, budi: Any, noon: Any
) -> None:
    code = issue(sari)
    with clock.at(noon + timedelta(days=8)):
        assert rewards.expire_due() == 1
        assert rewards.expire_due() == 0
        assert vouchers.by_code(code).state == "expired"
