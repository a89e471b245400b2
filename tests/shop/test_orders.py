"""An order of another system is one purchase, however often and by whichever key it is told."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from pwa import outbox
from pwa.db import db
from pwa.ledger import service as ledger
from pwa.shop import service as shop
from pwa.shop.models import Purchase
from pwa.shop.sales import BadOrder, OrderChanged, Sale, of_order
from tests import people
from tests.racing import race


def order(
    member_id: int, number: str = "1001", source: str = "woocommerce", amount: int = 45_000
) -> Sale:
    said = Sale("", member_id, "tebet", amount, channel="web", payment="qris")
    return of_order(source, number, said)


def count() -> int:
    return db.session.scalar(select(func.count(Purchase.id))) or 0


def test_an_order_told_again_is_the_same_purchase(app: Flask) -> None:
    sari = people.join()
    first = shop.record(order(sari.id))
    outbox.commit()
    before = ledger.balance(sari.id)
    again = shop.record(order(sari.id, " 1001 "))
    outbox.commit()
    assert again.id == first.id == shop.by_order("woocommerce", "1001").id  # type: ignore[union-attr]
    assert (again.source, again.external_order_id) == ("woocommerce", "1001")
    assert ledger.balance(sari.id) == before
    assert count() == 1


def test_the_same_order_with_other_contents_is_refused_by_name(app: Flask) -> None:
    sari, tono = people.join(), people.join("Tono")
    shop.record(order(sari.id))
    for other in (order(sari.id, amount=46_000), order(tono.id)):
        with pytest.raises(OrderChanged) as refused:
            shop.record(other)
        assert (refused.value.code, refused.value.status) == ("order_changed", 409)
    assert count() == 1


def test_the_same_number_of_another_source_is_another_order(app: Flask) -> None:
    sari = people.join()
    shop.record(order(sari.id))
    shop.record(order(sari.id, source="pos-tebet"))
    assert count() == 2


def test_an_order_of_a_claimed_receipt_is_still_the_same(app: Flask) -> None:
    from pwa.shop import claims

    nobodys = of_order("pos", "A/7", Sale("", None, "tebet", 45_000))
    code = shop.record(nobodys).code
    claims.claim_receipt(code, people.join().id)
    assert shop.record(nobodys).code == code


def test_the_database_itself_refuses_a_second_one(app: Flask) -> None:
    sari = people.join()
    first = shop.record(order(sari.id))
    second = shop.record(Sale("k2", sari.id, "tebet", 9_000))
    second.source, second.external_order_id = first.source, first.external_order_id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_number_without_its_source_is_refused(app: Flask) -> None:
    bought = shop.record(Sale("k1", people.join().id, "tebet", 9_000))
    bought.external_order_id = "1001"
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(("source", "number"), [
    ("till", "1"), ("Woo", "1"), ("a:b", "1"), ("", "1"), ("woo", " "), ("woo", "x" * 81),
])  # fmt: skip
def test_a_source_or_number_that_makes_no_sense_is_refused(source: str, number: str) -> None:
    with pytest.raises(BadOrder):
        order(1, number, source)


def tell_in_a_race(index: int, facts: dict[str, Any]) -> str:
    code = shop.record(order(facts["member"])).code
    outbox.commit()
    return code


def test_told_twenty_times_at_once_it_is_one_purchase(app: Flask) -> None:
    sari = people.join()
    codes = race(app, tell_in_a_race, 20, {"member": sari.id})
    db.session.rollback()
    assert len(set(codes)) == 1
    assert count() == 1
