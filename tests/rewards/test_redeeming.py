from __future__ import annotations

from flask import Flask

from pwa import outbox
from pwa.ledger import service as ledger
from pwa.rewards import service as rewards
from tests import people


def give(member_id: int, points: int, key: str = "gift") -> None:
    ledger.earn(member_id, points, key=key, source="campaign", reason="test")
    outbox.commit()


def test_redeeming_takes_the_points_and_gives_a_voucher(app: Flask, noon: object) -> None:
    sari = people.join()
    give(sari.id, 500)
    voucher = rewards.redeem(sari.id, "tambah-shot", "key-1")
    outbox.commit()
    assert ledger.balance(sari.id).spendable == 50 + 500 - 400
    assert rewards.state_of(voucher) == "issued"
    assert rewards.reward_of(voucher).code == "tambah-shot"
