"""The card's turning code: good for minutes, for one card, from one secret."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from pwa.members import card_codes
from pwa.members.service import NoSuchCard
from tests import people


@pytest.mark.parametrize("minutes", [-4, 0, 4])
def test_a_fresh_code_is_the_card_whatever_the_phones_clock_says(
    app: Flask, noon: datetime, minutes: int
) -> None:
    sari = people.join()
    text = card_codes.text_of(sari, noon + timedelta(minutes=minutes))
    assert card_codes.read(text, noon) == sari.card_code


def test_the_code_turns_every_half_minute(app: Flask, noon: datetime) -> None:
    sari = people.join()
    texts = {card_codes.text_of(sari, noon + timedelta(seconds=s)) for s in range(90)}
    assert len(texts) == 3


def test_yesterdays_picture_of_a_card_is_stale(app: Flask, noon: datetime) -> None:
    text = card_codes.text_of(people.join(), noon - timedelta(minutes=6))
    with pytest.raises(card_codes.StaleCard):
        card_codes.read(text, noon)


def test_a_code_for_another_time_or_card_can_not_be_made_up(app: Flask, noon: datetime) -> None:
    sari, tono = people.join(), people.join("Tono")
    mark, card, turn, mac = card_codes.text_of(sari, noon).split(".")
    for forged in (
        f"{mark}.{card}.{int(turn, 36) % 36 + 1}.{mac}",
        f"{mark}.{tono.card_code}.{turn}.{mac}",
        f"{mark}.{card}.{turn}.{mac[::-1]}",
    ):
        with pytest.raises(card_codes.ForgedCard):
            card_codes.read(forged, noon)


def test_ending_every_session_makes_a_new_secret(app: Flask, noon: datetime) -> None:
    sari = people.join()
    before = card_codes.text_of(sari, noon)
    sari.session_epoch += 1
    with pytest.raises(card_codes.ForgedCard):
        card_codes.read(before, noon)


@pytest.mark.parametrize("text", ["SC1", "SC1.4471903521", "SC1.0000000000.1.AAAAAAAA", "SC1.x"])
def test_what_is_no_card_is_said_to_be_none(app: Flask, noon: datetime, text: str) -> None:
    with pytest.raises(NoSuchCard):
        card_codes.read(text, noon)
