"""The tier page: where a member stands, what it takes, and what each tier brings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import languages, outbox
from pwa.program import service as program
from pwa.program.schema import Tier
from pwa.rewards.forms import key_of, new_key
from pwa.sessions import member_required
from pwa.tiers import perk_words, perks, service, words
from pwa.web import show

bp = Blueprint("tiers", __name__)


@bp.get("/tier")
@member_required
def tier() -> Response:
    tiers = program.current().tiers
    standing = service.standing(g.member.id)
    shares = perks.shares(g.member.id, standing.tier)
    return show(
        "tiers/tier.html",
        standing=standing,
        short=words.short_of(standing.missing),
        needs=words.bars(standing),
        notes=(words.period_note(standing), words.keep_note(standing), words.rules_note()),
        shares=[(share, perk_words.used(share)) for share in shares],
        tiers=[(languages.text(tier.name), tier.art) for tier in tiers],
        mine=tiers.index(standing.tier),
        rows=_rows(tiers),
        key=new_key(),
    )


@bp.get("/tiers")
def tiers() -> Response:
    """The comparison, for everybody: what there is to climb to."""
    found = program.current().tiers
    return show(
        "tiers/tiers.html",
        tiers=[(languages.text(tier.name), tier.art) for tier in found],
        rows=_rows(found),
        rules=words.rules_note(),
    )


@bp.post("/tier/perks/<code>")
@member_required
def take_perk(code: str) -> AnyResponse:
    taken = perks.take(g.member.id, code, key_of(request.form))
    outbox.commit()
    if taken.voucher_code:
        return redirect(to("rewards.voucher", code=taken.voucher_code), 303)
    flash(_("Hari ini poinmu ganda.") if code == perks.DOUBLE_DAY else _("Sudah masuk."))
    return redirect(to("tiers.tier"), 303)


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
    return rows + perk_words.rows(tiers) + _benefits(tiers)


def _benefits(tiers: tuple[Tier, ...]) -> list[tuple[str, list[Any]]]:
    """A benefit holds for the tier that names it and for all above it."""
    return [
        (languages.text(benefit), [at >= place for at in range(len(tiers))])
        for place, tier in enumerate(tiers)
        for benefit in tier.benefits
    ]
