"""A fourth game: one module in games/, one template, and nothing else knows of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

import games
from pwa import clock, outbox
from pwa.db import db
from pwa.errors import NotFound
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.missions import service as missions
from pwa.play import chance
from pwa.play.errors import NoTicket, TooManyPlays
from pwa.play.models import Spin
from pwa.program import service as program
from pwa.program.schema import Game, Text
from tests.conftest import NOON
from tests.people import log_in

ROOT = Path(__file__).resolve().parents[2]
CONFIG = {
    "prizes": [
        {"code": "lima", "kind": "points", "points": 5, "weight": 3},
        {"code": "seratus", "kind": "points", "points": 100, "weight": 1, "stock_day": 1},
        {"code": "nihil", "weight": 2},
    ],
    "consolation": "nihil",
}


@pytest.fixture
def card(sari: Member) -> Game:
    labels = {code: Text(id=code) for code in ("lima", "seratus", "nihil")}
    said = Game(name=Text(id="Kartu gosok"), text=Text(id="Gosok sembilan kotak."), config=CONFIG,
                labels=labels)  # fmt: skip
    changed = {"games": {"scratch": said}, "missions": ()}
    program.apply(program.current().model_copy(update=changed), actor="test")
    outbox.commit()
    return said


def scratch(member: Member, key: str = "k") -> Spin:
    made = chance.play(member, "scratch", key)
    outbox.commit()
    return made


def test_every_game_of_chance_has_its_template() -> None:
    apart = {"wheel", "quiz"}
    for name in games.discover():
        assert (ROOT / "templates" / "play" / f"{name}.html").exists(), name
        assert name in apart or not (ROOT / "pwa" / "play" / f"{name}.py").exists()


def test_three_alike_win_what_is_paid(sari: Member, card: Game) -> None:
    before = ledger.balance(sari.id).spendable
    made = scratch(sari)
    most = Counter(chance.shown(made)["fields"]).most_common(1)[0][1]
    assert (most == 3) is (made.raw != "nihil")
    assert ledger.balance(sari.id).spendable == before + made.points
    assert scratch(sari).id == made.id
    with pytest.raises(NoTicket):
        chance.play(sari, "scratch", "other")
    outbox.rollback()
    with clock.at(NOON + timedelta(days=1)):
        assert chance.tickets_left(sari.id, "scratch") == 1


def test_the_card_is_blank_until_it_is_played_and_the_same_ever_after(
    client: FlaskClient, sari: Member, card: Game
) -> None:
    log_in(client, sari)
    before = client.get("/games/scratch").text
    assert "Ambil kartu" in before
    assert "scratch__under" not in before
    url = client.post("/games/scratch/plays", data={"key": "k"}).location
    pages = {client.get(url).text.split("scratch__card")[1].split("stage__foot")[0] for _ in "ab"}
    assert len(pages) == 1
    made = db.session.query(Spin).one()
    assert pages.pop().count("<input") == 9
    assert ("Kamu dapat" in client.get(url).text) is (made.points > 0)
    assert "sudah digosok" in client.get("/games/scratch").text
    assert 'data-state="ready"' in client.get("/wheel").text  # the wheel's ticket is another


def test_a_play_is_seen_by_its_member_only(
    client: FlaskClient, sari: Member, tono: Member, card: Game
) -> None:
    url = f"/games/scratch/plays/{scratch(sari).public_id}"
    assert client.get(url).status_code == 303
    assert log_in(client, tono).get(url).status_code == 404


def test_a_game_that_the_program_does_not_play_is_not_there(sari: Member) -> None:
    program.apply(program.current().model_copy(update={"games": {}, "missions": ()}), actor="test")
    outbox.commit()
    with pytest.raises(NotFound):
        chance.play(sari, "scratch", "k")
    with pytest.raises(ValueError, match="there is no game"):
        _check("ludo", CONFIG)
    with pytest.raises(ValueError, match="consolation_missing"):
        _check("scratch", {**CONFIG, "consolation": "x"})


def _check(name: str, config: dict) -> None:
    from pwa.program.playing import check_game

    check_game(name, Game(name=Text(id="x"), text=Text(id="x"), config=config, labels={}))


@pytest.mark.parametrize(
    ("limit", "who"), [({"member_day": 1}, "same"), ({"device_day": 1}, "other")]
)
def test_plays_are_limited_by_member_and_by_device(
    sari: Member, tono: Member, card: Game, limit: dict, who: str
) -> None:
    more = card.model_copy(update={"free_daily": 3, **limit})
    program.apply(program.current().model_copy(update={"games": {"scratch": more}}), actor="test")
    chance.play(sari, "scratch", "a", "d" * 22)
    outbox.commit()
    with pytest.raises(TooManyPlays):
        chance.play(sari if who == "same" else tono, "scratch", "b", "d" * 22)
    outbox.rollback()
    with clock.at(NOON + timedelta(days=1)):
        assert chance.play(tono, "scratch", "c", "d" * 22)


class TestTheDemo:
    """The demo plays it: a member finds it on Home, plays it once, and its mission leads there."""

    def test_home_leads_to_the_card_until_it_is_played(
        self, client: FlaskClient, sari: Member
    ) -> None:
        log_in(client, sari)
        assert 'href="/games/scratch"' in client.get("/").text
        url = client.post("/games/scratch/plays", data={"key": "k"}).location
        assert client.get(url).status_code == 200
        assert "Kartu gosok" not in client.get("/").text

    def test_a_mission_of_this_game_leads_to_it_and_not_to_the_wheel(self, sari: Member) -> None:
        item = next(m for m in program.current().missions if m.code == "gosok-kartu")
        program.apply(
            program.current().model_copy(
                update={"missions": (item.model_copy(update={"in_set": ""}),)}
            ),
            actor="test",
        )
        outbox.commit()
        assert [one.href for one in missions.today(sari)] == ["/games/scratch"]


def test_a_play_of_one_game_is_not_one_of_another(
    client: FlaskClient, sari: Member, card: Game
) -> None:
    """A key of the wheel's names no scratch card, and neither's address shows the other's."""
    log_in(client, sari)
    client.post("/wheel/spins", data={"key": "k1"})
    spin = db.session.scalars(select(Spin)).one()
    assert client.get(f"/games/scratch/plays/{spin.public_id}").status_code == 404
    assert client.post("/games/scratch/plays", data={"key": "k1"}).status_code == 409
    client.post("/games/scratch/plays", data={"key": "k2"})
    scratched = db.session.scalars(select(Spin).where(Spin.game == "scratch")).one()
    assert client.get(f"/wheel/spins/{scratched.public_id}").status_code == 404
    assert client.post("/wheel/spins", data={"key": "k2"}).status_code == 409
