"""kill -9 while posting: after each, the ledger verifies, and no key is lost or doubled."""

from __future__ import annotations

import pytest
from flask import Flask

from pwa.db import db
from tests.ledger.ground import join
from tests.ledger.kills import MEMBERS, killed


@pytest.fixture
def url(empty_app: Flask) -> str:
    join(*range(1, MEMBERS + 1))
    db.session.commit()
    return str(empty_app.config["SQLALCHEMY_DATABASE_URI"])


def check(url: str, rounds: int) -> None:
    found = killed(url, rounds, seed=3)
    assert found["told"] >= rounds / 2, found  # it was killed at work, not before
    assert (found["lost"], found["twice"], found["wrong"]) == (0, 0, 0)


def test_ten_kills_lose_and_double_nothing(url: str) -> None:
    check(url, 10)


@pytest.mark.long
def test_two_hundred_kills_lose_and_double_nothing(url: str) -> None:
    check(url, 200)
