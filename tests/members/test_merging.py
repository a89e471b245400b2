"""Two accounts of one person made one: nothing is lost, nothing counts twice."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import clock, outbox
from pwa.db import db
from pwa.errors import KeyReused, NotAllowed
from pwa.ledger import service as ledger
from pwa.ledger import verify
from pwa.members import merging
from pwa.members import service as members
from pwa.members.models import Member, Merge
from pwa.outbox import Event
from pwa.staff.models import StaffAct
from tests.people import PASSWORD, PHONES, hire, join, log_in


def give(member: Member, points: int, **more: object) -> None:
    ledger.earn(
        member.id, points, key=f"test:{member.id}:{points}", source="adjustment",
        reason="adjustment", **more,
    )  # type: ignore[arg-type]  # fmt: skip
    outbox.commit()


def spendable(member: Member) -> int:
    return ledger.balance(member.id).spendable


def test_points_move_history_stays_and_the_second_account_closes(app: Flask) -> None:
    kept, closed = join("Sari"), join("Tono")
    give(closed, 100)
    merging.merge(kept, closed, key="k1")
    outbox.commit()
    assert (spendable(kept), spendable(closed)) == (200, 0)
    assert closed.closed_at is not None
    assert closed.phone is None
    assert len(ledger.statement(closed.id).rows) == 3  # welcome, given, sent on
    assert list(verify.differences()) == []
    kinds = db.session.scalars(select(Event.kind)).all()
    assert "member.merged" in kinds


def test_the_same_key_again_changes_nothing(app: Flask) -> None:
    kept, closed = join("Sari"), join("Tono")
    first = merging.merge(kept, closed, key="k1")
    outbox.commit()
    again = merging.merge(kept, closed, key="k1")
    outbox.commit()
    assert again.id == first.id
    assert spendable(kept) == 100
    assert db.session.scalar(select(func.count(Merge.id))) == 1
    with pytest.raises(KeyReused):
        merging.merge(closed, kept, key="k1")


def test_the_old_card_finds_the_person_and_logs_nobody_in(app: Flask) -> None:
    kept, closed = join("Sari"), join("Tono")
    client = log_in(app.test_client(), closed)
    card = closed.card_code
    merging.merge(kept, closed, key="k1")
    outbox.commit()
    assert members.by_card(card).id == kept.id
    assert client.get("/profile").status_code == 303
    answer = app.test_client().post("/login", data={"phone": PHONES["Tono"], "password": PASSWORD})
    assert answer.status_code == 422


def test_a_chain_of_merges_still_finds_the_person(app: Flask) -> None:
    first, second, third = join("Sari"), join("Tono"), join("Dewi")
    card = first.card_code
    merging.merge(second, first, key="k1")
    outbox.commit()
    merging.merge(third, second, key="k2")
    outbox.commit()
    assert members.by_card(card).id == third.id
    assert spendable(third) == 150


def test_joining_again_with_the_merged_number_earns_no_second_bonus(app: Flask) -> None:
    merging.merge(join("Sari"), join("Tono"), key="k1")
    outbox.commit()
    assert spendable(join("Tono")) == 0


def test_points_that_mature_later_follow(app: Flask) -> None:
    from datetime import timedelta

    kept, closed = join("Sari"), join("Tono")
    later = clock.now() + timedelta(days=7)
    give(closed, 40, matures_at=later)
    merging.merge(kept, closed, key="k1")
    outbox.commit()
    assert ledger.balance(closed.id).pending == 40
    with clock.at(later + timedelta(minutes=1)):
        ledger.mature_due()
        outbox.commit()
        assert merging.follow_up(clock.now(), 10) == 1
        outbox.commit()
        assert merging.follow_up(clock.now(), 10) == 0
        assert spendable(kept) == 140
    assert list(verify.differences()) == []


def test_one_person_is_not_merged_with_herself_or_with_somebody_gone(app: Flask) -> None:
    kept, closed = join("Sari"), join("Tono")
    with pytest.raises(merging.SameMember):
        merging.merge(kept, kept, key="k0")
    merging.merge(kept, closed, key="k1")
    outbox.commit()
    with pytest.raises(merging.AlreadyClosed):
        merging.merge(kept, closed, key="k2")


def test_a_manager_may_and_it_is_on_record_and_a_cashier_may_not(app: Flask) -> None:
    kept, closed = join("Sari"), join("Tono")
    with pytest.raises(NotAllowed):
        merging.merge(kept, closed, key="k1", staff=hire("budi", "cashier"))
    maya = hire("maya", "manager")
    merging.merge(kept, closed, key="k1", staff=maya)
    outbox.commit()
    act = db.session.scalars(select(StaffAct).where(StaffAct.staff_id == maya.id)).one()
    assert (act.act, act.subject) == ("member.merged", f"member:{kept.id}")
    assert act.after == {"points": 50}


def test_a_plan_changes_nothing(app: Flask) -> None:
    kept, closed = join("Sari"), join("Tono")
    planned = merging.plan(kept, closed)
    assert (planned.points, planned.pending, planned.debt) == (50, 0, 0)
    db.session.rollback()
    assert spendable(closed) == 50
