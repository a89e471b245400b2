from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import clock, outbox
from pwa.campaigns.quote import Good
from pwa.db import db
from pwa.errors import KeyReused
from pwa.ledger import service as ledger
from pwa.outbox import Event
from pwa.program import service as program
from pwa.program.schema import Program
from pwa.shop import service as shop
from pwa.shop import stock
from pwa.shop.models import Purchase
from pwa.shop.sales import Sale
from pwa.shop.watch import CashierLimit
from pwa.staff.models import StaffAct
from pwa.tiers import service as tiers
from tests import people
from tests.racing import race


def sale(member: Any, amount: int = 45_000, key: str = "k1", **more: Any) -> Sale:
    return Sale(key, member.id if member else None, "tebet", amount, **more)


def changed(**earning: Any) -> None:
    """The program in force, with other earning settings or campaigns."""
    document = program.to_document(program.current())
    campaigns = earning.pop("campaigns", None)
    document["earning"].update(earning)
    if campaigns is not None:
        document["campaigns"] = campaigns
    program.apply(Program.model_validate(document), "test")
    outbox.commit()


def purchase_points(member: Any) -> int:
    """Points from purchases alone: missions that followed them left out."""
    bought = select(func.sum(Purchase.points)).where(Purchase.member_id == member.id)
    return db.session.scalar(bought) or 0


def test_a_purchase_earns_floor_of_the_base_and_is_told(app: Flask) -> None:
    sari = people.join()
    purchase = shop.record(sale(sari, 45_900, categories=frozenset({"kopi"}), eco=True))
    outbox.commit()
    assert (purchase.points, purchase.qualifying_points) == (50, 45)  # five for the cup
    assert ledger.by_key(f"purchase:{purchase.id}") is not None
    event = db.session.scalars(select(Event).where(Event.kind == "purchase.recorded")).one()
    assert event.member_id == sari.id
    assert event.data == {
        "amount_rupiah": 45_900, "categories": ["kopi"], "eco": True, "outlet": "tebet",
        "points": 50, "code": purchase.code,
        "lines": [{"amount_rupiah": 45_900, "category": "kopi", "product": None, "quantity": 1,
                   "eco": True}],
    }  # fmt: skip


def test_a_replay_returns_the_first_purchase_and_gives_nothing(app: Flask) -> None:
    sari = people.join()
    first = shop.record(sale(sari))
    outbox.commit()
    before = ledger.balance(sari.id).spendable
    assert shop.record(sale(sari)).id == first.id
    outbox.commit()
    assert ledger.balance(sari.id).spendable == before
    assert tiers.standing(sari.id).points == 45


@pytest.mark.parametrize("other", [{"amount": 46_000}, {"eco": True}, {"payment": "qris"}])
def test_the_same_key_for_another_purchase_is_refused(app: Flask, other: Any) -> None:
    sari = people.join()
    shop.record(sale(sari))
    with pytest.raises(KeyReused):
        shop.record(sale(sari, **other))


def test_the_quote_is_kept_and_can_be_read_again(app: Flask) -> None:
    sari = people.join()
    asked = sale(sari, 51_000)
    promised = shop.preview(asked)
    purchase = shop.record(asked)
    outbox.commit()
    assert shop.quote_of(purchase) == promised


def test_in_the_return_window_points_wait(app: Flask, noon: Any) -> None:
    sari = people.join()
    changed(return_days=7)
    shop.record(sale(sari))
    outbox.commit()
    balance = ledger.balance(sari.id)
    assert balance.pending == 45
    assert tiers.standing(sari.id).points == 45  # a tier does not wait


def test_goods_leave_the_shelf_and_a_short_shelf_refuses_nothing(app: Flask) -> None:
    sari = people.join()
    goods = (Good(48_000, "roti", "CROISSANT", 2), Good(900_000, "roti", "ROTI-SRIKAYA", 50))
    shop.record(sale(sari, 948_000, goods=goods))
    assert stock.pieces_of("CROISSANT")["tebet"] == 22
    assert stock.pieces_of("ROTI-SRIKAYA")["tebet"] == 30


def test_a_tier_is_reached_at_once_and_multiplies_the_next_purchase(app: Flask) -> None:
    sari = people.join()
    first = shop.record(sale(sari, 500_000))
    outbox.commit()
    assert first.points == 500
    assert tiers.standing(sari.id).tier.code == "kawan-dekat"
    assert shop.record(sale(sari, 100_000, "k2")).points == 125
    assert tiers.standing(sari.id).points == 600  # multipliers don't qualify


def double(**more: Any) -> dict[str, Any]:
    return {
        "code": "ganda", "name": {"id": "Ganda"}, "text": {"id": "Dua kali"},
        "starts_at": "2026-11-22T00:00:00+07:00", "ends_at": "2026-11-23T00:00:00+07:00", **more,
    }  # fmt: skip


def test_a_campaign_doubles_while_it_runs(app: Flask, noon: Any) -> None:
    sari = people.join()
    changed(campaigns=[double()])
    assert shop.record(sale(sari)).points == 90
    with clock.at(clock.day_end(clock.program_day())):
        assert shop.record(sale(sari, key="k2")).points == 45


def test_a_members_limit_of_a_campaign_is_shared_by_her_purchases(app: Flask, noon: Any) -> None:
    sari, tono = people.join(), people.join("Tono")
    changed(campaigns=[double(member_points=60)])
    given = [shop.record(sale(sari, key=f"k{n}")).points for n in range(3)]
    assert given == [90, 60, 45]
    assert shop.record(sale(tono, key="t1")).points == 90


def test_a_campaigns_budget_is_shared_by_all(app: Flask, noon: Any) -> None:
    sari, tono = people.join(), people.join("Tono")
    changed(campaigns=[double(budget_points=50)])
    assert shop.record(sale(sari)).points == 90
    assert shop.record(sale(tono, key="t1")).points == 50


def buy_in_a_race(index: int, facts: dict[str, Any]) -> str:
    points = shop.record(Sale(f"race-{index}", facts["member"], "tebet", 10_000)).points
    outbox.commit()
    return str(points)


def test_fifty_purchases_at_once_never_pass_a_campaigns_budget(app: Flask) -> None:
    sari = people.join()
    forever = {"starts_at": "2020-01-01T00:00:00+07:00", "ends_at": "2100-01-01T00:00:00+07:00"}
    changed(campaigns=[double(budget_points=95, **forever)])
    given = [int(points) for points in race(app, buy_in_a_race, 50, {"member": sari.id})]
    db.session.rollback()
    assert sum(given) == 50 * 10 + 95
    assert purchase_points(sari) == 595
    assert tiers.standing(sari.id).points == 500


def test_a_purchase_without_a_card_is_kept_and_gives_nothing_yet(app: Flask) -> None:
    purchase = shop.record(sale(None))
    outbox.commit()
    assert purchase.member_id is None
    assert purchase.points == 45  # what it will be worth to who claims it
    assert db.session.scalar(select(Event.id).where(Event.kind == "purchase.recorded")) is None


def test_a_cashier_gives_no_more_than_the_days_limit_and_a_manager_does(app: Flask) -> None:
    sari, budi, maya = people.join(), people.hire(), people.hire("maya", "manager")
    document = program.to_document(program.current()) | {"till": {"cashier_points_per_day": 100}}
    program.apply(Program.model_validate(document), "test")
    shop.record(sale(sari, 60_000), budi)
    outbox.commit()
    with pytest.raises(CashierLimit):
        shop.record(sale(sari, 60_000, "k2"), budi)
    outbox.rollback()
    assert shop.record(sale(sari, 40_000, "k3"), budi).points == 40
    assert shop.record(sale(sari, 60_000, "k4"), maya).points == 60


def test_the_same_card_too_often_in_a_day_is_told_once_and_refuses_nothing(app: Flask) -> None:
    sari, budi = people.join(), people.hire()
    for number in range(8):
        shop.record(sale(sari, key=f"k{number}"), budi)
    outbox.commit()
    told = db.session.scalars(select(Event).where(Event.kind == "card.seen_too_often")).all()
    assert [event.data["times"] for event in told] == [6]
    acts = select(func.count(StaffAct.id)).where(StaffAct.act == "card.seen_too_often")
    assert db.session.scalar(acts) == 3  # the log has each


def test_receipts_are_found_by_their_code(app: Flask) -> None:
    purchase = shop.record(sale(people.join()))
    outbox.commit()
    typed = shop.code_text(purchase).lower()
    assert shop.by_code(typed).id == purchase.id
    with pytest.raises(shop.NoSuchReceipt):
        shop.by_code(purchase.code[:-1] + ("2" if purchase.code[-1] != "2" else "3"))
