"""Members 1 to 3 with empty wallets, on both databases, at noon of one day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from pwa.db import db
from pwa.ledger.verify import differences_in
from tests.ledger.ground import join


@pytest.fixture
def members(empty_app: Flask, noon: object) -> Iterator[tuple[int, int, int]]:
    """Three members; whatever the test did, the ledger must verify at its end."""
    join(1, 2, 3)
    yield 1, 2, 3
    assert list(differences_in(db.session.connection())) == []


@pytest.fixture
def sari(members: tuple[int, int, int]) -> int:
    return members[0]


@pytest.fixture
def tono(members: tuple[int, int, int]) -> int:
    return members[1]
