"""The till without a network: what it keeps, what it tells later, and what the owner sees of it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from flask import Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from pwa import languages, outbox
from pwa.clock import now
from pwa.db import db
from pwa.limits import limiter
from pwa.members import service as members
from pwa.program import service as program
from pwa.program.schema import Reward
from pwa.rewards import service as rewards
from pwa.sessions import staff_required
from pwa.shell.identity import identity
from pwa.shell.wiring import asset, style_css
from pwa.staff.models import Staff
from pwa.till import forms, offline, service
from pwa.till.blueprint import bp
from pwa.till.models import OfflineAct
from pwa.web import show

SYNC = "600 per minute"  # a morning without a network, told at once
ASSETS = ("app.js", "keypad.js", "scan.js", "till.js", "goods.js", "desk.js",
          "plus-jakarta-sans-latin-wght-normal.woff2")  # fmt: skip
SCANNER = ("vendor/qr-scanner.min.js", "vendor/qr-scanner-worker.min.js")


@bp.get("/offline")
def offline_page() -> Response:
    """A shell, the same for everybody; a till keeps it, and static/js/desk.js fills it."""
    with force_locale(identity().lang):
        response = show("till/offline.html")
    response.headers["Cache-Control"] = "public, max-age=0"
    return response


@bp.get("/offline.json")
@staff_required()
def offline_data() -> Response:
    """What a till needs to check vouchers and queue its acts until the network is back."""
    outlet = service.outlet_of(g.staff)
    found = program.current()
    files = [
        url_for("till.offline_page"),
        style_css(),
        *(asset(name) for name in ASSETS),
        *(url_for("static", filename=name) for name in SCANNER),
    ]
    return jsonify(
        now=now().isoformat(),
        files=files,
        version=hashlib.sha256(" ".join(files).encode()).hexdigest()[:12],
        who=offline.pass_for(g.staff, outlet.code),
        staff=str(g.staff.id),
        name=g.staff.name,
        outlet=outlet.code,
        outlet_name=languages.text(outlet.name),
        zone=found.program.zone,
        key=rewards.public_key(),
        most_rupiah=found.till.offline_most_rupiah,
        total_rupiah=found.till.offline_total_rupiah,
        rewards={reward.code: _reward(reward) for reward in found.rewards},
        shelf=render_template("till/_shelf.html", shelf=service.shelf()),
        spent=list(rewards.spent_codes()),
        csrf_token=generate_csrf(),
    )


@bp.get("/key")
def public_key() -> Response:
    """What vouchers' signatures are checked against, as this process has it: nobody's secret."""
    response = jsonify(key=rewards.public_key())
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/offline-acts")
@limiter.limit(SYNC)
@staff_required()
def tell_offline() -> Response:
    """One act of the queue. Told twice, it is judged once; the answer says what came of it."""
    act = offline.reconcile(forms.told(request.form), g.staff, service.outlet_of(g.staff).code)
    outbox.commit()
    return jsonify(result=act.result, reason=act.reason, subject=act.subject)


@bp.get("/offline-acts")
@staff_required("manager")
def offline_acts() -> Response:
    """What tills did without a network: first what somebody has to look at."""
    open_ = offline.open_acts()
    done = [act for act in offline.recent_acts() if act.id not in {each.id for each in open_}]
    names = _staff_names([*open_, *done])
    return show(
        "till/offline_acts.html",
        open=[_in_words(act, names) for act in open_],
        done=[_in_words(act, names) for act in done],
    )


@bp.post("/offline-acts/<int:act_id>/views")
@staff_required("manager")
def see_offline_act(act_id: int) -> AnyResponse:
    offline.see(act_id, g.staff)
    outbox.commit()
    flash(_("Sudah dicatat."))
    return redirect(url_for("till.offline_acts"), 303)


def _reward(reward: Reward) -> dict[str, Any]:
    """What the till shows and checks of a reward by itself."""
    return {
        "name": languages.text(reward.name),
        "hand_over": languages.text(reward.hand_over),
        "charge": rewards.to_charge(reward),
        "minimum": reward.minimum_rupiah,
        "outlets": reward.outlets,
        "weekdays": reward.weekdays,
        "from_time": reward.from_time,
        "until_time": reward.until_time,
        "use_from": reward.use_from.isoformat() if reward.use_from else None,
    }


def _staff_names(acts: list[OfflineAct]) -> dict[int, str]:
    ids = {act.staff_id for act in acts} | {act.facts.get("used_by") or 0 for act in acts}
    return {one.id: one.name for one in db.session.scalars(select(Staff).where(Staff.id.in_(ids)))}


def _in_words(act: OfflineAct, names: dict[int, str]) -> dict[str, Any]:
    """An act as the owner reads it."""
    reward = program.current().reward(act.facts.get("reward", ""))
    owner = members.by_ids([act.facts["member_id"]]) if "member_id" in act.facts else {}
    return {
        "act": act,
        "shown": offline.shown(act),
        "what": languages.text(reward.name) if reward else "",
        "by": _at(names.get(act.staff_id, "?"), act.outlet_code, act.made_at),
        "first": _first_use(act, names),
        "member": next((each.name for each in owner.values()), ""),
        "why": _why(act.reason),
    }


def _first_use(act: OfflineAct, names: dict[int, str]) -> str:
    """The use that counts, where this one was the second."""
    at = act.facts.get("used_at")
    if at is None:
        return ""
    who = names.get(act.facts.get("used_by") or 0, _("seseorang"))
    return _at(who, act.facts.get("used_outlet") or "", datetime.fromisoformat(at))


def _at(name: str, outlet_code: str, at: datetime) -> str:
    outlet = program.current().outlet(outlet_code)
    place = languages.text(outlet.name) if outlet else outlet_code
    return ", ".join(part for part in (name, place, languages.moment(at)) if part)


def _why(reason: str) -> str:
    rules = program.current().till
    words = {
        "over_each": _("Lebih mahal dari batas satu voucher tanpa sinyal, %(most)s.",
                       most=languages.rupiah(rules.offline_most_rupiah)),
        "over_total": _("Voucher tanpa sinyal di kasir itu lebih dari batas semuanya, %(total)s.",
                        total=languages.rupiah(rules.offline_total_rupiah)),
        "already_used": _("Voucher ini sudah dipakai sebelumnya."),
        "voucher_expired": _("Vouchernya sudah lewat waktu itu."),
        "voucher_cancelled": _("Vouchernya sudah dibatalkan."),
        "no_such_voucher": _("Vouchernya tidak dikenal: kodenya sudah diganti atau pindah tangan."),
        "voucher_forged": _("Tanda tangan vouchernya bukan dari toko."),
        "no_such_card": _("Kartunya tidak dikenal."),
        "stale_card": _("Kode kartunya sudah lewat waktu itu."),
        "forged_card": _("Kode kartunya bukan buatan toko."),
        "cashier_limit": _("Batas poin kasir hari itu terlampaui."),
    }  # fmt: skip
    return str(words.get(reason, _("Tidak bisa dicatat.")))
