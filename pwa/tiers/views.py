"""The tier page: where a member stands, what it takes, and what each tier brings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g
from flask_babel import gettext as _

from pwa import languages
from pwa.program import service as program
from pwa.program.schema import Tier
from pwa.sessions import member_required
from pwa.tiers import service, words
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
        short=words.short_of(standing.missing),
        needs=words.bars(standing),
        notes=(words.period_note(standing), words.keep_note(standing), words.rules_note()),
        tiers=[(languages.text(tier.name), tier.art) for tier in tiers],
        mine=tiers.index(standing.tier),
        rows=_rows(tiers),
    )


def _rows(tiers: tuple[Tier, ...]) -> list[tuple[str, list[Any]]]:
    """What differs, row by row: a figure for each tier, or whether it has the benefit."""
    rate = program.current().earning.rupiah_per_point
    multiplied = [languages.decimal(tier.multiplier_percent, 100) for tier in tiers]
    rows: list[tuple[str, list[Any]]] = [
        *words.needs_rows(tiers),
        (_("Poin tiap %(amount)s", amount=languages.rupiah(rate)), multiplied),
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
