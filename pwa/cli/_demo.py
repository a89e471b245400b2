"""The demo: a program, its people, and six weeks of one member's history.

Everything is done by the services that do it for real, at the time it would have happened, so
that the ledger of the demo is as sound as any. Repeating it adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from pwa import clock
from pwa.cli._app import unit_of_work
from pwa.members import service as members
from pwa.members.phones import shown, to_e164
from pwa.missions import service as missions
from pwa.program import files
from pwa.program import service as program
from pwa.push import inbox, planner
from pwa.rewards import redemption, vouchers
from pwa.settings import ROOT
from pwa.shop import service as shop
from pwa.shop.sales import Sale
from pwa.staff import service as staff_service
from pwa.staff.models import Staff

FILE = ROOT / "pwa" / "programs" / "kopi-kawan.toml"
PASSWORD = "kopikawan"  # noqa: S105  of the demo; setia demo refuses in production
SARI = members.Joining(
    "Sari Wulandari", "081210000001", PASSWORD, date(1998, 2, 3), promo=True, via="poster-kasir"
)
TONO = members.Joining("Tono Prasetyo", "081210000002", PASSWORD, via="poster-meja")
DAYS_AGO_JOINED = 41
STREAK_DAYS = 12
CHECKS_IN_AT = time(8, 12)


class Hand(NamedTuple):
    """Somebody of the staff, as the demo hires them."""

    login: str
    name: str
    role: str
    outlet: str | None


class Visit(NamedTuple):
    """One purchase of Sari's, so many days ago."""

    days_ago: int
    at: time
    amount_rupiah: int
    outlet: str = "tebet"
    category: str = "kopi"
    eco: bool = False


STAFF = (
    Hand("ratna", "Ratna", "owner", None),
    Hand("maya", "Maya", "manager", "tebet"),
    Hand("budi", "Budi", "cashier", "tebet"),
)
VISITS = (
    Visit(40, time(8, 5), 22_000),
    Visit(37, time(12, 31), 62_000, "kemang"),
    Visit(33, time(8, 20), 48_000),
    Visit(29, time(16, 44), 95_000, category="barang"),
    Visit(26, time(8, 2), 18_000, eco=True),
    Visit(24, time(13, 10), 74_000, "kemang"),
    Visit(20, time(8, 40), 46_000, category="roti"),
    Visit(16, time(19, 5), 88_000),
    Visit(12, time(8, 14), 22_000),
    Visit(11, time(12, 20), 24_000, category="roti"),
    Visit(9, time(8, 31), 36_000, eco=True),
    Visit(6, time(17, 2), 108_000, "kemang"),
    Visit(4, time(8, 25), 42_000, category="roti"),
    Visit(2, time(10, 42), 62_000),
    Visit(1, time(8, 20), 48_000),
)
REDEEMED_DAYS_AGO = 5
READ_DAYS_AGO = 2
EVENTS_MOST = 100  # of one moment of the story
REDEEMED = "ukuran-besar"


def fill() -> bool:
    """Make what of the demo is not there yet; whether that was anything."""
    today = clock.program_day()
    begun = _instant(today - timedelta(days=DAYS_AGO_JOINED + 1), time(9))
    made = _program(begun)
    with clock.at(begun):
        made |= sum(_hired(hand) for hand in STAFF) > 0
    if not _is_member(SARI):
        _tell_sari(today)
        made = True
    if not _is_member(TONO):
        with unit_of_work():
            members.join(TONO)
        made = True
    return made


def logins() -> list[tuple[str, str, str, str]]:
    """Who can log in: where, as what, the login and the password."""
    rows = [("/login", "member", shown(to_e164(j.phone)), j.password) for j in (SARI, TONO)]
    return rows + [("/till", hand.role, hand.login, PASSWORD) for hand in STAFF]


def _program(begun: datetime) -> bool:
    try:
        program.current()
    except program.NoProgram:
        with clock.at(begun), unit_of_work():
            files.apply_file(FILE, actor="demo")
        return True
    return False


def _hired(hand: Hand) -> bool:
    try:
        with unit_of_work():
            staff_service.add(hand.login, hand.name, hand.role, PASSWORD, hand.outlet)
    except staff_service.LoginTaken:
        return False
    return True


def _is_member(joining: members.Joining) -> bool:
    with unit_of_work():
        return members.by_phone(joining.phone) is not None


def _tell_sari(today: date) -> None:
    """Sari's six weeks, in the order in which they happened."""
    joined = _instant(today - timedelta(days=DAYS_AGO_JOINED), time(12, 3))
    with clock.at(joined), unit_of_work():
        sari = members.join(SARI)
    budi = staff_service.by_login("budi")
    assert budi is not None, "the demo's staff was hired just before"
    story = [(_instant(_ago(today, v.days_ago), v.at), _buys(sari.id, budi, v)) for v in VISITS]
    story += [
        (_instant(_ago(today, days), CHECKS_IN_AT), _checks_in(sari.id))
        for days in range(STREAK_DAYS, 0, -1)
    ]
    at = _instant(_ago(today, REDEEMED_DAYS_AGO), time(9, 1))
    story.append((at, _redeems(sari.id, budi)))
    for instant, happen in sorted(story, key=lambda told: told[0]):
        with clock.at(instant):
            with unit_of_work():
                happen()
            _told_of()
    with clock.at(_instant(_ago(today, READ_DAYS_AGO), time(21))), unit_of_work():
        inbox.read_all(sari.id)


def _told_of() -> None:
    """Her inbox keeps up, so that each notice bears the day it tells of."""
    with unit_of_work():
        planner.plan_events(clock.now(), EVENTS_MOST)


def _buys(member_id: int, budi: Staff, visit: Visit) -> Callable[[], object]:
    sale = Sale(
        key=f"demo:{visit.days_ago}",
        member_id=member_id,
        outlet_code=visit.outlet,
        amount_rupiah=visit.amount_rupiah,
        categories=frozenset({visit.category}),
        eco=visit.eco,
    )
    return lambda: shop.record(sale, budi)


def _checks_in(member_id: int) -> Callable[[], object]:
    return lambda: missions.check_in(member_id)


def _redeems(member_id: int, budi: Staff) -> Callable[[], object]:
    def redeem_and_use() -> None:
        voucher = redemption.redeem(member_id, REDEEMED, key="demo")
        vouchers.use(voucher.code, budi, "tebet", key="demo")

    return redeem_and_use


def _ago(today: date, days: int) -> date:
    return today - timedelta(days=days)


def _instant(on: date, at: time) -> datetime:
    return datetime.combine(on, at, clock.program_zone())
