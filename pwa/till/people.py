"""A member who came to the till because she can't get in, or has two cards. For managers.

Whoever asks is checked first by a person: the code that is read out opens her account.
"""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from pwa import limits, outbox
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.limits import limiter
from pwa.members import access, codes, merging
from pwa.members import service as members
from pwa.members.models import Member
from pwa.members.phones import BadPhone
from pwa.rewards.forms import key_of, new_key
from pwa.sessions import staff_required
from pwa.till.blueprint import bp
from pwa.web import show


class NoSuchMember(LoyaltyError):
    code = "no_such_member"
    words = _l("Belum ada member dengan kartu atau nomor ini.")
    todo = _l("Periksa angkanya, atau tanya nomor HP lamanya.")


class NotChecked(LoyaltyError):
    code = "not_checked"
    words = _l("Orangnya belum dicek.")
    todo = _l("Cocokkan dulu, lalu centang.")


@bp.get("/people")
@limiter.limit(limits.CODE)
@staff_required("manager")
def people() -> AnyResponse:
    """Find a member by card or phone number."""
    typed = request.args.get("q", "").strip()
    if not typed:
        return show("till/people.html", typed="", refusal=None)
    return redirect(to("till.person", code=_find(typed).card_code), 303)


@bp.get("/people/<code>")
@staff_required("manager")
def person(code: str) -> Response:
    return _person(members.by_card(code))


@bp.post("/people/<code>/access-codes")
@limiter.limit(limits.LOGIN)
@staff_required("manager")
def give_access_code(code: str) -> Response:
    """A code for a new password, shown once, to be read out."""
    found = members.by_card(code)
    _require_check()
    made = access.till_code(g.staff, found)
    outbox.commit()
    return show("till/access_code.html", member=found, made=f"{made[:3]} {made[3:]}")


@bp.post("/people/<code>/phones")
@limiter.limit(limits.LOGIN)
@staff_required("manager")
def change_phone(code: str) -> AnyResponse:
    found = members.by_card(code)
    _require_check()
    access.change_phone_at_till(g.staff, found, request.form.get("phone", ""))
    outbox.commit()
    flash(_("Nomornya sudah diganti. Nomor lama diberi tahu."))
    return redirect(to("till.person", code=found.card_code), 303)


@bp.get("/people/<code>/merges")
@limiter.limit(limits.CODE)
@staff_required("manager")
def merge_form(code: str) -> Response:
    """What merging another card into this one would do, before anything is done."""
    typed = request.args.get("q", "").strip()
    planned = merging.plan(members.by_card(code), _find(typed)) if typed else None
    return _merge(members.by_card(code), typed, planned)


@bp.post("/people/<code>/merges")
@limiter.limit(limits.LOGIN)
@staff_required("manager")
def merge(code: str) -> AnyResponse:
    kept, closed = members.by_card(code), _looked_at(request.form.get("closed", ""))
    _require_check()
    merging.merge(kept, closed, key=f"till:{g.staff.id}:{key_of(request.form)}", staff=g.staff)
    outbox.commit()
    flash(_("Dua kartu sudah jadi satu. Kartu lama tetap bisa dipindai."))
    return redirect(to("till.person", code=kept.card_code), 303)


@bp.errorhandler(NoSuchMember)
@bp.errorhandler(NotChecked)
@bp.errorhandler(BadPhone)
@bp.errorhandler(access.PhoneHasCard)
@bp.errorhandler(merging.SameMember)
@bp.errorhandler(merging.AlreadyClosed)
@bp.errorhandler(merging.OwesPoints)
def _ask_again(refusal: LoyaltyError) -> Response:
    """The page that was filled in, with what is wrong and what was typed."""
    outbox.rollback()
    typed = request.values.get("q", "")
    code = (request.view_args or {}).get("code")
    if code is None:
        return show("till/people.html", status=refusal.status, typed=typed, refusal=refusal)
    found = members.by_card(code)
    if request.path.endswith("/merges"):
        return _merge(found, typed, None, refusal)
    return _person(found, refusal)


def _find(typed: str) -> Member:
    digits = "".join(c for c in typed if c.isdecimal())
    if codes.is_card_code(digits):
        return members.by_card(digits)
    try:
        found = members.by_phone(typed)
    except BadPhone:
        found = None
    if found is None:
        raise NoSuchMember()
    return found


def _looked_at(public_id: str) -> Member:
    """The very account that was shown: by its card, a merged one would be the other."""
    found = db.session.scalar(select(Member).where(Member.public_id == public_id))
    if found is None:
        raise NoSuchMember()
    return found


def _require_check() -> None:
    if request.form.get("checked") != "1":
        raise NotChecked()


def _person(found: Member, refusal: LoyaltyError | None = None) -> Response:
    return show(
        "till/person.html",
        status=refusal.status if refusal else 200,
        member=found,
        number=members.card_text(found),
        phone=access.hidden(found.phone or ""),
        balance=ledger.balance(found.id),
        refusal=refusal,
        typed=request.form.get("phone", ""),
    )


def _merge(kept: Member, typed: str, planned: Any, refusal: LoyaltyError | None = None) -> Response:
    return show(
        "till/merge.html",
        status=refusal.status if refusal else 200,
        member=kept,
        number=members.card_text(kept),
        balance=ledger.balance(kept.id),
        plan=planned,
        other_number=members.card_text(planned.closed) if planned else "",
        other_phone=access.hidden(planned.closed.phone or "") if planned else "",
        typed=typed,
        key=new_key(),
        refusal=refusal,
    )
