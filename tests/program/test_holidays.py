"""Campaigns that follow a calendar of holidays."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from pwa.cli import _holidays
from pwa.program import files
from pwa.program.earning import PlannedCampaign
from pwa.program.holidays import Holiday, dated
from tests.conftest import DEMO

TIMES = {"starts_at": "2026-12-12T00:00:00+07:00", "ends_at": "2026-12-13T00:00:00+07:00"}


YEARS = range(2025, 2035)


def holiday(*on: str, days: int = 1) -> Holiday:
    return Holiday(code="lebaran", on=on, days=days, source="SKB 3 Menteri")


def campaign(**said: Any) -> PlannedCampaign:
    return PlannedCampaign.model_validate({"code": "eid", "name": "Eid", "text": "Eid", **said})


def times(one: PlannedCampaign, *holidays: Holiday, zone: str = "Asia/Jakarta") -> Any:
    return [
        (each.code, each.starts_at.isoformat(), each.ends_at.isoformat())
        for each in dated([one], holidays, zone, YEARS)
    ]


def test_a_campaign_is_on_whenever_its_holiday_is() -> None:
    eid = holiday("2026-03-21", "2027-03-10", days=2)
    found = times(campaign(holiday="lebaran", days_before=1, days_after=3), eid)
    assert found == [
        ("eid-2026", "2026-03-20T00:00:00+07:00", "2026-03-26T00:00:00+07:00"),
        ("eid-2027", "2027-03-09T00:00:00+07:00", "2027-03-15T00:00:00+07:00"),
    ]


def test_moving_a_holiday_moves_its_campaign_and_keeps_its_name() -> None:
    before = times(campaign(holiday="lebaran"), holiday("2026-03-20"))
    after = times(campaign(holiday="lebaran"), holiday("2026-03-21"))
    assert before[0][0] == after[0][0] == "eid-2026"
    assert after[0][1] == "2026-03-21T00:00:00+07:00"


def test_the_day_is_the_programs() -> None:
    eid = holiday("2026-03-21")
    ((_, starts, _),) = times(campaign(holiday="lebaran"), eid, zone="Asia/Jayapura")
    assert starts == "2026-03-21T00:00:00+09:00"


def test_a_fixed_feast_comes_every_year() -> None:
    found = times(campaign(holiday="lebaran"), holiday("02-29"))
    assert [starts[:10] for _, starts, _ in found[:4]] == [
        "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29",
    ]  # fmt: skip


def test_twice_in_a_year_are_two_campaigns() -> None:
    eids = holiday("2033-12-23", "2033-01-02")
    codes = [code for code, *_ in times(campaign(holiday="lebaran"), eids)]
    assert codes == ["eid-2033", "eid-2033-2"]


def test_a_campaign_with_times_is_what_it_was() -> None:
    ((code, starts, ends),) = times(campaign(**TIMES))
    assert (code, starts, ends) == ("eid", *TIMES.values())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "needs starts_at and ends_at, or a holiday"),
        ({"starts_at": TIMES["starts_at"]}, "needs starts_at"),
        ({**TIMES, "holiday": "lebaran"}, "not both"),
        ({**TIMES, "days_after": 2}, "go with a holiday"),
        ({"starts_at": TIMES["ends_at"], "ends_at": TIMES["starts_at"]}, "must be after"),
    ],
)
def test_a_campaign_without_one_clear_time_is_refused(said: Any, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        campaign(**said)


def test_a_holiday_that_is_not_in_the_calendar_is_refused() -> None:
    program = files.load(DEMO)
    with pytest.raises(ValidationError, match="names holiday 'harbolnas-99'"):
        type(program).model_validate({**program.model_dump(), "holidays": []})


def test_the_demo_has_the_feasts_of_its_year_with_their_sources() -> None:
    program = files.load(DEMO)
    assert {h.code for h in program.holidays} >= {
        "harbolnas-99", "harbolnas-1010", "ramadan", "lebaran", "natal", "imlek", "hut-ri",
    }  # fmt: skip
    assert all(h.source for h in program.holidays)
    # What the sky or a decree still decides says so; nobody has decreed 2027 in this file.
    moving = [h for h in program.holidays if any(len(day) > 5 for day in h.on)]
    assert {h.code for h in moving} == {"ramadan", "lebaran", "imlek"}
    assert all("perkiraan" in h.source for h in moving)
    found = dated(program.campaigns, program.holidays, "Asia/Jakarta", range(2026, 2028))
    by_code = {one.code: one for one in found}
    assert by_code["lebaran-2027"].ends_at == datetime.fromisoformat("2027-03-15T00:00+07:00")
    assert by_code["imlek-2027"].starts_at == datetime.fromisoformat("2027-02-05T00:00+07:00")
    assert {"harbolnas-1111", "harbolnas-1212", "natal-2026", "natal-2027"} <= set(by_code)


def test_a_feast_that_moves_says_its_source() -> None:
    with pytest.raises(ValidationError, match="needs its `source`"):
        Holiday.model_validate({"code": "lebaran", "on": ["2028-02-27"]})
    assert Holiday.model_validate({"code": "natal", "on": "12-25"}).source == ""


def test_a_year_is_printed_as_the_file_writes_it() -> None:
    feasts = _holidays.of_year(2027)
    assert [feast.on for feast in feasts] == sorted(feast.on for feast in feasts)
    parsed = tomllib.loads(_holidays.as_toml(feasts))["holidays"]
    calendar = {h.code: h for h in map(Holiday.model_validate, parsed)}
    assert calendar["lebaran"].starts(2027) == [date(2027, 3, 10)]
    assert (calendar["ramadan"].starts(2027), calendar["ramadan"].days) == ([date(2027, 2, 8)], 30)
    assert calendar["imlek"].starts(2027) == [date(2027, 2, 6)]
    assert calendar["hut-ri"].starts(2027) == [date(2027, 8, 17)]
    assert all(holiday.source for holiday in calendar.values())
