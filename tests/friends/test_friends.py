"""Friends by invitation: who counts, once, and what a mission makes of it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import outbox
from pwa.db import db
from pwa.friends import privacy, service
from pwa.ledger import service as ledger
from pwa.members import erasure
from pwa.members import service as members
from pwa.members.models import Member
from pwa.program import service as program
from pwa.program.asking import Friends
from pwa.shop import service as shop
from pwa.shop.sales import Sale
from tests.people import PASSWORD, hire, join, log_in


@pytest.fixture
def sari(app: Flask, noon: object) -> Member:
    return join("Sari")


def invited(client: FlaskClient, by: Member, phone: str, name: str = "Rara") -> None:
    """Somebody joins through the very form that the invitation opens."""
    page = client.get(service.address(by)).text
    assert f'value="teman-{by.public_id}"' in page
    data = {"name": name, "phone": phone, "password": PASSWORD, "via": f"teman-{by.public_id}"}
    assert client.post("/join", data=data).status_code == 303
    client.post("/logout")


def buys(phone: str, key: str, amount: int = 30_000) -> None:
    member = members.by_phone(phone)
    assert member is not None
    sale = Sale(key=key, member_id=member.id, outlet_code="tebet", amount_rupiah=amount)
    shop.record(sale, hire(f"kasir-{key}"))
    outbox.commit()


def test_a_friend_who_joins_and_buys_counts_once_and_pays_the_mission(
    client: FlaskClient, sari: Member
) -> None:
    before = ledger.balance(sari.id).spendable
    invited(client, sari, "081210000011")
    assert service.brought(sari.id) == (1, 0)
    buys("081210000011", "small", 19_000)  # below what the program asks
    assert service.brought(sari.id) == (1, 0)
    buys("081210000011", "a")
    buys("081210000011", "b")
    assert service.brought(sari.id) == (1, 1)
    assert ledger.balance(sari.id).spendable == before + 75


def test_nobody_invites_herself_back(client: FlaskClient, sari: Member) -> None:
    """Who was a member before, with this number, is no new friend."""
    tono = join("Tono")
    phone = tono.phone
    erasure.erase(tono.id)
    outbox.commit()
    invited(client, sari, phone, "Tono")
    assert service.brought(sari.id) == (0, 0)


@pytest.mark.parametrize("via", ["", "poster-kasir", "teman-", "teman-nobody"])
def test_a_mark_that_is_no_invitation_counts_for_nobody(sari: Member, via: str) -> None:
    assert not service.joined(join("Tono").id, via)


def test_a_month_has_its_limit(client: FlaskClient, sari: Member) -> None:
    changed = program.current().model_copy(update={"friends": Friends(most_a_month=1)})
    program.apply(changed, actor="test")
    outbox.commit()
    for n in range(2):
        invited(client, sari, f"08121000002{n}")
    assert db.session.query(outbox.Event).filter_by(kind="friend.joined").count() == 1


def test_the_page_has_the_invitation_and_strangers_do_not_see_it(
    client: FlaskClient, sari: Member
) -> None:
    assert client.get("/friends").status_code == 303
    page = log_in(client, sari).get("/friends").text
    assert f"/join?src=teman-{sari.public_id}" in page
    assert 'class="qr"' in page
    assert "Paling banyak 5 teman" in page


def test_her_copy_says_how_many_and_never_who_and_leaving_forgets(
    client: FlaskClient, sari: Member
) -> None:
    invited(client, sari, "081210000011")
    told = privacy.export(sari.id)
    assert told == {"invited": False, "friends": [{"joined_on": "2026-11-22", "bought": False}]}
    privacy.erase(sari.id)
    assert privacy.export(sari.id)["friends"] == []
