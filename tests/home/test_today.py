"""Home names each thing to do once: what any play of a game does is told with the game."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.people import join, log_in


def rows(page: str) -> list[str]:
    """The names of what can be done today."""
    return re.findall(r'class="mission__body"><h3>(.*?)</h3>', page)


def test_a_mission_that_any_play_does_is_told_with_its_game(client: FlaskClient) -> None:
    log_in(client, join("Sari"))
    home, missions = client.get("/").text, client.get("/missions").text
    assert {"Kuis hari ini", "Putar roda"} <= set(rows(missions))
    assert not {"Kuis hari ini", "Putar roda"} & set(rows(home))
    assert "sampai 250 poin. Misinya +5." in home
    assert "soal, sebentar saja. Misinya +10." in home


def test_when_the_game_was_played_its_mission_is_shown_as_done(client: FlaskClient) -> None:
    log_in(client, join("Sari"))
    page = client.get("/wheel").text
    key = re.search(r'name="key" value="([^"]+)"', page)
    action = re.search(r'action="([^"]*)"[^>]*data-spin|data-spin[^>]*action="([^"]*)"', page)
    assert key
    assert action
    client.post(action[1] or action[2], data={"key": key[1]})
    assert "Putar roda" in rows(client.get("/").text)
