from __future__ import annotations

import pytest
from flask import Flask

from pwa.members.models import Member
from tests.people import join


@pytest.fixture
def sari(app: Flask, noon: object) -> Member:
    return join("Sari")


@pytest.fixture
def tono(app: Flask, noon: object) -> Member:
    return join("Tono")
