"""A year's holidays as the program file writes them, for the owner to check and paste."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from typing import NamedTuple

import holidays

# What the package calls them, as far as shops make something of them.
NAMES = {
    "Tahun Baru Imlek": "imlek",
    "Hari Suci Nyepi": "nyepi",
    "Hari Raya Idul Fitri": "lebaran",
    "Hari Raya Waisak": "waisak",
    "Hari Kemerdekaan Republik Indonesia": "hut-ri",
    "Hari Raya Natal": "natal",
}
TWINS = (9, 10, 11, 12)
EID, EID_DAYS = "lebaran", 2
RAMADAN_DAYS = 30  # or 29: the sighting decides


class Feast(NamedTuple):
    code: str
    on: date
    days: int
    source: str


def of_year(year: int) -> list[Feast]:
    """The feasts of a year, by day. Those of the moon are estimates until the decree."""
    return sorted([*_decreed(year), *_twins(year)], key=lambda feast: feast.on)


def as_toml(feasts: list[Feast]) -> str:
    return "\n".join(
        f'[[holidays]]\ncode = "{f.code}"\non = ["{f.on}"]\ndays = {f.days}\n'
        f'source = "{f.source}"\n'
        for f in feasts
    )


def _decreed(year: int) -> Iterator[Feast]:
    source = f"paket holidays {version('holidays')}; sesuaikan dengan SKB 3 Menteri"
    known = holidays.country_holidays("ID", years=year, language="id")
    for on, said in sorted(known.items()):
        code = NAMES.get(said.split(" (")[0])
        if code is None:
            continue
        yield Feast(code, on, EID_DAYS if code == EID else 1, source)
        if code == EID:
            sighting = "perkiraan; sesuaikan dengan sidang isbat Kementerian Agama"
            yield Feast("ramadan", on - timedelta(days=RAMADAN_DAYS), RAMADAN_DAYS, sighting)


def _twins(year: int) -> Iterator[Feast]:
    for month in TWINS:
        yield Feast(f"harbolnas-{month}{month}", date(year, month, month), 1, "tanggal tetap")
