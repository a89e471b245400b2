from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from pwa import clock
from pwa.db import db
from pwa.errors import KeyReused, NotAllowed, NotEnoughPoints
from pwa.ledger import service as ledger
from pwa.ledger.errors import AlreadyDecided, NeedsSecondPerson
from pwa.ledger.models import Proposal, TransactionRow


@pytest.fixture(autouse=True)
def limit(sari: int) -> None:
    ledger.set_policy({}, adjustment_limit_points=100)


def test_staff_correct_within_their_limit_with_a_reason(sari: int) -> None:
    ledger.adjust(sari, 60, key="a", actor="maya", note="The receipt of Friday was missed")
    ledger.adjust(sari, -20, key="b", actor="maya", note="Counted twice")
    assert ledger.balance(sari).spendable == 40
    row = db.session.scalars(db.select(TransactionRow).filter_by(key="b")).one()
    assert (row.actor, row.facts["note"]) == ("maya", "Counted twice")


def test_a_correction_without_a_reason_or_an_actor_is_a_bug(sari: int) -> None:
    for bad in ({"note": " "}, {"actor": ""}, {"points": 0}):
        asked = {"points": 5, "actor": "maya", "note": "x"} | bad
        with pytest.raises(AssertionError):
            ledger.adjust(sari, key="a", **asked)  # type: ignore[arg-type]


def test_above_the_limit_it_takes_a_second_person(sari: int) -> None:
    with pytest.raises(NeedsSecondPerson) as refusal:
        ledger.adjust(sari, 101, key="a", actor="maya", note="x")
    assert refusal.value.facts == {"limit": 100}
    with pytest.raises(NeedsSecondPerson):
        ledger.adjust(sari, 101, key="a", actor="maya", note="x", approver="maya")
    ledger.adjust(sari, 101, key="a", actor="maya", note="x", approver="ratna")
    assert ledger.balance(sari).spendable == 101


def test_many_small_corrections_are_no_way_round_the_limit(sari: int, noon: datetime) -> None:
    ledger.adjust(sari, 60, key="a", actor="maya", note="x")
    with pytest.raises(NeedsSecondPerson):
        ledger.adjust(sari, -41, key="b", actor="maya", note="x")
    assert ledger.adjust(sari, 60, key="a", actor="maya", note="x").replayed
    ledger.adjust(sari, 40, key="b", actor="maya", note="x")
    ledger.adjust(sari, 60, key="c", actor="ratna", note="x")
    with clock.at(noon + timedelta(days=1)):
        ledger.adjust(sari, 100, key="d", actor="maya", note="x")


def test_a_correction_never_goes_below_zero(sari: int) -> None:
    with pytest.raises(NotEnoughPoints):
        ledger.adjust(sari, -1, key="a", actor="maya", note="x")


def test_a_proposal_moves_points_once_somebody_else_approves(sari: int) -> None:
    proposal = ledger.propose(sari, 500, key="p", actor="maya", note="Anniversary")
    assert [waiting.id for waiting in ledger.proposals()] == [proposal.id]
    assert ledger.balance(sari).spendable == 0
    with pytest.raises(NotAllowed):
        ledger.approve(proposal.id, actor="maya")
    ledger.approve(proposal.id, actor="ratna")
    assert ledger.balance(sari).spendable == 500
    with pytest.raises(AlreadyDecided):
        ledger.approve(proposal.id, actor="ratna")
    assert ledger.proposals() == []


def test_a_declined_proposal_moves_nothing(sari: int) -> None:
    proposal = ledger.propose(sari, 500, key="p", actor="maya", note="Anniversary")
    ledger.decline(proposal.id, actor="maya")
    with pytest.raises(AlreadyDecided):
        ledger.approve(proposal.id, actor="ratna")
    assert ledger.balance(sari).spendable == 0


def test_proposing_again_with_the_same_key_is_the_same_proposal(sari: int) -> None:
    first = ledger.propose(sari, 500, key="p", actor="maya", note="Anniversary")
    assert ledger.propose(sari, 500, key="p", actor="maya", note="Anniversary").id == first.id
    with pytest.raises(KeyReused):
        ledger.propose(sari, 501, key="p", actor="maya", note="Anniversary")


def test_the_database_itself_refuses_one_person_as_both(sari: int) -> None:
    proposal = ledger.propose(sari, 500, key="p", actor="maya", note="Anniversary")
    alone = db.update(Proposal).values(decided_by="maya", approved=True)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(alone.where(Proposal.id == proposal.id))


def test_an_adjustment_can_be_reversed_either_way(sari: int) -> None:
    ledger.adjust(sari, 60, key="a", actor="maya", note="x")
    ledger.adjust(sari, -20, key="b", actor="maya", note="x")
    ledger.reverse("b", key="rb", reason="adjustment", actor="ratna")
    assert ledger.balance(sari).spendable == 60
    ledger.reverse("a", key="ra", reason="adjustment", actor="ratna")
    assert ledger.balance(sari).spendable == 0
