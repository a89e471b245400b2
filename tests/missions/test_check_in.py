from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import clock, outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.missions import service
from pwa.missions.errors import LateCheckIn
from pwa.missions.models import MissionCounted, MissionProgress, StreakFact
from tests.conftest import NOON
from tests.people import log_in
from tests.racing import race

PAYS = 10  # "mampir" in the demo program


def held(member: Member) -> int:
    return ledger.balance(member.id).spendable


def check_in(member: Member) -> service.CheckIn:
    made = service.check_in(member.id)
    outbox.commit()
    return made


def come(member: Member, days: int, until: datetime = NOON) -> None:
    """Check in on `days` days, the last of them at `until`."""
    for ago in reversed(range(days)):
        with clock.at(until - timedelta(days=ago)):
            check_in(member)


def race_check_in(index: int, facts: dict[str, int]) -> str:
    with clock.at(NOON):
        made = service.check_in(facts["member"])
        outbox.commit()
    return str(made.is_new)


def test_a_check_in_pays_its_mission_once_a_day(sari: Member) -> None:
    before = held(sari)
    assert check_in(sari) == (date(2026, 11, 22), True, PAYS)
    assert check_in(sari) == (date(2026, 11, 22), False, 0)
    assert held(sari) == before + PAYS


def test_the_event_of_a_check_in_is_counted_once_however_often_it_is_handed_out(
    sari: Member,
) -> None:
    check_in(sari)
    before, counted = held(sari), db.session.query(MissionCounted).count()
    event = db.session.query(outbox.Event).filter_by(kind="check_in.made").one()
    event.followed_at = None
    db.session.commit()
    assert outbox.hand_out_due() == 1
    assert (held(sari), db.session.query(MissionCounted).count()) == (before, counted)


def test_a_streak_pays_its_bonus_on_the_third_day(sari: Member) -> None:
    before = held(sari)
    come(sari, 3)
    assert held(sari) == before + 3 * PAYS + 10
    assert service.streak(sari).length == 3
    assert service.streak(sari).next_milestone == 7


def test_a_missed_day_ends_the_streak_and_a_new_one_pays_its_bonus_again(sari: Member) -> None:
    come(sari, 3, NOON - timedelta(days=8))
    before = held(sari)
    come(sari, 3)
    assert service.streak(sari).length == 3
    assert held(sari) == before + 3 * PAYS + 10


def test_the_week_shows_what_each_day_was(sari: Member) -> None:
    come(sari, 3)  # Friday, Saturday, Sunday
    states = [day.state for day in service.streak(sari).week]
    assert states == ["missed", "missed", "missed", "missed", "done", "done", "now"]


def test_five_days_of_a_week_complete_the_weekly_mission(sari: Member) -> None:
    before = held(sari)
    come(sari, 5)
    assert held(sari) == before + 5 * PAYS + 10 + 30
    item = next(i for i in service.board(sari).weekly if i.code == "lima-hari")
    assert (item.state, item.done) == ("done", 5)


def test_twenty_check_ins_at_once_make_one(app: Flask, sari: Member) -> None:
    before = held(sari)
    results = race(app, race_check_in, 20, {"member": sari.id})
    assert sorted(results) == ["False"] * 19 + ["True"]
    db.session.rollback()
    with clock.at(NOON):
        assert held(sari) == before + PAYS
    assert db.session.query(StreakFact).count() == 1


class TestOffline:
    """A check-in made without signal before midnight, sent later."""

    def test_it_counts_for_the_day_it_was_made(self, sari: Member) -> None:
        made_at = datetime(2026, 11, 21, 16, 50, tzinfo=UTC)  # Saturday 23.50 WIB
        made = service.check_in(sari.id, made_at)
        outbox.commit()
        assert (made.on, made.is_new) == (date(2026, 11, 21), True)
        check_in(sari)
        assert service.streak(sari).length == 2

    def test_it_joins_two_runs_and_pays_the_bonus_that_was_reached(self, sari: Member) -> None:
        with clock.at(NOON - timedelta(days=2)):
            check_in(sari)
        check_in(sari)
        before = held(sari)
        made = service.check_in(sari.id, NOON - timedelta(hours=23))
        outbox.commit()
        assert service.streak(sari).length == 3
        assert held(sari) == before + made.points == before + PAYS + 10

    @pytest.mark.parametrize("made_at", [NOON - timedelta(hours=25), NOON + timedelta(days=1)])
    def test_too_late_or_from_the_future_is_refused(self, sari: Member, made_at: datetime) -> None:
        with pytest.raises(LateCheckIn):
            service.check_in(sari.id, made_at)

    def test_a_sixth_late_one_in_a_month_is_refused(self, sari: Member) -> None:
        for ago in (11, 9, 7, 5, 3):
            with clock.at(NOON - timedelta(days=ago)):
                service.check_in(sari.id, clock.now() - timedelta(hours=20))
                outbox.commit()
        with pytest.raises(LateCheckIn):
            service.check_in(sari.id, NOON - timedelta(hours=20))


class TestPages:
    def test_the_form_pays_and_says_so(self, client: FlaskClient, sari: Member) -> None:
        log_in(client, sari)
        answer = client.post("/missions/check-ins", data={"key": "k"}, follow_redirects=True)
        assert answer.status_code == 200
        assert "10 poin sudah masuk." in answer.text
        again = client.post("/missions/check-ins", data={"key": "k2"}, follow_redirects=True)
        assert "Sudah tercatat." in again.text

    def test_a_script_gets_json(self, client: FlaskClient, sari: Member) -> None:
        log_in(client, sari)
        headers = {"Accept": "application/json"}
        answer = client.post("/missions/check-ins", data={"key": "k"}, headers=headers)
        assert answer.json["is_new"] is True
        assert answer.json["points"] == PAYS

    def test_the_page_shows_streak_missions_and_badges(
        self, client: FlaskClient, sari: Member
    ) -> None:
        come(sari, 3)
        page = log_in(client, sari).get("/missions").text
        assert "hari beruntun" in page
        assert "10 poin sudah masuk" in page
        assert "Mampir lima hari" in page
        assert "Seminggu penuh" in page

    def test_nobody_is_sent_to_the_login(self, client: FlaskClient, app: Flask) -> None:
        assert client.get("/missions").status_code == 303
        assert client.post("/missions/check-ins").status_code == 303

    def test_the_page_needs_at_most_eight_statements(
        self, client: FlaskClient, sari: Member, app: Flask
    ) -> None:
        log_in(client, sari)
        client.get("/missions")
        assert statements(lambda: client.get("/missions")) <= 8


def statements(act: object) -> int:
    """How many statements `act` sends to the database."""
    import sqlalchemy as sa

    seen: list[str] = []

    def listen(_conn: object, _cur: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        act()  # type: ignore[operator]
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)
    return len([s for s in seen if not s.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))])


def test_a_mission_that_is_changed_keeps_its_window(sari: Member, app: Flask) -> None:
    from pwa.program import service as program

    come(sari, 2)
    said = program.current()
    dearer = [
        m.model_copy(update={"prize": m.prize.model_copy(update={"points": 99})})
        if m.code in ("mampir", "lima-hari")
        else m
        for m in said.missions
    ]
    program.apply(said.model_copy(update={"missions": tuple(dearer)}), actor="test")
    outbox.commit()
    items = {i.code: i.points for i in (*service.today(sari), *service.board(sari).weekly)}
    assert items["mampir"] == PAYS
    assert items["lima-hari"] == 30
    with clock.at(NOON + timedelta(days=1)):  # Monday: a new day and a new week
        items = {i.code: i.points for i in (*service.today(sari), *service.board(sari).weekly)}
        assert (items["mampir"], items["lima-hari"]) == (99, 99)


def test_purchases_feed_missions_by_category_and_amount(sari: Member) -> None:
    def buy(key: str, **data: object) -> None:
        outbox.tell("purchase.recorded", key, sari.id, outlet="tebet", **data)
        outbox.commit()

    buy("1", amount_rupiah=24_000, categories=["kopi"], eco=False)
    assert _state(sari, "jajan") == "todo"  # from Rp25.000
    buy("2", amount_rupiah=25_000, categories=["kopi"], eco=False)
    assert _state(sari, "jajan") == "done"
    rows = db.session.query(MissionProgress).filter_by(code="belanja-tiga").one()
    assert rows.done == 2


def _state(member: Member, code: str) -> str:
    board = service.board(member)
    return next(i.state for i in (*board.daily, *board.weekly, *board.longer) if i.code == code)
