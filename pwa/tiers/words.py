"""Tiers in words: what is missing, how long a period is, and what the rules are."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from pwa import languages
from pwa.languages import number, rupiah
from pwa.program import service as program
from pwa.program.schema import Tier
from pwa.tiers.rules import Counted
from pwa.tiers.service import Standing, in_rupiah


class Bar(NamedTuple):
    """How far one of the needs of the next tier is met."""

    text: str
    done: int
    goal: int


def short_of(wanted: Counted) -> str:
    """Rp180.000, or 3 belanja, or Rp180.000 dan 3 belanja."""
    return purchases(in_rupiah(wanted), wanted.orders)


def purchases(amount_rupiah: int, times: int) -> str:
    """So much money and so many purchases; one is made with the money anyway."""
    if not amount_rupiah:
        return orders(times)
    if times <= 1:
        return rupiah(amount_rupiah)
    return str(_("%(money)s dan %(orders)s", money=rupiah(amount_rupiah), orders=orders(times)))


def orders(count: int) -> str:
    return str(ngettext("%(num)s belanja", "%(num)s belanja", count))


def bars(standing: Standing) -> list[Bar]:
    """One for each need of the next tier."""
    if standing.next is None:
        return []
    has, needs = standing.counted, Counted(*standing.next.needs)
    told = (
        _("%(points)s dari %(goal)s poin belanja", points=number(has.points),
          goal=number(needs.points)),
        _("%(done)s dari %(goal)s", done=rupiah(has.rupiah), goal=rupiah(needs.rupiah)),
        _("%(done)s dari %(goal)s belanja", done=number(has.orders), goal=number(needs.orders)),
    )  # fmt: skip
    each = zip(told, has, needs, strict=True)
    return [Bar(str(text), min(done, goal), goal) for text, done, goal in each if goal]


def period_note(standing: Standing) -> str:
    """Until when, or since when, purchases count."""
    rules = program.current().tiering
    if rules.period == "rolling":
        return str(_("Yang dihitung belanja %(months)s bulan terakhir.", months=rules.months))
    return str(_("Belanja sampai %(day)s.", day=languages.day(standing.period.end, "d MMMM")))


def keep_note(standing: Standing) -> str:
    """How long she holds her tier, and what it takes to stay; empty for the first one."""
    if standing.kept_until is None:
        return ""
    facts = {
        "tier": languages.text(standing.tier.name),
        "until": languages.day(standing.kept_until, "d MMMM y"),
    }
    if not any(standing.keep):
        return str(_("%(tier)s kamu pegang sampai %(until)s.", **facts))
    is_rolling = program.current().tiering.period == "rolling"
    by = standing.kept_until if is_rolling else standing.period.end
    return str(
        _(
            "%(tier)s kamu pegang sampai %(until)s. Belanja %(short)s lagi sampai %(day)s supaya "
            "tetap di sini lebih lama.",
            short=short_of(standing.keep), day=languages.day(by, "d MMMM"), **facts,
        )
    )  # fmt: skip


def rules_note() -> str:
    """The rules in a sentence or two, for the table's foot."""
    rules = program.current().tiering
    if rules.period == "calendar" and rules.months == 12:
        stays = _(
            "Naik langsung saat syaratnya tercapai, dan bertahan sampai akhir tahun berikutnya."
        )
    elif rules.period == "rolling":
        stays = _("Naik langsung saat syaratnya tercapai, dan bertahan %(months)s bulan.",
                  months=rules.months)  # fmt: skip
    elif rules.period == "membership":
        stays = _(
            "Naik langsung saat syaratnya tercapai, dan bertahan sampai akhir masa berikutnya. "
            "Satu masa %(months)s bulan, mulai dari hari kamu bergabung.", months=rules.months,
        )  # fmt: skip
    else:
        stays = _(
            "Naik langsung saat syaratnya tercapai, dan bertahan sampai akhir masa berikutnya. "
            "Satu masa %(months)s bulan, mulai Januari.", months=rules.months,
        )  # fmt: skip
    if rules.landing == "one_down":
        stays += " " + _("Setelah itu turun satu tingkat saja, bukan langsung ke bawah.")
    return str(stays)


def needs_rows(tiers: tuple[Tier, ...]) -> list[tuple[str, list[str]]]:
    """The first rows of the comparison: what each tier asks for."""
    rules = program.current().tiering
    money = [in_rupiah(Counted(*tier.needs)) for tier in tiers]
    rows: list[tuple[str, list[str]]] = []
    if any(money):
        yearly = rules.months == 12
        label = _("Belanja setahun") if yearly else _("Belanja %(n)s bulan", n=rules.months)
        rows.append((str(label), [short_rupiah(amount) for amount in money]))
    if any(tier.needs_orders for tier in tiers):
        rows.append((str(_("Berapa kali belanja")), [number(tier.needs_orders) for tier in tiers]))
    return rows


def short_rupiah(amount: int) -> str:
    """500000 as Rp500 rb, 1000000 as Rp1 jt: a column on a phone is narrow."""
    for size, unit in ((1_000_000, _("jt")), (1_000, _("rb"))):
        if amount >= size:
            return f"Rp{languages.decimal(amount, size)} {unit}"
    return rupiah(amount)
