"""What is asked on the driver itself gives what SQLAlchemy's own way gives, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import bindparam, event, select
from sqlalchemy.exc import DBAPIError

from pwa import outbox
from pwa.clock import now
from pwa.counters import Counter
from pwa.db import db
from pwa.driver import Asked
from pwa.missions.models import StreakBase
from pwa.push.models import Notice
from tests import people

SINCE = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)


def test_rows_are_what_the_orm_reads(app: Flask) -> None:
    """Dates, aware times, JSON, booleans and nothing at all come out as they do from a session."""
    sari = people.join()
    db.session.add(StreakBase(member_id=sari.id, until_on=date(2026, 2, 28), state={"best": 3}))
    db.session.add(
        Notice(
            member_id=sari.id,
            kind="restock",
            event_key="k",
            facts={"a": [1]},
            made_at=SINCE,
            expires_at=SINCE,
        )
    )
    outbox.commit(then_writes=True)
    asked = select(
        StreakBase.until_on, StreakBase.state, Notice.made_at, Notice.read_at, Notice.facts
    ).where(
        StreakBase.member_id == bindparam("who"),
        Notice.member_id == StreakBase.member_id,
        Notice.made_at <= bindparam("at"),
    )
    (ours,) = Asked(asked).rows(who=sari.id, at=SINCE)
    (theirs,) = db.session.execute(asked, {"who": sari.id, "at": SINCE}).all()
    assert tuple(ours) == tuple(theirs)
    assert ours.made_at == SINCE
    assert ours.made_at.tzinfo is not None
    assert Asked(asked).rows(who=sari.id, at=SINCE - timedelta(microseconds=1)) == []
    assert Asked(asked).first(who=-1, at=now()) is None


def test_a_whole_second_is_not_before_itself(app: Flask) -> None:
    """SQLite compares times as text: what goes in has to be written as what is there."""
    second = SINCE.replace(microsecond=0)
    sari = people.join()
    db.session.add(
        Notice(member_id=sari.id, kind="k", event_key="k", made_at=second, expires_at=second)
    )
    asked = Asked(select(Notice.kind).where(Notice.made_at <= bindparam("at")))
    assert [row.kind for row in asked.rows(at=second)] == ["k"]
    assert asked.rows(at=second - timedelta(microseconds=1)) == []


def test_a_list_may_have_any_length(app: Flask) -> None:
    for name in "abc":
        db.session.add(Counter(name=name, given=ord(name)))
    asked = Asked(
        select(Counter.name).where(
            Counter.name.in_(bindparam("names", expanding=True)), Counter.given > 96
        )
    )
    for names in ([], ["a"], ["a", "c"], ["x", "b", "c"], ["a"]):
        found = {row.name for row in asked.rows(names=names)}
        assert found == {"a", "b", "c"} & set(names)


def test_what_the_session_holds_is_written_first_and_the_statement_is_heard(app: Flask) -> None:
    heard: list[str] = []

    def note(*given: object) -> None:
        heard.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        db.session.add(Counter(name="new", given=7))
        row = Asked(select(Counter.given).where(Counter.name == "new")).first()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert row.given == 7
    assert [statement.split()[0] for statement in heard][-2:] == ["INSERT", "SELECT"]


def test_what_the_database_refuses_is_sqlalchemys_error(app: Flask) -> None:
    huge = Asked(select(Counter.given).where(Counter.given == bindparam("given")))
    with pytest.raises(DBAPIError):
        huge.rows(given={"no": "number"})
