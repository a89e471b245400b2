"""The tier page: where a member stands, what it takes, and what each tier brings."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, g
from flask_babel import format_decimal
from flask_babel import gettext as _

from pwa import languages
from pwa.program import service as program
from pwa.program.schema import Tier
from pwa.sessions import member_required
from pwa.tiers import service
from pwa.web import show

bp = Blueprint("tiers", __name__)


@bp.get("/tier")
@member_required
def tier() -> Response:
    tiers = program.current().tiers
    standing = service.standing(g.member.id)
    return show(
        "tiers/tier.html",
        standing=standing,
        tiers=[(languages.text(tier.name), tier.art) for tier in tiers],
        mine=tiers.index(standing.tier),
        rows=_rows(tiers),
    )


def _rows(tiers: tuple[Tier, ...]) -> list[tuple[str, list[Any]]]:
    """What differs, row by row: a figure for each tier, or whether it has the benefit."""
    rate = program.current().earning.rupiah_per_point
    rows: list[tuple[str, list[Any]]] = [
        (_("Belanja setahun"), [short_rupiah(tier.needs_points * rate) for tier in tiers]),
        (
            _("Poin tiap %(amount)s", amount=languages.rupiah(rate)),
            [_decimal(Fraction(tier.multiplier_percent, 100)) for tier in tiers],
        ),
    ]
    if any(tier.streak_freezes for tier in tiers):
        freezes = [languages.number(tier.streak_freezes) for tier in tiers]
        rows.append((_("Jatah libur runtun"), freezes))
    return rows + _benefits(tiers)


def _benefits(tiers: tuple[Tier, ...]) -> list[tuple[str, list[Any]]]:
    """A benefit holds for the tier that names it and for all above it."""
    return [
        (languages.text(benefit), [at >= place for at in range(len(tiers))])
        for place, tier in enumerate(tiers)
        for benefit in tier.benefits
    ]


def short_rupiah(amount: int) -> str:
    """500000 as Rp500 rb, 1000000 as Rp1 jt: a column on a phone is narrow."""
    for size, unit in ((1_000_000, _("jt")), (1_000, _("rb"))):
        if amount >= size:
            return f"Rp{_decimal(Fraction(amount, size))} {unit}"
    return languages.rupiah(amount)


def _decimal(value: Fraction) -> str:
    return str(format_decimal(float(value)))
