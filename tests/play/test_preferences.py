"""What a member likes: kept with her consent only, seen by her, forgotten when she says so."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from pwa import clock, outbox
from pwa.members import service as members
from pwa.members.models import Member
from pwa.play import preferences, privacy
from tests.conftest import NOON
from tests.people import log_in
from tests.play.test_quiz import start
from tests.play.test_quiz_kinds import question, use


def ask(client: FlaskClient, member: Member, **ticked: str) -> str:
    """The page of a preference question; then its first option is sent."""
    use(question("preference", asks="kopi"))
    url = f"/quiz/attempts/{start(member).public_id}"
    page = log_in(client, member).get(url).text
    client.post(f"{url}/answers", data={"question": 0, "answer": 0, **ticked})
    return page


def test_without_consent_it_is_asked_for_and_nothing_is_kept(
    client: FlaskClient, sari: Member
) -> None:
    assert 'name="keep"' in ask(client, sari)
    assert list(preferences.of(sari.id)) == []
    assert "Kamu belum mengizinkan" in client.get("/profile/tastes").text


def test_a_tick_is_the_consent_and_keeps_the_answer(client: FlaskClient, sari: Member) -> None:
    ask(client, sari, keep="1")
    assert members.consent_answers(sari)["profiling"].source == "quiz"
    page = client.get("/profile/tastes").text
    assert "Soal preference yang mana?" in page
    assert "Pilihan " in page
    assert [t["question"]["id"] for t in privacy.export(sari.id)["tastes"]] == [
        "Soal preference yang mana?"
    ]
    privacy.erase(sari.id)
    assert privacy.export(sari.id)["tastes"] == []


def test_who_agreed_before_is_not_asked_again_and_withdrawing_forgets(
    client: FlaskClient, sari: Member
) -> None:
    members.set_consent(sari, "profiling", True, "test")
    outbox.commit()
    assert 'name="keep"' not in ask(client, sari)
    assert len(preferences.of(sari.id)) == 1
    with clock.at(NOON + timedelta(minutes=1)):
        client.post("/profile/consents", data={"profiling": "no"})
    assert list(preferences.of(sari.id)) == []


def test_she_forgets_one_and_strangers_see_none(
    client: FlaskClient, sari: Member, tono: Member
) -> None:
    assert client.get("/profile/tastes").status_code == 303
    ask(client, sari, keep="1")
    client.post("/logout")
    log_in(client, tono).post("/profile/tastes/removals", data={"asks": "kopi"})
    assert len(preferences.of(sari.id)) == 1
    client.post("/logout")
    log_in(client, sari).post("/profile/tastes/removals", data={"asks": "kopi"})
    assert list(preferences.of(sari.id)) == []
