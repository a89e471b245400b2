"""Any movements, in any order and at any clock, agree with a plain model of lots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from pwa import clock
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.ledger.models import Lot
from pwa.ledger.verify import differences_in
from tests.conftest import NOON
from tests.ledger.ground import join
from tests.ledger.model import Model, Refused

MEMBERS = (1, 2)
A_MEMBER = st.sampled_from(MEMBERS)
POINTS = st.integers(1, 60)
EXPIRY = st.sampled_from(
    [
        ledger.Expiry.never(),
        ledger.Expiry.after_days(0),
        ledger.Expiry.after_days(3),
        ledger.Expiry.end_of_month(),
        ledger.Expiry.end_of_month(1),
        ledger.Expiry.end_of_year(),
        ledger.Expiry.after_inactivity(2),
        ledger.Expiry.after_inactivity(5),
    ]
)
WAIT_DAYS = st.sampled_from([None, None, -1, 1, 4])
PICK = st.integers(0, 1_000)
PART = st.one_of(st.none(), st.integers(1, 30))


class Movements(RuleBasedStateMachine):
    """Everything happens in one transaction, which the end of each run rolls back."""

    verify_each_step = False

    def __init__(self) -> None:
        super().__init__()
        db.session.rollback()
        join(*MEMBERS)
        self.model = Model(MEMBERS)
        self.now = NOON
        self.policy = ledger.Expiry.never()
        self.count = 0
        self.asked: list[tuple[Callable[..., object], tuple[object, ...], dict[str, object]]] = []

    def teardown(self) -> None:
        clean = list(differences_in(db.session.connection()))
        db.session.rollback()
        assert clean == []

    def _key(self) -> str:
        self.count += 1
        return f"k{self.count}"

    def _both(
        self, model: Callable[[], None], real: Callable[..., object], *arguments: object,
        **named: object,
    ) -> None:  # fmt: skip
        """The model and the ledger do it, or refuse it by the same name."""
        expected = refused = None
        try:
            model()
        except Refused as refusal:
            expected = str(refusal)
        with clock.at(self.now):
            try:
                real(*arguments, **named)
            except LoyaltyError as error:
                refused = error.code
        assert refused == expected
        if refused is None:
            self.asked.append((real, arguments, named))

    def _earlier(self, pick: int) -> str:
        keys = sorted(self.model.moves)
        return keys[pick % len(keys)]

    @rule(member=A_MEMBER, points=POINTS, expiry=EXPIRY, wait=WAIT_DAYS)
    def earn(self, member: int, points: int, expiry: ledger.Expiry, wait: int | None) -> None:
        key, now = self._key(), self.now
        at = None if wait is None else now + timedelta(days=wait)
        self._both(
            lambda: self.model.earn(key, member, points, expiry, at, now),
            ledger.earn, member, points,
            key=key, source="purchase", reason="purchase", matures_at=at, expires=expiry,
        )  # fmt: skip

    @rule(policy=EXPIRY)
    def set_the_policy(self, policy: ledger.Expiry) -> None:
        self.policy = policy
        ledger.set_policy({"mission": policy})

    @rule(member=A_MEMBER, points=POINTS)
    def earn_by_policy(self, member: int, points: int) -> None:
        key, now = self._key(), self.now
        self._both(
            lambda: self.model.earn(key, member, points, self.policy, None, now),
            ledger.earn,
            member,
            points,
            key=key,
            source="mission",
            reason="mission",
        )

    @rule(member=A_MEMBER, points=POINTS)
    def burn(self, member: int, points: int) -> None:
        key = self._key()
        self._both(
            lambda: self.model.spend(key, "burn", member, points, self.now),
            ledger.burn, member, points, key=key, reason="redemption",
        )  # fmt: skip

    @rule(member=A_MEMBER, points=POINTS)
    def hold(self, member: int, points: int) -> None:
        key = self._key()
        self._both(
            lambda: self.model.spend(key, "hold", member, points, self.now),
            ledger.hold, member, points, key=key, reason="redemption",
        )  # fmt: skip

    @precondition(lambda self: any(m.kind == "hold" for m in self.model.moves.values()))
    @rule(pick=PICK, part=PART, settles=st.booleans())
    def finish_a_hold(self, pick: int, part: int | None, settles: bool) -> None:
        holds = sorted(key for key, move in self.model.moves.items() if move.kind == "hold")
        hold, key = holds[pick % len(holds)], self._key()
        kind, real = ("settle", ledger.settle) if settles else ("release", ledger.release)
        self._both(
            lambda: self.model.finish(key, kind, hold, part), real, hold, key=key, points=part
        )

    @precondition(lambda self: self.model.moves)
    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        original, key = self._earlier(pick), self._key()
        self._both(
            lambda: self.model.reverse(original, self.now),
            ledger.reverse, original, key=key, reason="cancelled",
        )  # fmt: skip

    @precondition(lambda self: self.model.moves)
    @rule(pick=PICK, returned=st.integers(1, 7))
    def refund(self, pick: int, returned: int) -> None:
        original, key = self._earlier(pick), self._key()
        self._both(
            lambda: self.model.refund(original, returned, 10, self.now),
            ledger.refund, original, returned, 10, key=key,
        )  # fmt: skip

    @rule(member=A_MEMBER, points=st.integers(-30, 30).filter(bool))
    def adjust(self, member: int, points: int) -> None:
        key, now = self._key(), self.now
        if points > 0:
            model = lambda: self.model.earn(  # noqa: E731
                key, member, points, ledger.Expiry.never(), None, now, kind="adjust"
            )
        else:
            model = lambda: self.model.spend(key, "adjust", member, -points, now)  # noqa: E731
        self._both(
            model, ledger.adjust, member, points,
            key=key, actor="maya", note="miscounted", approver="ratna",
        )  # fmt: skip

    @rule(giver=A_MEMBER, points=POINTS)
    def transfer(self, giver: int, points: int) -> None:
        key, taker = self._key(), 3 - giver
        self._both(
            lambda: self.model.transfer(key, giver, taker, points, self.now),
            ledger.transfer, giver, taker, points, key=key,
        )  # fmt: skip

    @rule()
    def mature(self) -> None:
        self.model.mature(self.now)
        with clock.at(self.now):
            while ledger.mature_due(self.now, 3):
                pass

    @rule()
    def expire(self) -> None:
        self.model.expire(self.now)
        with clock.at(self.now):
            while ledger.expire_due(self.now, 3):
                pass

    @rule(hours=st.one_of(st.integers(1, 80), st.integers(-30, 900)))
    def set_the_clock(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: self.asked)
    @rule(pick=PICK)
    def ask_again(self, pick: int) -> None:
        real, arguments, named = self.asked[pick % len(self.asked)]
        with clock.at(self.now):
            again = real(*arguments, **named)
        assert isinstance(again, ledger.Transaction)
        assert again.replayed

    @precondition(lambda self: self.asked)
    @rule(pick=PICK)
    def ask_for_something_else_with_a_used_key(self, pick: int) -> None:
        _, _, named = self.asked[pick % len(self.asked)]
        with clock.at(self.now), pytest.raises(LoyaltyError) as refusal:
            ledger.earn(1, 61, key=str(named["key"]), source="quiz", reason="quiz")
        assert refusal.value.code == "key_reused"

    @invariant()
    def balances_agree(self) -> None:
        today = clock.program_day(self.now)
        for id_, person in self.model.people.items():
            with clock.at(self.now):
                found = ledger.balance(id_)
                assert ledger.balances([id_])[id_].spendable == found.spendable
                page = ledger.statement(id_, limit=1)
            on, points = self.model.next_expiry(id_, today)
            assert found.spendable == person.spendable(today)
            assert found.pending == sum(lot.pending for lot in person.lots)
            assert found.held == sum(lot.held for lot in person.lots)
            assert found.debt == person.debt
            assert (found.expiring_on, found.expiring_points) == (on, points)
            if page.rows:
                assert page.rows[0].balance == person.balance

    @invariant()
    def lots_agree(self) -> None:
        stored = db.session.connection().execute(select(Lot.__table__).order_by(Lot.id)).all()
        modelled = [lot for person in self.model.people.values() for lot in person.lots]
        assert [
            (row.spendable, row.pending, row.held, row.expired, row.expires_on) for row in stored
        ] == [lot.places for lot in sorted(modelled, key=lambda lot: lot.number)]

    @invariant()
    def the_ledger_verifies(self) -> None:
        if self.verify_each_step:
            assert list(differences_in(db.session.connection())) == []


class VerifiedMovements(Movements):
    verify_each_step = True


def _run(machine: type[Movements], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )


def test_the_ledger_agrees_with_the_model(empty_app: Flask) -> None:
    _run(Movements, examples=15, steps=30)


@pytest.mark.long
def test_the_ledger_agrees_with_the_model_for_long(empty_app: Flask) -> None:
    _run(Movements, examples=1_000, steps=60)


@pytest.mark.long
def test_the_ledger_verifies_after_each_step(empty_app: Flask) -> None:
    _run(VerifiedMovements, examples=100, steps=40)
