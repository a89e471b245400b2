"""Home says what begins within a week, and offers to tell of it when it does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import clock
from tests.people import join, log_in

BEGINS = "Kami kabari begitu dimulai."


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 12, 4, 16, 59, tzinfo=UTC), False),  # eight days before, in Jakarta
        (datetime(2026, 12, 4, 17, 0, tzinfo=UTC), True),  # seven days before 12 December 00.00 WIB
        (datetime(2026, 12, 11, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 11, 17, 0, tzinfo=UTC), False),  # it is on
    ],
)
def test_a_campaign_is_announced_a_week_ahead(
    app: Flask, client: FlaskClient, now: datetime, told: bool
) -> None:
    with clock.at(now):
        log_in(client, join("Sari"))
        page = client.get("/").text
    assert ("Mulai 12 Des, 00.00" in page) is told
    assert (BEGINS in page) is told
