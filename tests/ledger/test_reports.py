from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

from pwa import clock
from pwa.ledger import reports
from pwa.ledger import service as ledger
from pwa.ledger.expiry import Expiry
from tests.ledger.test_earning_and_spending import give


def some_of_everything(sari: int, tono: int, noon: datetime) -> None:
    give(sari, 100, "p", source="purchase", funding="roastery")
    give(sari, 40, "m", expires=Expiry.after_days(20))
    give(tono, 9, "w", source="wheel", matures_at=noon + timedelta(days=1))
    ledger.burn(sari, 70, key="b", reason="redemption", refers_to="=cmd()")
    ledger.refund("p", 1, 1, key="r")
    ledger.adjust(tono, 5, key="a", actor="maya", note="x")


def test_all_accounts_together_sum_to_zero(sari: int, tono: int, noon: datetime) -> None:
    some_of_everything(sari, tono, noon)
    found = reports.totals()
    assert sum(found.values()) == 0
    assert found["issued:purchase"] == -100
    assert (found["redeemed"], found["reversed"], found["transferred"]) == (70, 100, 0)
    assert found["members:debt"] == -30
    assert found["members:pending"] == 9


def test_the_liability_is_by_expiry_month_in_points_and_rupiah(sari: int, tono: int) -> None:
    give(sari, 100, "n")
    give(sari, 40, "d", expires=Expiry.after_days(20))
    give(tono, 2, "e", expires=Expiry.after_days(25))
    ledger.hold(sari, 30, key="h", reason="redemption")
    owed = [
        (x.month, x.points, x.rupiah, x.expected_breakage_points) for x in reports.liability(3, 2)
    ]
    assert owed == [(date(2026, 12, 1), 42, 63, 0), (None, 100, 150, 0)]


def test_breakage_is_expected_at_the_rate_of_the_past_year(sari: int, noon: datetime) -> None:
    give(sari, 40, "old", expires=Expiry.after_days(1))
    ledger.burn(sari, 30, key="b", reason="redemption")  # so a quarter of them expires
    with clock.at(noon + timedelta(days=3)):
        ledger.expire_due()
        give(sari, 50, "new", expires=Expiry.after_days(1))
        give(sari, 50, "kept")
        by_month = {owed.month: owed for owed in reports.liability(10)}
        assert by_month[date(2026, 11, 1)].expected_breakage_points == 12
        assert by_month[date(2026, 11, 1)].expected_breakage_rupiah == 120
        assert by_month[None].expected_breakage_points == 0


def test_points_past_their_date_are_not_owed_even_if_the_job_is_late(
    sari: int, noon: datetime
) -> None:
    give(sari, 40, expires=Expiry.after_days(1))
    with clock.at(noon + timedelta(days=3)):
        assert reports.liability(1) == []


def test_what_partners_paid_for_is_known(sari: int, tono: int, noon: datetime) -> None:
    some_of_everything(sari, tono, noon)
    give(tono, 50, "x", funding="roastery")
    assert reports.funding()["roastery"] == 50


def journal(**asked: object) -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    reports.write_journal(out, **asked)  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_the_journal_is_csv_that_a_bookkeeper_can_import(
    sari: int, tono: int, noon: datetime
) -> None:
    some_of_everything(sari, tono, noon)
    rows = journal(rupiah=10)
    assert (rows[0]["account_debit"], rows[0]["account_credit"]) == (
        "issued:purchase",
        "members:spendable",
    )
    assert (rows[0]["points"], rows[0]["rupiah"], rows[0]["date"]) == ("100", "1000", "2026-11-22")
    by_account: dict[str, int] = {}
    for row in rows:
        for account, sign in ((row["account_debit"], -1), (row["account_credit"], 1)):
            by_account[account] = by_account.get(account, 0) + sign * int(row["points"])
    assert sum(by_account.values()) == 0
    assert by_account["members:spendable"] == reports.totals()["members:spendable"]


def test_a_spreadsheet_takes_nothing_in_the_journal_for_a_formula(
    sari: int, tono: int, noon: datetime
) -> None:
    some_of_everything(sari, tono, noon)
    assert "'=cmd()" in {row["refers_to"] for row in journal()}


def test_a_journal_of_some_days_goes_by_the_day_of_recording(sari: int, noon: datetime) -> None:
    give(sari, 1, "a")
    with clock.at(noon + timedelta(days=1)):
        give(sari, 2, "b", effective_at=noon)
    assert [row["points"] for row in journal(since=date(2026, 11, 23))] == ["2"]
    assert [row["points"] for row in journal(until=date(2026, 11, 22))] == ["1"]
