"""What a wheel can give beside points, tickets of every kind, and prizes that wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pwa import clock, outbox
from pwa.db import db
from pwa.errors import NotFound
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.missions import service as missions
from pwa.play import held, service, spins
from pwa.play.errors import NotForSale, TicketCap, TooManyPlays
from pwa.play.models import Spin
from pwa.program import service as program
from pwa.program.playing import GOODS, Draw
from pwa.program.schema import Prize, Slice, Text
from pwa.rewards import service as rewards
from tests.conftest import NOON
from tests.people import join, log_in
from tests.play.test_wheel import JSON, change_wheel, only_big_prizes, spin
from tests.play.test_wheel import held as points_of

ON = NOON.date()
DRAW = Draw(permit="UB-17/2026", starts_on=ON, ends_on=ON + timedelta(days=5))
RARE = Slice(code="lima", label=Text(id="5"), weight=1, prize=Prize(points=5))


def only(prize: Prize, **more: object) -> None:
    """A wheel that all but always gives `prize`."""
    goods = prize.kind in GOODS
    if goods:
        more = {"value_rupiah": 20_000, **more}
    wide = Slice(code="satu", label=Text(id="Hadiah"), weight=1_000_000, prize=prize, **more)  # type: ignore[arg-type]
    change_wheel(slices=(wide, RARE), consolation="lima", draw=DRAW if goods else None)


def spin_later(member: Member, key: str = "k1") -> Spin:
    """A spin on the first day that is played on the changed wheel."""
    with clock.at(NOON + timedelta(days=2)):
        return spin(member, key)


def test_a_voucher_is_issued_with_the_spin(sari: Member) -> None:
    reward = program.current().rewards[0].code
    only(Prize(kind="voucher", reward=reward))
    spin_later(sari)
    assert [v.reward_code for v in rewards.active_vouchers(sari.id)] == [reward]


def test_a_voucher_that_is_sold_out_falls_to_the_consolation(sari: Member) -> None:
    said = program.current()
    gone = said.rewards[0].model_copy(update={"stock_total": 0})
    program.apply(said.model_copy(update={"rewards": (gone, *said.rewards[1:])}), actor="test")
    only(Prize(kind="voucher", reward=gone.code))
    made = spin_later(sari)
    assert (made.raw, made.given, made.why_out, made.points) == ("satu", "lima", "stock", 5)
    assert list(rewards.active_vouchers(sari.id)) == []


def test_spin_again_gives_another_ticket(sari: Member) -> None:
    only(Prize(kind="spin"))
    spin_later(sari)
    with clock.at(NOON + timedelta(days=2)):
        assert service.wheel_today(sari).tickets == 1
        spin(sari, "k2")


def test_a_freeze_is_kept_for_a_missed_day(sari: Member) -> None:
    only(Prize(kind="freeze"))
    spin_later(sari)
    assert missions.streak(sari).freezes == 0  # not yet, on the day before
    with clock.at(NOON + timedelta(days=2)):
        assert missions.streak(sari).freezes == 1


def test_nothing_is_told_kindly(client: FlaskClient, sari: Member) -> None:
    only(Prize(kind="nothing"))
    log_in(client, sari)
    with clock.at(NOON + timedelta(days=2)):
        answer = client.post("/wheel/spins", data={"key": "k"}, headers=JSON).json
    assert (answer["points"], answer["slice"]) == (0, 0)
    assert "Kali ini belum dapat" in answer["html"]


class TestTickets:
    def test_points_buy_a_spin_once_for_a_key_up_to_the_cap(self, sari: Member) -> None:
        change_wheel(price_points=20, price_daily_cap=2)
        before = points_of(sari)
        for key in ("a", "a", "b"):
            spins.buy_ticket(sari.id, key)
            outbox.commit()
        assert points_of(sari) == before - 40
        assert service.wheel_today(sari).tickets == 3
        with pytest.raises(TicketCap):
            spins.buy_ticket(sari.id, "c")
        outbox.rollback()

    def test_without_a_price_none_is_sold(self, sari: Member) -> None:
        with pytest.raises(NotForSale):
            spins.buy_ticket(sari.id, "a")

    def test_the_page_sells_when_the_free_one_is_used(
        self, client: FlaskClient, sari: Member
    ) -> None:
        change_wheel(price_points=20)
        spin(sari)
        page = log_in(client, sari).get("/wheel").text
        assert "Putaran lagi, 20 poin" in page
        assert client.post("/wheel/tickets", data={"key": "a"}).status_code == 303
        assert "Satu putaran hari ini" in client.get("/wheel").text

    def test_purchases_and_tiers_give_tickets(self, sari: Member) -> None:
        first = program.current().tiers[0].code
        change_wheel(ticket_rupiah=50_000, free_daily_tiers={first: 3})
        assert service.wheel_today(sari).tickets == 3
        outbox.tell("purchase.recorded", "1", sari.id, amount_rupiah=120_000, categories=[])
        outbox.commit()
        assert service.wheel_today(sari).tickets == 5


class TestLimits:
    def test_a_device_has_its_limit_whoever_holds_it(self, sari: Member, tono: Member) -> None:
        change_wheel(device_day=1)
        spins.spin(sari, "a", device="d")
        outbox.commit()
        with pytest.raises(TooManyPlays):
            spins.spin(tono, "b", device="d")
        outbox.rollback()
        assert service.wheel_today(tono).tickets == 1

    def test_a_crowd_on_one_phone_waits_for_the_owner(self, sari: Member) -> None:
        for number in range(6):
            member = join("Sari", f"08121777000{number}")
            made = spins.spin(member, "k", device="farm")
            outbox.commit()
        assert (made.state, made.suspicions) == ("held", ["crowded_device"])
        assert made.balance_after == made.balance_before
        before = ledger.balance(member.id).spendable
        held.release(made.public_id, None)
        outbox.commit()
        assert ledger.balance(member.id).spendable == before + made.points + 5  # and its mission
        with pytest.raises(NotFound):
            held.release(made.public_id, None)
        with pytest.raises(NotFound):
            held.refuse(made.public_id, None)

    def test_a_refused_prize_is_never_paid(self, sari: Member) -> None:
        made = spins.spin(sari, "k")
        outbox.commit()
        made.state = "held"
        db.session.commit()
        assert [one.public_id for one in held.waiting()] == [made.public_id]
        held.refuse(made.public_id, None)
        outbox.commit()
        assert list(held.waiting()) == []


class TestRunOuts:
    def test_a_slice_that_is_out_falls_to_the_consolation_and_both_are_kept(
        self, app: Flask, noon: object
    ) -> None:
        only_big_prizes(stock=0, budget=10_000)
        made = next(
            s for n in range(30) if (s := spin(join("Sari", f"0812100{n:05d}"))).raw == "besar"
        )
        assert (made.given, made.why_out, made.points) == ("lima", "stock", 5)

    def test_a_day_without_budget_gives_kind_words(self, app: Flask, noon: object) -> None:
        only_big_prizes(stock=5, budget=4)
        made = spin(join("Sari"))
        assert (made.given, made.points) == ("nothing", 0)
        assert made.why_out == "points"
