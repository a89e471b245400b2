"""Restock, birthday and double points, by the clock or by their event."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pwa import clock, outbox
from pwa.db import db
from pwa.members import service as members
from pwa.members.models import Member
from pwa.program import files
from pwa.program import service as program
from pwa.push import inbox, preferences, reminders
from pwa.push.models import Delivery
from pwa.shop import stock
from pwa.tiers import service as tiers
from tests.people import join
from tests.push.conftest import run_due
from tests.push.service import PushService
from tests.push.telling import (
    at,
    empty_shelves,
    member_with_phone,
    said,
    titles,
)


def test_restock_tells_as_many_as_there_are_pieces_in_the_order_they_asked(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    empty_shelves()
    people = [member_with_phone(service, name) for name in ("Sari", "Tono", "Dewi")]
    for member, _ in (people[1], people[0], people[2]):  # Tono was first
        reminders.ask(member.id, "CROISSANT")
        outbox.commit()
    stock.set_pieces("CROISSANT", "tebet", 2)
    outbox.commit()
    run_due()
    assert [len(service.to(browser)) for _, browser in people] == [1, 1, 0]
    assert reminders.waits(people[2][0].id, "CROISSANT")
    assert not reminders.waits(people[1][0].id, "CROISSANT")
    message = service.to(people[1][1])[0]
    assert message.headers["urgency"] == "high"
    assert int(message.headers["ttl"]) == 6 * 3600
    assert message.headers["topic"].startswith("rs-")
    assert len(message.headers["topic"]) <= 32


def test_stock_that_is_gone_again_is_not_told_and_keeps_the_place(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    from pwa.push import planner

    empty_shelves()
    sari, browser = member_with_phone(service)
    reminders.ask(sari.id, "CROISSANT")
    stock.set_pieces("CROISSANT", "tebet", 1)
    outbox.commit()
    planner.plan_events(noon, 100)
    assert stock.take("CROISSANT", "tebet")
    outbox.commit()
    run_due()
    assert service.got == []
    assert inbox.unread(sari.id) == 0  # what is not true is not in the inbox either
    assert reminders.waits(sari.id, "CROISSANT")
    stock.set_pieces("CROISSANT", "tebet", 5)
    outbox.commit()
    run_due()
    assert said(service, browser) == ["Croissant mentega sudah ada lagi"]


def test_restock_follows_the_program_file_too(
    push_app: Flask, service: PushService, noon: datetime
) -> None:
    sari, browser = member_with_phone(service)
    empty_shelves()
    reminders.ask(sari.id, "CROISSANT")
    outbox.commit()
    current = program.current()
    goods = [
        p.model_copy(update={"stock": {**p.stock, "tebet": p.stock.get("tebet", 0) + 7}})
        if p.sku == "CROISSANT"
        else p
        for p in current.products
    ]
    files.put_in_force(current.model_copy(update={"products": tuple(goods)}), actor="test")
    outbox.commit()
    run_due()
    assert said(service, browser) == ["Croissant mentega sudah ada lagi"]


@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("Asia/Jakarta", "2026-11-22T09:00:00+07:00"),
        ("Asia/Makassar", "2026-11-22T09:00:00+08:00"),
        ("Asia/Jayapura", "2026-11-22T09:00:00+09:00"),
    ],
)
def test_birthday_comes_at_nine_in_her_own_zone_once(
    push_app: Flask, service: PushService, zone: str, when: str
) -> None:
    with clock.at(at(when) - timedelta(days=2)):
        _, browser = member_with_phone(service, birthday=date(1990, 11, 22), zone=zone)
        member_with_phone(service, "Tono", birthday=date(1990, 11, 23), zone=zone)
    with clock.at(at(when) - timedelta(minutes=1)):
        run_due()
        assert service.got == []
    for minutes in (0, 1, 60):
        with clock.at(at(when) + timedelta(minutes=minutes)):
            run_due()
    (message,) = service.got
    assert said(service, browser) == ["Selamat ulang tahun, Sari"]
    assert message.headers["topic"] == "bday"
    assert int(message.headers["ttl"]) == 15 * 3600  # to her midnight


def test_who_was_born_on_29_february_is_congratulated_on_the_28th(
    push_app: Flask, service: PushService
) -> None:
    with clock.at(at("2027-01-01T12:00:00+07:00")):
        _, browser = member_with_phone(service, birthday=date(2000, 2, 29))
    with clock.at(at("2027-02-28T09:05:00+07:00")):
        run_due()
        assert len(service.to(browser)) == 1
    with clock.at(at("2028-02-28T09:05:00+07:00")):
        run_due()
        assert len(service.to(browser)) == 1
    with clock.at(at("2028-02-29T09:05:00+07:00")):
        run_due()
        assert len(service.to(browser)) == 2


def test_the_gift_that_waits_is_named_and_one_that_was_taken_is_not(
    push_app: Flask, service: PushService
) -> None:
    """Kawan's own day, Kawan Dekat's seven days; who changed her birthday has to wait."""
    born = date(1990, 11, 22)
    with clock.at(at("2026-11-20T12:00:00+07:00")):
        browsers = [
            member_with_phone(service, name, birthday=born) for name in ("Sari", "Tono", "Dewi")
        ]
        _, (tono, _), (dewi, _) = browsers
        tiers.count(tono.id, 500, 500_000)
        dewi.birthday_changed_on = date(2026, 6, 1)
        outbox.commit()
    with clock.at(at("2026-11-22T09:00:00+07:00")):
        run_due()
    told = {m.name: b.read(service.to(b)[-1])["notification"] for m, b in browsers}
    assert "menunggu sampai 22 November" in told["Sari"]["body"]
    assert "menunggu sampai 28 November" in told["Tono"]["body"]
    assert "/tier" in json.dumps(told["Tono"])
    assert "Semoga harimu manis" in told["Dewi"]["body"]


def test_moving_east_on_the_day_does_not_make_two_birthdays(
    push_app: Flask, service: PushService
) -> None:
    with clock.at(at("2026-11-20T12:00:00+07:00")):
        sari, browser = member_with_phone(
            service, birthday=date(1990, 11, 22), zone="Asia/Jayapura"
        )
    with clock.at(at("2026-11-22T07:30:00+07:00")):
        run_due()
        members.set_zone(sari, "Asia/Jakarta")
        outbox.commit()
    with clock.at(at("2026-11-22T09:30:00+07:00")):
        run_due()
    assert len(service.to(browser)) == 1


def test_who_joins_on_her_birthday_is_not_left_out(push_app: Flask, service: PushService) -> None:
    with clock.at(at("2026-11-22T10:00:00+07:00")):
        run_due()
        sari = join("Sari")
        sari.birthday = date(1990, 11, 22)
        outbox.commit()
        for _ in range(2):
            run_due()
        assert titles(sari) == ["Selamat ulang tahun, Sari"]


def agree(*people: Member) -> None:
    for member in people:
        members.set_consent(member, "promo", True, "test")
    outbox.commit()


def test_double_points_are_announced_begin_and_end(push_app: Flask, service: PushService) -> None:
    with clock.at(at("2026-12-01T12:00:00+07:00")):
        sari, browser = member_with_phone(service)
        agree(sari)
        wishes = preferences.of(sari.id)
        preferences.save(sari.id, wishes._replace(day_cap=7, week_cap=7))
        outbox.commit()
    for when in ("2026-12-11T16:59:00", "2026-12-11T17:00:00", "2026-12-12T00:00:00",
                 "2026-12-12T07:00:00", "2026-12-12T20:00:00", "2026-12-12T23:30:00"):  # fmt: skip
        with clock.at(at(when + "+07:00")):
            run_due()
    assert said(service, browser) == [
        "Besok: Poin ganda 12.12",
        "Poin ganda 12.12 mulai sekarang",  # at seven, when her quiet hours are over
        "Poin ganda 12.12, tinggal sebentar",
    ]
    assert {m.headers["urgency"] for m in service.got} == {"low"}


def test_a_campaign_that_is_called_off_is_not_told(push_app: Flask, service: PushService) -> None:
    with clock.at(at("2026-12-01T12:00:00+07:00")):
        sari, _ = member_with_phone(service)
        agree(sari)
    with clock.at(at("2026-12-12T00:00:00+07:00")):
        run_due()  # planned, and put off to seven
        left = [c for c in program.current().campaigns if c.code != "harbolnas-1212"]
        files.put_in_force(program.current().model_copy(update={"campaigns": tuple(left)}), "test")
        outbox.commit()
    with clock.at(at("2026-12-12T07:00:00+07:00")):
        run_due()
        assert inbox.unread(sari.id) == 0
    assert service.got == []


def test_double_points_are_planned_ahead_and_not_told_before(
    push_app: Flask, service: PushService
) -> None:
    with clock.at(at("2026-12-01T12:00:00+07:00")):
        sari, browser = member_with_phone(service)
        agree(sari)
    with clock.at(at("2026-12-11T16:55:00+07:00")):
        run_due()
        assert db.session.scalar(select(Delivery.state)) == "queued"
        assert inbox.unread(sari.id) == 0
        assert service.got == []
    with clock.at(at("2026-12-11T17:00:00+07:00")):
        run_due()
        assert inbox.unread(sari.id) == 1
    assert len(service.to(browser)) == 1
