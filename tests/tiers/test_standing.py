from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from pwa import clock, outbox
from pwa.db import db
from pwa.outbox import Event
from pwa.tiers import service as tiers
from pwa.tiers.models import TierGrant
from tests import people

NOV = date(2026, 11, 22)


@pytest.fixture
def sari(app: Flask) -> Any:
    return people.join()


def test_a_new_member_stands_at_the_first_tier(sari: Any) -> None:
    standing = tiers.standing(sari.id, NOV)
    assert standing.tier.code == "kawan"
    assert standing.next is not None
    assert standing.next.code == "kawan-dekat"
    assert (standing.missing.points, standing.missing_rupiah) == (500, 500_000)
    assert standing.kept_until is None
    assert standing.period.end == date(2026, 12, 31)


def test_reaching_a_tier_counts_at_once_and_to_the_end_of_the_next_year(sari: Any) -> None:
    tiers.count(sari.id, 499, 499_000, NOV)
    assert tiers.standing(sari.id, NOV).tier.code == "kawan"
    tiers.count(sari.id, 1, 1_000, NOV)
    standing = tiers.standing(sari.id, NOV)
    assert standing.tier.code == "kawan-dekat"
    assert standing.kept_until == date(2027, 12, 31)
    assert standing.keep.points == 0


def test_in_the_next_year_the_tier_is_kept_and_the_points_begin_again(sari: Any) -> None:
    tiers.count(sari.id, 500, 500_000, NOV)
    standing = tiers.standing(sari.id, date(2027, 3, 1))
    assert standing.tier.code == "kawan-dekat"
    assert standing.points == 0
    assert standing.keep.points == 500
    assert standing.missing.points == 1000
    assert tiers.standing(sari.id, date(2028, 1, 1)).tier.code == "kawan"


def test_qualifying_again_keeps_it_a_year_longer(sari: Any) -> None:
    tiers.count(sari.id, 500, 500_000, NOV)
    tiers.count(sari.id, 500, 500_000, date(2027, 6, 1))
    standing = tiers.standing(sari.id, date(2028, 1, 1))
    assert standing.tier.code == "kawan-dekat"
    assert standing.kept_until == date(2028, 12, 31)


def test_a_jump_over_a_tier_reaches_both_and_tells_both_once(sari: Any) -> None:
    for _ in range(2):
        tiers.count(sari.id, 1000, 1_000_000, NOV)
    outbox.commit()
    told = select(Event).where(Event.kind == "tier.reached").order_by(Event.id)
    assert [one.data["tier"] for one in db.session.scalars(told)] == ["kawan-dekat", "kawan-setia"]
    standing = tiers.standing(sari.id, NOV)
    assert standing.tier.code == "kawan-setia"
    assert standing.next is None
    reasons = db.session.scalars(select(TierGrant.reason).order_by(TierGrant.from_on, TierGrant.id))
    assert list(reasons) == ["reached", "reached", "landing"]


def test_the_year_is_the_programs_and_not_the_servers(sari: Any) -> None:
    new_year_in_jakarta = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    with clock.at(new_year_in_jakarta):
        tiers.count(sari.id, 500, 500_000)
        assert tiers.standing(sari.id).period.end == date(2027, 12, 31)
        assert tiers.standing(sari.id).points == 500
    assert tiers.standing(sari.id, date(2026, 12, 31)).points == 0


def test_standing_takes_one_statement(sari: Any) -> None:
    tiers.standing(sari.id, NOV)  # the program is in memory from here on
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        tiers.standing(sari.id, NOV)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1, asked


def test_the_page_says_where_she_stands_and_what_it_takes(client: Any, sari: Any) -> None:
    tiers.count(sari.id, 820, 820_000)
    outbox.commit()
    people.log_in(client, sari)
    page = client.get("/tier").text
    for words in ("Kawan Dekat", "Rp180.000 lagi jadi Kawan Setia", "Rp500 rb", "Rp1 jt", "1,25"):
        assert words in page, words
