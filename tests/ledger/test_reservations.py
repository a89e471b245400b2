from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pwa import clock
from pwa.errors import NotEnoughPoints
from pwa.ledger import service as ledger
from pwa.ledger.errors import MoreThanGiven, NotReversible
from pwa.ledger.expiry import Expiry
from tests.ledger.test_earning_and_spending import give


def test_held_points_are_not_spendable(sari: int) -> None:
    give(sari, 100)
    ledger.hold(sari, 80, key="h", reason="redemption")
    assert (ledger.balance(sari).spendable, ledger.balance(sari).held) == (20, 80)
    with pytest.raises(NotEnoughPoints):
        ledger.burn(sari, 21, key="b", reason="redemption")


def test_settling_spends_them_and_releasing_gives_them_back(sari: int) -> None:
    give(sari, 100)
    ledger.hold(sari, 80, key="h", reason="redemption")
    ledger.settle("h", key="s", points=30)
    ledger.release("h", key="r")
    assert (ledger.balance(sari).spendable, ledger.balance(sari).held) == (70, 0)


def test_no_more_than_was_held_can_be_settled_or_released(sari: int) -> None:
    give(sari, 100)
    ledger.hold(sari, 80, key="h", reason="redemption")
    with pytest.raises(MoreThanGiven):
        ledger.settle("h", key="s", points=81)
    ledger.settle("h", key="s")
    for act in (ledger.settle, ledger.release):
        with pytest.raises(MoreThanGiven) as refusal:
            act("h", key="again")
        assert refusal.value.facts == {"remaining": 0}


def test_two_holds_do_not_touch_each_others_points(sari: int) -> None:
    give(sari, 100)
    ledger.hold(sari, 30, key="h1", reason="redemption")
    ledger.hold(sari, 30, key="h2", reason="redemption")
    ledger.release("h1", key="r1")
    with pytest.raises(MoreThanGiven):
        ledger.release("h1", key="r2")
    assert (ledger.balance(sari).spendable, ledger.balance(sari).held) == (70, 30)


def test_released_points_keep_their_expiry(sari: int, noon: datetime) -> None:
    give(sari, 100, expires=Expiry.after_days(1))
    ledger.hold(sari, 80, key="h", reason="redemption")
    with clock.at(noon + timedelta(days=2)):
        ledger.expire_due()
        assert (ledger.balance(sari).spendable, ledger.balance(sari).held) == (0, 80)
        ledger.release("h", key="r")
        assert ledger.balance(sari).spendable == 0
        assert ledger.expire_due() == 1


def test_a_settled_hold_can_be_reversed_like_a_burn(sari: int) -> None:
    give(sari, 100)
    ledger.hold(sari, 80, key="h", reason="redemption")
    with pytest.raises(NotReversible):
        ledger.reverse("h", key="x", reason="cancelled")
    ledger.settle("h", key="s")
    ledger.reverse("s", key="x", reason="cancelled")
    assert ledger.balance(sari).spendable == 100


def test_settling_and_releasing_replay(sari: int) -> None:
    give(sari, 100)
    ledger.hold(sari, 80, key="h", reason="redemption")
    assert ledger.hold(sari, 80, key="h", reason="redemption").replayed
    ledger.settle("h", key="s")
    assert ledger.settle("h", key="s").replayed
    assert ledger.balance(sari).held == 0


def test_only_a_hold_can_be_settled(sari: int) -> None:
    give(sari, 100, "e")
    with pytest.raises(NotReversible):
        ledger.settle("e", key="s")
