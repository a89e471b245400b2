"""The catalogue, a reward's page, redeeming it, and a member's vouchers."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import languages, limits, outbox, qr
from pwa.ledger import service as ledger
from pwa.limits import limiter
from pwa.members import codes
from pwa.members import service as members
from pwa.members.models import Member
from pwa.program import service as program
from pwa.program.schema import Reward
from pwa.rewards import catalogue, favourites, gifts, paths, service, signing, windows
from pwa.rewards.catalogue import Offer
from pwa.rewards.forms import key_of, new_key
from pwa.rewards.models import VoucherGift
from pwa.sessions import member_required
from pwa.tiers import service as tiers
from pwa.web import show

bp = Blueprint("rewards", __name__)
NOW, LOVED = "bisa", "favorit"  # filters beside the categories
MOST_CHARS = 40


@bp.get("/rewards")
@member_required
def rewards() -> Response:
    spendable = ledger.balance(g.member.id).spendable
    tier = tiers.tier_of(g.member.id)
    offers = service.offers(g.member.id, spendable, tier)
    wanted, typed = (
        request.args.get("saring", ""),
        request.args.get("cari", "").strip()[:MOST_CHARS],
    )
    loved = favourites.of_member(g.member.id)
    aim = service.nearest(o for o in offers if o.reward.code in loved) or service.nearest(offers)
    found = [offer for offer in catalogue.matching(offers, typed) if _fits(offer, wanted, loved)]
    return show(
        "rewards/rewards.html",
        spendable=spendable,
        path=paths.to(aim, g.member, tier) if not (wanted or typed) else None,
        shelves=catalogue.shelves(found),
        filters=_filters(offers, wanted),
        wanted=wanted,
        typed=typed,
    )


@bp.get("/rewards/<code>")
@member_required
def reward(code: str) -> Response:
    spendable = ledger.balance(g.member.id).spendable
    tier = tiers.tier_of(g.member.id)
    offer = service.offer(code, g.member.id, spendable, tier)
    return show(
        "rewards/reward.html",
        offer=offer,
        spendable=spendable,
        path=paths.to(offer, g.member, tier) if offer.is_near else None,
        places=_places(offer.reward),
        hours=windows.hours_in_words(offer.reward),
        is_loved=code in favourites.of_member(g.member.id),
        key=new_key(),
    )


@bp.post("/rewards/<code>/favourites")
@member_required
def love(code: str) -> AnyResponse:
    favourites.keep(g.member.id, code)
    outbox.commit()
    return redirect(to("rewards.reward", code=code), 303)


@bp.post("/rewards/<code>/favourites/end")
@member_required
def unlove(code: str) -> AnyResponse:
    favourites.drop(g.member.id, code)
    outbox.commit()
    return redirect(to("rewards.reward", code=code), 303)


@bp.post("/rewards/<code>/redemptions")
@member_required
def redeem(code: str) -> AnyResponse:
    if members.step_up_needed(g.member):
        return redirect(to("members.confirm_form", next=to("rewards.reward", code=code)), 303)
    voucher = service.redeem(g.member.id, code, key_of(request.form))
    outbox.commit()
    return redirect(to("rewards.voucher", code=voucher.code), 303)


@bp.get("/vouchers")
@member_required
def vouchers() -> Response:
    return show(
        "rewards/vouchers.html",
        active=[(v, service.reward_of(v)) for v in service.active_vouchers(g.member.id)],
        past=[
            (v, service.reward_of(v), service.state_of(v))
            for v in service.past_vouchers(g.member.id)
        ],
        gifts=_gifts(),
        in_fours=codes.in_fours,
    )


@bp.post("/vouchers/<code>/gifts")
@limiter.limit(limits.LOGIN)  # an answer says whether a number has a card
@member_required
def give(code: str) -> AnyResponse:
    if members.step_up_needed(g.member):
        return redirect(to("members.confirm_form", next=to("rewards.voucher", code=code)), 303)
    gifts.offer(code, g.member, request.form.get("phone", ""), key_of(request.form))
    outbox.commit()
    flash(_("Sudah dikirim. Kalau tidak diterima dalam sehari, vouchernya kembali."))
    return redirect(to("rewards.vouchers"), 303)


@bp.post("/gifts/<int:gift_id>/acceptances")
@member_required
def accept(gift_id: int) -> AnyResponse:
    received = gifts.accept(gift_id, g.member.id)
    outbox.commit()
    return redirect(to("rewards.voucher", code=received.code), 303)


@bp.post("/gifts/<int:gift_id>/returns")
@member_required
def decline(gift_id: int) -> AnyResponse:
    gifts.decline(gift_id, g.member.id)
    outbox.commit()
    return redirect(to("rewards.vouchers"), 303)


@bp.get("/vouchers/<code>")
@member_required
def voucher(code: str) -> Response:
    found = service.of_member(code, g.member.id)
    shown = codes.in_fours(found.code)
    return show(
        "rewards/voucher.html",
        voucher=found,
        last_on=found.last_at.astimezone(languages.zone()).date(),
        reward=service.reward_of(found),
        state=service.state_of(found),
        shown=shown,
        key=new_key(),
        code=qr.svg(signing.text_of(found), _("Kode QR voucher %(code)s", code=shown)),
    )


def _gifts() -> list[tuple[VoucherGift, Reward, Member]]:
    """What others offer her, with what it is and who offers it."""
    found = gifts.open_gifts(g.member.id)
    givers = members.by_ids([gift.from_member_id for gift in found])
    return [(x, service.reward_of(gifts.voucher_of(x)), givers[x.from_member_id]) for x in found]


def _places(reward: Reward) -> str:
    found = program.current()
    named = [outlet for outlet in found.outlets if outlet.code in reward.outlets]
    if not named and len(found.outlets) > 1:
        return str(_("Semua gerai %(shop)s", shop=found.program.name))
    return ", ".join(languages.text(outlet.name) for outlet in named or found.outlets)


def _fits(offer: Offer, wanted: str, loved: frozenset[str]) -> bool:
    if wanted == NOW:
        return offer.why_not is None
    if wanted == LOVED:
        return offer.reward.code in loved
    return not wanted or offer.reward.category == wanted


def _filters(offers: Sequence[Offer], wanted: str) -> list[tuple[str, str, bool]]:
    """The chips above the catalogue: (text, address, whether it is the chosen one)."""
    choices = [("", _("Semua")), (NOW, _("Bisa ditukar")), (LOVED, _("Favorit"))]
    for category in dict.fromkeys(offer.reward.category for offer in offers):
        choices.append((category, program.category_name(category)))
    return [
        (text, to("rewards.rewards", saring=code or None), code == wanted) for code, text in choices
    ]
