"""A tier given by hand: who may, until when, why, and that it is no floor."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.errors import KeyReused, NotAllowed
from pwa.staff.models import StaffAct
from pwa.tiers import manual
from pwa.tiers import service as tiers
from pwa.tiers.errors import BadGrant
from tests import people

UNTIL = date(2026, 12, 24)


@pytest.fixture
def sari(app: Flask, noon: Any) -> Any:
    return people.join()


def test_it_holds_to_its_day_and_then_she_is_where_she_was(sari: Any) -> None:
    maya = people.hire("maya", "manager")
    manual.grant(sari.id, "kawan-setia", UNTIL, "Tamu pembukaan", maya, "k1")
    assert tiers.standing(sari.id).tier.code == "kawan-setia"
    assert tiers.standing(sari.id).kept_until == UNTIL
    assert tiers.standing(sari.id, date(2026, 12, 25)).tier.code == "kawan"
    outbox.commit()
    act = db.session.scalar(select(StaffAct).where(StaffAct.act == "tier.granted"))
    assert act is not None
    assert (act.staff_id, act.subject, act.before) == (
        maya.id,
        f"member:{sari.id}",
        {"tier": "kawan"},
    )
    assert act.after == {"tier": "kawan-setia", "until": "2026-12-24", "reason": "Tamu pembukaan"}


def test_what_she_reaches_herself_counts_beside_it(sari: Any) -> None:
    manual.grant(sari.id, "kawan-setia", UNTIL, "Tamu pembukaan", None, "k1")
    tiers.count(sari.id, 500, 500_000)
    assert tiers.standing(sari.id, date(2026, 12, 25)).tier.code == "kawan-dekat"


def test_the_same_key_gives_once_and_says_the_same(sari: Any) -> None:
    for _ in range(2):
        manual.grant(sari.id, "kawan-setia", UNTIL, "Tamu pembukaan", None, "k1")
    assert len(manual.open_grants(sari.id)) == 1
    with pytest.raises(KeyReused):
        manual.grant(sari.id, "kawan-setia", date(2027, 1, 1), "Tamu pembukaan", None, "k1")


def test_ending_it_says_why_and_leaves_what_was_reached(sari: Any) -> None:
    tiers.count(sari.id, 500, 500_000)
    manual.grant(sari.id, "kawan-setia", UNTIL, "Tamu pembukaan", None, "k1")
    assert manual.end(sari.id, "Salah orang", None) == 1
    assert tiers.standing(sari.id).tier.code == "kawan-dekat"
    assert manual.end(sari.id, "Salah orang", None) == 0
    outbox.commit()
    act = db.session.scalar(select(StaffAct).where(StaffAct.act == "tier.ended"))
    assert act is not None
    assert act.after == {"tier": "kawan-dekat", "reason": "Salah orang"}


@pytest.mark.parametrize(
    ("tier", "until", "reason"),
    [("kawan", UNTIL, "Tamu"), ("emas", UNTIL, "Tamu"), ("kawan-setia", date(2026, 11, 21), "Tamu"),
     ("kawan-setia", UNTIL, "  ")],
)  # fmt: skip
def test_without_a_tier_a_day_and_a_reason_it_is_refused(
    sari: Any, tier: str, until: date, reason: str
) -> None:
    with pytest.raises(BadGrant):
        manual.grant(sari.id, tier, until, reason, None, "k1")


def test_a_cashier_may_not(sari: Any) -> None:
    budi = people.hire()
    with pytest.raises(NotAllowed):
        manual.grant(sari.id, "kawan-setia", UNTIL, "Teman saya", budi, "k1")
    with pytest.raises(NotAllowed):
        manual.end(sari.id, "Bukan teman", budi)
    assert clock.program_day() < UNTIL
