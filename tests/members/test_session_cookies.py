"""The session's cookie goes out when it must, and never with a file that everybody may cache."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.conftest import NOON
from tests.people import join, log_in

DAY = timedelta(days=1)


@pytest.fixture
def sari_client(client: FlaskClient) -> FlaskClient:
    with time_machine.travel(NOON):
        log_in(client, join()).get("/card")
    return client


def test_a_public_file_carries_no_cookie_and_does_not_vary_by_it(sari_client: FlaskClient) -> None:
    with time_machine.travel(NOON + 3 * DAY):
        for path in ("/icons/icon.svg", "/manifest.webmanifest", "/offline"):
            answer = sari_client.get(path)
            assert answer.cache_control.public, path
            assert "Set-Cookie" not in answer.headers, path
            assert "Cookie" not in answer.vary, path


def test_the_cookie_is_renewed_once_a_day(sari_client: FlaskClient) -> None:
    with time_machine.travel(NOON):
        assert "Set-Cookie" not in sari_client.get("/card").headers
    with time_machine.travel(NOON + DAY):
        assert "Set-Cookie" in sari_client.get("/card").headers
        assert "Set-Cookie" not in sari_client.get("/card").headers


def test_she_who_comes_once_a_month_stays_logged_in(sari_client: FlaskClient) -> None:
    for month in range(1, 7):
        with time_machine.travel(NOON + month * 30 * DAY):
            assert sari_client.get("/card").status_code == 200


def test_logging_out_without_a_signal_ends_the_session_at_the_next_request(
    sari_client: FlaskClient,
) -> None:
    with time_machine.travel(NOON):
        before = sari_client.get_cookie("setia")
        sari_client.set_cookie("setia_leave", "1")
        answer = sari_client.get("/card")
        assert answer.status_code == 303
        assert "Sari" not in answer.text
        assert sari_client.get_cookie("setia_leave") is None
        assert sari_client.get_cookie("setia") != before
        assert sari_client.get("/card").status_code == 303


def test_logging_in_works_with_the_mark_of_leaving_still_there(client: FlaskClient) -> None:
    with time_machine.travel(NOON):
        sari = join()
        client.set_cookie("setia_leave", "1")
        client.get("/login")
        assert log_in(client, sari).get("/card").status_code == 200
