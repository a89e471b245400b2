"""What the catalogue shows a member: shelves, search, favourites and the way to what she wants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from pwa import outbox
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.program import service as program
from pwa.program.schema import Reward
from pwa.rewards import catalogue, favourites, redemption
from pwa.rewards.errors import NoSuchReward
from pwa.tiers import service as tiers
from tests import people
from tests.tiers.programs import change


@pytest.fixture
def sari(app: Flask, noon: Any) -> Any:
    member = people.join()
    ledger.earn(member.id, 400, key="gift", source="campaign", reason="campaign")
    outbox.commit()
    return member


def change_reward(code: str, **keys: Any) -> None:
    document = program.to_document(program.current())
    rewards = [{**r, **keys} if r["code"] == code else r for r in document["rewards"]]
    change(rewards=rewards)


def shelves(member: Any) -> dict[str, list[str]]:
    spendable = ledger.balance(member.id).spendable
    offers = catalogue.offers(member.id, spendable, tiers.tier_of(member.id))
    return {
        name: [offer.reward.code for offer in found]
        for name, found in catalogue.shelves(offers).items()
    }


def test_each_reward_is_on_one_shelf_by_what_keeps_it_from_her(sari: Any) -> None:
    change_reward("croissant", price_points=100, redeem_from=datetime(2026, 12, 1, tzinfo=UTC))
    change_reward("tote", price_points=100, stock_total=0)
    found = shelves(sari)
    assert sorted(code for codes in found.values() for code in codes) == sorted(
        reward.code for reward in program.current().rewards
    )
    assert (found["soon"], found["tier"], found["later"]) == (["croissant"], ["tumbler"], ["tote"])
    prices = {reward.code: reward.price_points for reward in program.current().rewards}
    spendable = ledger.balance(sari.id).spendable
    assert all(prices[code] <= spendable for code in found["now"])
    near = [prices[code] for code in found["near"]]
    assert near == sorted(near)
    assert min(near) > spendable


@pytest.mark.parametrize("typed", ["", "  ", "kopi", "KOPI susu", "roti", "tidak-ada-yang-begini"])
def test_search_finds_every_word_in_name_text_or_category(sari: Any, typed: str) -> None:
    offers = catalogue.offers(sari.id, 0, tiers.tier_of(sari.id))
    found = {offer.reward.code for offer in catalogue.matching(offers, typed)}

    def says(reward: Reward) -> bool:
        kind = program.category_name(reward.category)
        text = f"{reward.name.id} {reward.text.id} {kind}".lower()
        return all(word in text for word in typed.lower().split())

    assert found == {r.code for r in program.current().rewards if says(r)}


def test_the_page_searches_and_says_when_nothing_is_found(client: Any, sari: Any) -> None:
    people.log_in(client, sari)
    page = client.get("/rewards?cari=tumbler").text
    assert "/rewards/tumbler" in page
    assert "/rewards/croissant" not in page
    assert 'value="tumbler"' in page
    assert "Tidak ketemu" in client.get("/rewards?cari=xyzzy").text
    assert "&lt;b&gt;" in client.get("/rewards?cari=<b>").text


def test_a_favourite_is_kept_once_and_leads_the_way(client: Any, sari: Any) -> None:
    people.log_in(client, sari)
    assert "Belum ada favorit" in client.get("/rewards?saring=favorit").text
    for _ in range(2):
        client.post("/rewards/croissant/favourites")
    assert favourites.of_member(sari.id) == {"croissant"}
    assert 'aria-pressed="true"' in client.get("/rewards/croissant").text
    page = client.get("/rewards?saring=favorit").text
    assert "/rewards/croissant" in page
    assert "/rewards/tote" not in page
    client.post("/rewards/croissant/favourites/end")
    assert not favourites.of_member(sari.id)


def test_the_way_leads_to_the_nearest_favourite_first(client: Any, sari: Any) -> None:
    change_reward("croissant", price_points=700)
    change_reward("tambah-shot", price_points=460)
    people.log_in(client, sari)
    before = client.get("/rewards").text
    assert '<h2 id="hampir">Croissant' not in before
    client.post("/rewards/croissant/favourites")
    assert '<h2 id="hampir">Croissant' in client.get("/rewards").text


def test_what_does_not_exist_is_no_favourite(app: Flask, client: Any, sari: Any) -> None:
    with pytest.raises(NoSuchReward):
        favourites.keep(sari.id, "emas")
    people.log_in(client, sari)
    assert client.post("/rewards/emas/favourites").status_code == 404


def test_favourites_are_hers_alone(app: Flask, client: Any, sari: Any) -> None:
    assert client.post("/rewards/croissant/favourites").status_code == 303
    people.log_in(client, people.join("Tono"))
    client.post("/rewards/tote/favourites")
    assert not favourites.of_member(sari.id)


def test_a_redemption_moves_it_to_the_last_shelf_and_says_why(sari: Any) -> None:
    change_reward("kue-kering", per_member=1)
    redemption.redeem(sari.id, "kue-kering", key="k1")
    assert shelves(sari)["later"] == ["kue-kering"]
    offer = catalogue.offer("kue-kering", sari.id, 10_000, tiers.tier_of(sari.id))
    assert isinstance(offer.why_not, LoyaltyError)
    assert "sudah diambil" in offer.why_not.title or "pernah" in offer.why_not.title
