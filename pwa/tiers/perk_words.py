"""Perks in words: how often there is one, and what she has used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from pwa import languages
from pwa.languages import number
from pwa.program.schema import Perk, Tier
from pwa.tiers import perks
from pwa.tiers.perks import Share

Row = tuple[str, list[Any]]


def often(perk: Perk) -> str:
    """2× sebulan; a birthday says how long its window is."""
    if perk.every == "birthday":
        return str({"day": _("hari itu"), "week": _("7 hari"), "month": _("sebulan")}[perk.window])
    each = {"month": _("%(n)s× sebulan", n=perk.times), "year": _("%(n)s× setahun", n=perk.times),
            "quarter": _("%(n)s× per 3 bulan", n=perk.times)}  # fmt: skip
    return str(each[perk.every])


def used(share: Share) -> str:
    """What she has used of it, and when it can be had again."""
    perk = share.perk
    parts = []
    if perk.every != "birthday":
        span = {"month": _("bulan ini"), "year": _("tahun ini"), "quarter": _("kuartal ini")}
        facts = {"used": number(share.used), "times": number(perk.times), "span": span[perk.every]}
        parts.append(_("Terpakai %(used)s dari %(times)s %(span)s.", **facts))
    if perk.every in ("month", "quarter") and share.used_year:
        parts.append(ngettext("Sekali tahun ini.", "%(num)s kali tahun ini.", share.used_year))
    if share.why_not:
        parts += (
            [share.why_not.advice] if share.used else [share.why_not.title, share.why_not.advice]
        )
    elif share.window:
        last = languages.day(share.window.end)
        parts.append(_("Bisa diambil dan dipakai sampai %(day)s.", day=last))
    elif perk.code == perks.DOUBLE_DAY:
        parts.append(_("Berlaku mulai kamu menekan tombolnya sampai tengah malam."))
    return " ".join(str(part) for part in parts)


def rows(tiers: Sequence[Tier]) -> list[Row]:
    """The rows of the comparison about perks: how often, or no."""
    found: dict[str, tuple[Perk, list[Any]]] = {}
    for place, tier in enumerate(tiers):
        for perk in perks.offered_by(tier):
            name = "birthday" if perk.every == "birthday" else perk.code
            _first, values = found.setdefault(name, (perk, [False] * len(tiers)))
            values[place] = often(perk)
    told = [(_label(perk), values) for perk, values in found.values()]
    if any(tier.early_hours for tier in tiers):
        hours = [_("%(n)s jam", n=t.early_hours) if t.early_hours else False for t in tiers]
        told.append((str(_("Hadiah baru lebih awal")), hours))
    if any(tier.priority for tier in tiers):
        told.append((str(_("Didahulukan di kasir")), [tier.priority for tier in tiers]))
    return told


def _label(perk: Perk) -> str:
    return str(_("Hadiah ulang tahun")) if perk.every == "birthday" else languages.text(perk.name)
