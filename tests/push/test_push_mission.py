"""Switching push on is something a mission can ask for, and is paid once however many phones."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from pwa import clock
from pwa.ledger import service as ledger
from pwa.program.schema import Prize
from tests.conftest import NOON
from tests.missions.test_sets import mission, use
from tests.push.conftest import commit, subscribe
from tests.push.service import PushService
from tests.push.telling import join


def test_the_first_phone_that_is_told_pays_the_mission(
    push_app: Flask, service: PushService
) -> None:
    with clock.at(NOON - timedelta(days=9)):
        use(mission("nyala", "push_on", window="once", prize=Prize(points=7)))
    with clock.at(NOON):
        sari, tono = join("Sari"), join("Tono")
        commit()
        before = ledger.balance(sari.id).spendable
        for _ in range(2):
            subscribe(sari.id, service.browser())
        assert ledger.balance(sari.id).spendable == before + 7
        assert ledger.balance(tono.id).spendable == before
