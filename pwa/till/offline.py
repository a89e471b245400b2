"""What a till did without a network: judged once it tells us. Callers commit.

Nothing here undoes what happened at the counter. A purchase is recorded as of its time, a first
use of a voucher counts, and whatever can't be true is kept for the owner to look at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import func, select, update

from pwa import clock, outbox
from pwa.campaigns.quote import Good
from pwa.clock import now
from pwa.db import claim, db
from pwa.errors import KeyReused, LoyaltyError
from pwa.members import card_codes, codes
from pwa.members import service as members
from pwa.program import service as program
from pwa.rewards import service as rewards
from pwa.rewards.models import Voucher
from pwa.shop import service as shop
from pwa.shop.sales import Sale
from pwa.staff import service as staff_service
from pwa.staff.models import Staff
from pwa.till import service
from pwa.till.models import OfflineAct

OLDEST = timedelta(days=7)  # a till that was away for longer has its times cut to this
LIST_MOST = 50
DOUBLE = "already_used"
OVER_EACH, OVER_TOTAL = "over_each", "over_total"


class Desk(NamedTuple):
    """Who was at which till, and since when it had not heard from us."""

    staff: Staff
    outlet_code: str
    since_at: datetime


class Told(NamedTuple):
    """One act as the till tells it."""

    kind: str  # voucher or purchase
    key: str  # the till's own, one for each act
    code: str  # what was scanned or typed
    made_at: datetime
    amount_rupiah: int = 0
    categories: tuple[str, ...] = ()
    eco: bool = False
    goods: tuple[Good, ...] = ()
    who: str = ""  # the signed name of who was at the till


def pass_for(staff: Staff, outlet_code: str) -> str:
    """Says later, when somebody else may be logged in, who was at the till and where."""
    return str(_signer().dumps([staff.id, outlet_code, now().timestamp()]))


def reconcile(told: Told, sender: Staff, outlet_code: str) -> OfflineAct:
    """Judge one act, exactly once for its key; what came of it.

    Raises KeyReused for the same key with another act.
    """
    desk = _desk(told.who, sender, outlet_code)
    told = told._replace(made_at=min(max(told.made_at, now() - OLDEST), now()))
    row = _blank(told, desk, sender)
    act, is_ours = claim(row, key=row.key)
    if not is_ours:
        if act.digest != row.digest:
            raise KeyReused()
        return act
    try:
        with db.session.begin_nested():
            _do(act, told, desk.staff)
    except LoyaltyError as refusal:
        _refuse(act, refusal)
    staff_service.record(
        sender, "till.reconciled", act.subject,
        after={"result": act.result, "reason": act.reason, "by": act.staff_id,
               "outlet": act.outlet_code},
    )  # fmt: skip
    return act


def open_acts() -> Sequence[OfflineAct]:
    """What nobody has looked at yet: double uses, what passed the owner's limits, and what was
    refused. Oldest first.
    """
    return db.session.scalars(_open(select(OfflineAct)).order_by(OfflineAct.id)).all()


def count_open() -> int:
    return db.session.scalar(_open(select(func.count(OfflineAct.id)))) or 0


def recent_acts() -> Sequence[OfflineAct]:
    """The newest, whatever came of them."""
    newest = select(OfflineAct).order_by(OfflineAct.id.desc()).limit(LIST_MOST)
    return db.session.scalars(newest).all()


def see(act_id: int, staff: Staff) -> None:
    """Note that somebody has looked at it and dealt with it; again changes nothing."""
    found = _open(update(OfflineAct)).where(OfflineAct.id == act_id)
    seen: Any = db.session.execute(found.values(seen_at=now(), seen_by=staff.id))
    if seen.rowcount:
        staff_service.record(staff, "till.offline_act_seen", f"offline:{act_id}")


def _open(statement: Any) -> Any:
    return statement.where(OfflineAct.result != "done", OfflineAct.seen_at.is_(None))


def _desk(told: str, sender: Staff, outlet_code: str) -> Desk:
    """Whose act it was; the sender's of today if that is not told, or too long ago."""
    unsaid = Desk(sender, outlet_code, clock.day_start(clock.program_day()))
    try:
        staff_id, outlet, since = _signer().loads(told)
    except BadData:
        return unsaid
    since_at = datetime.fromtimestamp(since, UTC)
    found = db.session.get(Staff, staff_id) if now() - since_at <= OLDEST else None
    return Desk(found, outlet, since_at) if found else unsaid


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="till-offline")


def _blank(told: Told, desk: Desk, sender: Staff) -> OfflineAct:
    said: Mapping[str, object] = told._asdict() | {"made_at": "", "who": ""}
    return OfflineAct(
        key=f"{desk.staff.id}:{told.key}",
        digest=hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
        kind=told.kind,
        staff_id=desk.staff.id,
        sent_by=sender.id,
        outlet_code=desk.outlet_code,
        subject=_subject(told),
        amount_rupiah=told.amount_rupiah,
        result="done",
        reason="",
        facts={},
        since_at=desk.since_at,
        made_at=told.made_at,
        told_at=now(),
    )


def _subject(told: Told) -> str:
    """Which thing it was, without a whole card number."""
    if told.kind == "voucher":
        plain = told.code.split(".")[1] if "." in told.code else told.code
        return f"voucher:{rewards.plain_code(plain)[:8]}"
    return f"card:…{''.join(c for c in told.code[:16] if c.isdecimal())[-4:]}"


def _do(act: OfflineAct, told: Told, staff: Staff) -> None:
    if told.kind == "voucher":
        _use(act, told, staff)
    else:
        bought = shop.record(_sale(act, told, staff), staff, at=told.made_at)
        act.subject = f"purchase:{bought.code}"
    db.session.flush()


def _use(act: OfflineAct, told: Told, staff: Staff) -> None:
    was_risked = not _had_our_word(told, staff)
    used = rewards.use_offline(told.code, staff, act.outlet_code, told.key, told.made_at)
    act.amount_rupiah = rewards.reward_of(used).value_rupiah
    db.session.flush()
    if was_risked and (limit := _passed(act)):
        act.facts = {"member_id": used.member_id, "reward": used.reward_code}
        _flag(act, "over", limit)


def _had_our_word(told: Told, staff: Staff) -> bool:
    """Whether we had said that the voucher is good: its use had arrived and only our answer was
    lost, or we held it for this till when the network went.
    """
    found = None if "." in told.code else rewards.find(told.code)
    if found is None:
        return False
    return staff.id == found.reserved_by or found.use_key == rewards.use_key(staff, told.key)


def _passed(act: OfflineAct) -> str:
    """Which of the owner's limits on vouchers without a network it passed; "" for none."""
    rules = program.current().till
    if act.amount_rupiah > rules.offline_most_rupiah:
        return OVER_EACH
    of_one_time = select(func.sum(OfflineAct.amount_rupiah)).where(
        OfflineAct.kind == "voucher",
        OfflineAct.staff_id == act.staff_id,
        OfflineAct.since_at == act.since_at,
        OfflineAct.result.in_(("done", "over")),
    )
    return OVER_TOTAL if (db.session.scalar(of_one_time) or 0) > rules.offline_total_rupiah else ""


def _sale(act: OfflineAct, told: Told, staff: Staff) -> Sale:
    digits = told.code
    if told.code.startswith(f"{card_codes.MARK}."):
        digits = card_codes.read(told.code, told.made_at)
    member_id = members.by_card(digits).id
    known = frozenset(service.categories())
    return service.sale(
        staff,
        member_id,
        told.amount_rupiah,
        told.key,
        frozenset(told.categories) & known,
        told.eco,
        goods=told.goods,
    )._replace(outlet_code=act.outlet_code)


def _refuse(act: OfflineAct, refusal: LoyaltyError) -> None:
    found = rewards.find(act.subject.removeprefix("voucher:")) if act.kind == "voucher" else None
    if found is not None:
        act.amount_rupiah = rewards.reward_of(found).value_rupiah
        act.facts = _first_use(found)
    _flag(act, "double" if refusal.code == DOUBLE else "refused", refusal.code)


def _flag(act: OfflineAct, result: str, reason: str) -> None:
    """Keep it for the owner to look at, and tell."""
    act.result, act.reason = result, reason
    db.session.flush()
    outbox.tell(
        "till.offline_trouble", act.id, result=act.result, reason=act.reason, subject=act.subject,
        staff_id=act.staff_id, amount_rupiah=act.amount_rupiah,
    )  # fmt: skip


def _first_use(found: Voucher) -> dict[str, Any]:
    facts: dict[str, Any] = {"member_id": found.member_id, "reward": found.reward_code}
    if found.used_at is not None:
        facts |= {
            "used_at": found.used_at.isoformat(),
            "used_by": found.used_by,
            "used_outlet": found.used_outlet,
        }
    return facts


def shown(act: OfflineAct) -> str:
    """What it was about, as people read it: KW74 F29Q."""
    kind, _, code = act.subject.partition(":")
    return codes.in_fours(code) if kind == "voucher" else code
