"""A manager gives a tier at the till; a cashier and a stranger don't."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from pwa.tiers import service as tiers
from tests import people

FORM = {"key": "some-form-key", "tier": "kawan-setia", "until": "2026-12-24", "reason": "Tamu"}


@pytest.fixture
def sari(app: Flask, noon: Any) -> Any:
    return people.join()


def test_a_manager_gives_a_tier_and_ends_it(client: Any, sari: Any) -> None:
    people.log_in(client, people.hire("maya", "manager"))
    address = f"/till/people/{sari.card_code}/tiers"
    assert address in client.get(f"/till/people/{sari.card_code}").text
    for _ in range(2):
        assert client.post(address, data=FORM).status_code == 303
    assert tiers.tier_of(sari.id).code == "kawan-setia"
    page = client.get(address).text
    assert page.count("Diberikan sampai 24 Desember 2026: Tamu") == 1
    client.post(f"{address}/end", data={"reason": "Salah orang"})
    assert tiers.tier_of(sari.id).code == "kawan"


@pytest.mark.parametrize(
    "wrong", [{"until": "besok"}, {"until": "2026-11-21"}, {"reason": ""}, {"tier": "emas"}]
)
def test_what_is_missing_is_asked_for_again(client: Any, sari: Any, wrong: dict[str, str]) -> None:
    people.log_in(client, people.hire("maya", "manager"))
    answer = client.post(f"/till/people/{sari.card_code}/tiers", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert "tulis alasannya" in answer.text
    assert tiers.tier_of(sari.id).code == "kawan"


def test_a_cashier_and_a_stranger_give_none(client: Any, sari: Any) -> None:
    address = f"/till/people/{sari.card_code}/tiers"
    assert "/till/login" in client.post(address, data=FORM).location
    people.log_in(client, people.hire())
    assert client.post(address, data=FORM).status_code == 403
    assert client.get(address).status_code == 403
    assert client.post(f"{address}/end", data={"reason": "Salah"}).status_code == 403
    assert tiers.tier_of(sari.id).code == "kawan"
