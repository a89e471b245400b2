"""A page asks the database at most eight times."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from pwa.db import db
from tests import people
from tests.till.test_till import buy, voucher_of

MOST = 8
OF_MEMBERS = ("/rewards", "/rewards?saring=bisa", "/rewards/es-kopi-susu", "/vouchers",
              "/vouchers/{voucher}", "/tier")  # fmt: skip
OF_STAFF = ("/till", "/till/purchases", "/till/members/{card}",
            "/till/members/{card}/quotes?amount=45.000", "/till/vouchers/{voucher}",
            "{receipt}", "{receipt}/refunds")  # fmt: skip


@pytest.mark.parametrize("address", [*OF_MEMBERS, *OF_STAFF])
def test_a_page_asks_at_most_eight_times(app: Flask, address: str) -> None:
    sari, budi = people.join(), people.hire()
    till = people.log_in(app.test_client(), budi)
    receipt = buy(till, sari.card_code).location
    voucher = voucher_of(sari.id)
    who = till if address in OF_STAFF else people.log_in(app.test_client(), sari)
    address = address.format(card=sari.card_code, voucher=voucher, receipt=receipt)
    who.get(address)  # what a process keeps in memory is there from here on
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert who.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) <= MOST, "\n".join(asked)
