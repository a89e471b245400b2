"""What Home says first: by the clock, on a holiday, on a birthday."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from pydantic import ValidationError

from pwa.home import greetings
from pwa.program.parts import Text
from pwa.program.schema import Holiday

MERDEKA = Holiday(code="hut-ri", on="08-17", text=Text(id="Merdeka, {name}", en="Freedom, {name}"))
EID = Holiday(
    code="idulfitri",
    on="2027-03-10",
    days=2,
    source="perkiraan",
    text=Text(id="Selamat Idulfitri, {name}"),
)
NEW_YEAR = Holiday(code="malam", on="12-31", days=2, text=Text(id="Selamat tahun baru, {name}"))
LEAP = Holiday(code="kabisat", on="02-29", text=Text(id="Hari kabisat, {name}"))


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "malam"), (3, "malam"), (4, "pagi"), (10, "pagi"), (11, "siang"), (14, "siang"),
     (15, "sore"), (17, "sore"), (18, "malam"), (23, "malam")],
)  # fmt: skip
def test_the_day_is_divided_as_indonesians_divide_it(hour: int, part: str) -> None:
    assert greetings.part_of_day(hour) == part


@pytest.mark.parametrize(
    ("holiday", "on", "kept"),
    [
        (MERDEKA, date(2026, 8, 17), True),
        (MERDEKA, date(2031, 8, 17), True),
        (MERDEKA, date(2026, 8, 18), False),
        (EID, date(2027, 3, 11), True),
        (EID, date(2027, 3, 12), False),
        (EID, date(2028, 3, 10), False),
        (NEW_YEAR, date(2027, 1, 1), True),
        (NEW_YEAR, date(2027, 1, 2), False),
        (LEAP, date(2027, 2, 28), True),
        (LEAP, date(2028, 2, 28), False),
        (LEAP, date(2028, 2, 29), True),
    ],
)
def test_a_holiday_is_kept_on_its_days_and_no_others(
    holiday: Holiday, on: date, kept: bool
) -> None:
    assert greetings.is_kept(holiday, on) is kept


def _greeting(name: str, local: datetime, holidays: list[Holiday], language: str) -> str:
    return greetings.greeting(name, local, greetings.today(local.date(), holidays), language)


def test_a_holiday_speaks_before_the_clock_and_in_the_readers_language(app: Flask) -> None:
    noon = datetime(2026, 8, 17, 12, 0, tzinfo=UTC)
    assert _greeting("Sari Wulandari", noon, [EID, MERDEKA], "id") == "Merdeka, Sari"
    assert _greeting("Sari", noon, [MERDEKA], "en") == "Freedom, Sari"
    with app.test_request_context(), force_locale("en"):
        assert _greeting("Sari", noon, [EID], "en") == "Afternoon, Sari"


@pytest.mark.parametrize("on", ["13-01", "2027-02-30", "17 Agustus", "8-17"])
def test_a_day_that_does_not_exist_is_refused(on: str) -> None:
    with pytest.raises(ValidationError):
        Holiday(code="x", on=on, text=Text(id="x"))


@pytest.mark.parametrize(
    ("born", "on", "is_hers"),
    [
        (date(1996, 2, 29), date(2026, 2, 28), True),
        (date(1996, 2, 29), date(2028, 2, 28), False),
        (date(1996, 2, 29), date(2028, 2, 29), True),
        (date(1996, 11, 22), date(2026, 11, 22), True),
        (None, date(2026, 11, 22), False),
    ],
)
def test_a_birthday_comes_once_a_year(born: date | None, on: date, is_hers: bool) -> None:
    assert greetings.is_birthday(born, on) is is_hers
