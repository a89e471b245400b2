"""The till's screens: one field for every code, a purchase, a voucher."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, current_app, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from pwa import limits, outbox, qr
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.limits import limiter
from pwa.members import card_codes, codes
from pwa.members import service as members
from pwa.members.models import Member
from pwa.program import service as program
from pwa.rewards import service as rewards
from pwa.rewards.errors import VoucherRefused
from pwa.rewards.forms import key_of, new_key
from pwa.sessions import staff_required
from pwa.shop import claims, refunds, vouchers
from pwa.shop import service as shop
from pwa.shop.models import Purchase
from pwa.shop.sales import Sale
from pwa.staff import service as staff_service
from pwa.tiers import service as tiers
from pwa.till import (
    accounts,
    crew,
    forms,
    office,
    offline,
    offline_views,
    people,
    returns,
    service,
    tier_grants,
)  # fmt: skip
from pwa.till.blueprint import bp
from pwa.web import refuse, show, wants_json

__all__ = ["accounts", "bp", "crew", "office", "offline_views", "people", "returns", "tier_grants"]
ADDRESSES = {
    forms.CARD: "till.member",
    forms.VOUCHER: "till.voucher",
    forms.RECEIPT: "till.receipt",
}
RECENT_ON_HOME = 3
VOUCHERS_MOST = 5  # with one purchase


@bp.get("")
@staff_required()
def home() -> Response:
    return _home()


@bp.post("/codes")
@limiter.limit(limits.CODE)
@staff_required()
def scan() -> AnyResponse:
    """One field for every code: its shape says where it leads. A voucher is held for this till."""
    found = forms.scanned(request.form.get("code", ""))
    if found.kind == forms.VOUCHER and rewards.reserve(found.code, g.staff):
        outbox.commit()
    return redirect(to(ADDRESSES[found.kind], code=found.code), 303)


@bp.get("/members/<code>")
@limiter.limit(limits.CODE)
@staff_required()
def member(code: str) -> Response:
    return _member(members.by_card(code))


@bp.get("/members/<code>/quotes")
@staff_required()
def quotes(code: str) -> Response:
    """What the amount typed so far would earn. Reads only; htmx asks as keys fall."""
    found = members.by_card(code)
    amount = forms.rupiah_or_none(request.args.get("amount", ""))
    asked = _sale(found, request.args, amount, "preview") if amount else None
    given = shop.preview(asked) if asked else None
    return show(
        "till/_quote.html",
        quote=given,
        pay=asked.amount_rupiah if asked and asked.vouchers else None,
        member=found,
        lines=service.explained(given) if given else [],
        goods=service.explained_goods(given) if given else [],
        why=service.why_nothing(given) if given else "",
    )


@bp.post("/members/<code>/purchases")
@limiter.limit(limits.CODE)
@staff_required()
def purchase(code: str) -> AnyResponse:
    found = members.by_card(code)
    amount = forms.rupiah(request.form.get("amount", ""))
    recorded = shop.record(_sale(found, request.form, amount, key_of(request.form)), g.staff)
    outbox.commit()
    return redirect(to("till.receipt", code=recorded.code), 303)


@bp.get("/purchases")
@staff_required()
def purchases() -> Response:
    recent = _with_members(shop.recent_of_staff(g.staff.id))
    return show("till/purchases.html", recent=recent)


@bp.get("/receipts/<code>")
@limiter.limit(limits.CODE)
@staff_required()
def receipt(code: str) -> Response:
    found = shop.by_code(code)
    given = shop.quote_of(found)
    shown = shop.code_text(found)
    return show(
        "till/receipt.html",
        purchase=found,
        member=members.get(found.member_id) if found.member_id else None,
        outlet=program.current().outlet(found.outlet_code),
        lines=service.explained(given),
        why=service.why_nothing(given),
        shown=shown,
        claim_until=claims.last_at(found),
        handed_in=[(one, service.fate_in_words(one)) for one in vouchers.of_purchase(found.id)],
        can_refund=refunds.why_not(found, g.staff) is None and refunds.left_rupiah(found) > 0,
        code=qr.svg(_scannable(found), _("Kode QR struk %(code)s", code=shown)),
    )


@bp.get("/vouchers/<code>")
@limiter.limit(limits.CODE)
@staff_required()
def voucher(code: str) -> Response:
    found = rewards.by_code(code)
    owner = members.get(found.member_id)
    outlet = service.outlet_of(g.staff).code
    used_here = found.use_key is not None and found.use_key == rewards.use_key(
        g.staff, request.args.get("key", "")
    )
    amount = forms.rupiah_or_none(request.args.get("amount", ""))
    if not used_here and (refusal := rewards.why_not(found, g.staff.id, outlet)):
        return _refused(refusal)
    reward = rewards.reward_of(found)
    return show(
        "till/voucher.html",
        voucher=found,
        reward=reward,
        member=owner,
        tier=tiers.tier_of(owner.id),
        is_used=used_here,
        amount=amount,
        off=rewards.takes_off(found, amount or 0),
        charge=rewards.to_charge(reward),
        shown=codes.in_fours(found.code),
        key=new_key(),
    )


@bp.post("/vouchers/<code>/uses")
@limiter.limit(limits.CODE)
@staff_required()
def use(code: str) -> AnyResponse:
    key = key_of(request.form)
    amount = forms.rupiah_or_none(request.form.get("amount", ""))
    used = rewards.use(code, g.staff, service.outlet_of(g.staff).code, key, amount)
    outbox.commit()
    return redirect(to("till.voucher", code=used.code, key=key, amount=amount), 303)


@bp.errorhandler(VoucherRefused)
def _refuse_voucher(refusal: VoucherRefused) -> Response:
    if wants_json():
        return refuse(refusal)
    outbox.rollback()
    return _refused(refusal)


@bp.errorhandler(forms.UnknownCode)
@bp.errorhandler(members.NoSuchCard)
@bp.errorhandler(card_codes.StaleCard)
@bp.errorhandler(card_codes.ForgedCard)
@bp.errorhandler(shop.NoSuchReceipt)
def _ask_for_the_code_again(refusal: forms.UnknownCode) -> Response:
    if wants_json():
        return refuse(refusal)
    outbox.rollback()
    return _home(refusal)


@bp.errorhandler(shop.BadAmount)
@bp.errorhandler(vouchers.NothingToPay)
def _ask_for_the_amount_again(refusal: LoyaltyError) -> Response:
    code = (request.view_args or {}).get("code")
    if wants_json() or request.endpoint != "till.purchase" or code is None:
        return refuse(refusal)
    outbox.rollback()
    return _member(members.by_card(code), refusal)


def _home(refusal: forms.UnknownCode | None = None) -> Response:
    return show(
        "till/home.html",
        status=refusal.status if refusal else 200,
        outlet=service.outlet_of(g.staff),
        recent=_with_members(shop.recent_of_staff(g.staff.id, limit=RECENT_ON_HOME)),
        typed=forms.readable(request.form.get("code", "")),
        camera=request.args.get("kamera") == "1",
        crew=crew.others(),
        trouble=offline.count_open() if staff_service.may(g.staff, "manager") else 0,
        refusal=refusal,
        is_manager=staff_service.may(g.staff, "manager"),
    )


def _member(found: Member, refusal: LoyaltyError | None = None) -> Response:
    return show(
        "till/member.html",
        status=refusal.status if refusal else 200,
        member=found,
        balance=ledger.balance(found.id),
        tier=tiers.tier_of(found.id),
        categories=service.categories(),
        category_name=program.category_name,
        ticked=forms.categories(request.form, service.categories()),
        shelf=service.shelf(),
        picked=forms.picked(request.form),
        eco=service.has_eco_goods(),
        key=request.form.get("key") or new_key(),
        typed=request.values.get("amount", ""),
        waiting=[
            (each.code, service.voucher_name(each))
            for each in vouchers.waiting(found.id, g.staff.id)
        ],
        refusal=refusal,
    )


def _refused(refusal: VoucherRefused) -> Response:
    """The red screen. What was scanned is named even when we don't know it."""
    typed = (request.view_args or {}).get("code", "")
    found = rewards.find(typed)
    return show(
        "till/refused.html",
        status=refusal.status,
        refusal=refusal,
        reward=rewards.reward_of(found) if found else None,
        member=members.get(found.member_id) if found else None,
        shown=codes.in_fours(rewards.plain_code(typed)),
    )


def _scannable(found: Purchase) -> str:
    """What the receipt's QR says: the code, or the page where its points can be claimed."""
    if found.member_id is not None:
        return found.code
    return f"{current_app.config['SETIA'].public_url}/receipts/{found.code}"


def _sale(found: Member, form: MultiDict[str, str], amount_rupiah: int, key: str) -> Sale:
    ticked = forms.categories(form, service.categories())
    said = dict.fromkeys(form.getlist("voucher"))  # each once
    handed_in = [rewards.by_code(code) for code in list(said)[:VOUCHERS_MOST]]
    return service.sale(
        g.staff,
        found.id,
        amount_rupiah,
        key,
        ticked,
        form.get("eco") == "1",
        handed_in,
        forms.goods(form),
    )


def _with_members(found: Sequence[Purchase]) -> list[tuple[Purchase, Member | None]]:
    """Purchases with who bought, in one more statement."""
    known = members.by_ids([p.member_id for p in found if p.member_id])
    return [(p, known.get(p.member_id or 0)) for p in found]
