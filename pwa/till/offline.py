"""What a till did without a network: judged once it tells us. Callers commit.

Nothing here undoes what happened at the counter. A purchase is recorded as of its time, a first
use of a voucher counts, and whatever can't be true is kept for the owner to look at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import func, select, update

from pwa import outbox
from pwa.clock import now
from pwa.db import claim, db
from pwa.errors import KeyReused, LoyaltyError
from pwa.members import card_codes, codes
from pwa.members import service as members
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


class Told(NamedTuple):
    """One act as the till tells it."""

    kind: str  # voucher or purchase
    key: str  # the till's own, one for each act
    code: str  # what was scanned or typed
    made_at: datetime
    amount_rupiah: int = 0
    categories: tuple[str, ...] = ()
    eco: bool = False
    who: str = ""  # the signed name of who was at the till


def pass_for(staff: Staff, outlet_code: str) -> str:
    """Says later, when somebody else may be logged in, who was at the till and where."""
    return str(_signer().dumps([staff.id, outlet_code]))


def reconcile(told: Told, sender: Staff, outlet_code: str) -> OfflineAct:
    """Judge one act, exactly once for its key; what came of it.

    Raises KeyReused for the same key with another act.
    """
    staff, outlet_code = _who(told.who, sender, outlet_code)
    told = told._replace(made_at=min(max(told.made_at, now() - OLDEST), now()))
    row = _blank(told, staff, sender, outlet_code)
    act, is_ours = claim(row, key=row.key)
    if not is_ours:
        if act.digest != row.digest:
            raise KeyReused()
        return act
    try:
        with db.session.begin_nested():
            _do(act, told, staff)
    except LoyaltyError as refusal:
        _refuse(act, refusal)
    staff_service.record(
        sender, "till.reconciled", act.subject,
        after={"result": act.result, "reason": act.reason, "by": staff.id, "outlet": outlet_code},
    )  # fmt: skip
    return act


def open_acts() -> Sequence[OfflineAct]:
    """What the owner has not looked at yet: double uses, and what was refused. Oldest first."""
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


def _who(told: str, sender: Staff, outlet_code: str) -> tuple[Staff, str]:
    """Who was at the till, and where; the sender if that is not told, or too long ago."""
    try:
        staff_id, outlet = _signer().loads(told, max_age=int(OLDEST.total_seconds()))
    except BadData:
        return sender, outlet_code
    found = db.session.get(Staff, staff_id)
    return (found, outlet) if found else (sender, outlet_code)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="till-offline")


def _blank(told: Told, staff: Staff, sender: Staff, outlet_code: str) -> OfflineAct:
    said: Mapping[str, object] = told._asdict() | {"made_at": "", "who": ""}
    return OfflineAct(
        key=f"{staff.id}:{told.key}",
        digest=hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
        kind=told.kind,
        staff_id=staff.id,
        sent_by=sender.id,
        outlet_code=outlet_code,
        subject=_subject(told),
        amount_rupiah=told.amount_rupiah,
        result="done",
        reason="",
        facts={},
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
        used = rewards.use_offline(told.code, staff, act.outlet_code, told.key, told.made_at)
        act.amount_rupiah = rewards.reward_of(used).value_rupiah
    else:
        bought = shop.record(_sale(act, told, staff), staff, at=told.made_at)
        act.subject = f"purchase:{bought.code}"
    db.session.flush()


def _sale(act: OfflineAct, told: Told, staff: Staff) -> Sale:
    digits = told.code
    if told.code.startswith(f"{card_codes.MARK}."):
        digits = card_codes.read(told.code, told.made_at)
    member_id = members.by_card(digits).id
    known = frozenset(service.categories())
    return service.sale(
        staff, member_id, told.amount_rupiah, told.key, frozenset(told.categories) & known, told.eco
    )._replace(outlet_code=act.outlet_code)


def _refuse(act: OfflineAct, refusal: LoyaltyError) -> None:
    act.result = "double" if refusal.code == DOUBLE else "refused"
    act.reason = refusal.code
    found = rewards.find(act.subject.removeprefix("voucher:")) if act.kind == "voucher" else None
    if found is not None:
        act.amount_rupiah = rewards.reward_of(found).value_rupiah
        act.facts = _first_use(found)
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
