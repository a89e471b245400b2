"""What browsers tell us of their subscriptions, and what they showed. Pages are in *_pages.py."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    request,
    session,
)
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import clock, csrf, outbox
from pwa.limits import limiter
from pwa.push import inbox, payload, planner, subscriptions, vapid
from pwa.push.kinds import Planned
from pwa.push.notices import test as test_notice
from pwa.push.subscriptions import BadSubscription, Offered
from pwa.sessions import member_required
from pwa.web import wants_json

bp = Blueprint("push", __name__)
FROM_WORKER = "240 per minute"  # a shop's whole Wi-Fi may stand behind one address
TEXT_MOST = 2048


@bp.get("/push/key")
def key() -> Response:
    """The VAPID key to subscribe with. A browser that has another one subscribes anew."""
    public = vapid.public_key(current_app.config["SETIA"])
    return jsonify(key=public, id=vapid.key_id(public))


@bp.post("/push/subscriptions")
@member_required
def subscribe() -> AnyResponse:
    """Upsert: sent after subscribing and once at each opening of the app."""
    row = subscriptions.subscribe(g.member.id, _offered(_json()))
    outbox.commit()
    said = {"id": row.id, "label": row.label, "unread": inbox.unread(g.member.id)}
    return make_response(said, 201)


@bp.post("/push/subscriptions/<int:subscription_id>/tests")
@member_required
def test(subscription_id: int) -> AnyResponse:
    """Send me a test, to this one device."""
    row = subscriptions.of_member(g.member.id, subscription_id)
    event_key = request.form.get("key") or secrets.token_hex(8)
    expires_at = clock.now() + timedelta(seconds=test_notice.LIFE.total_seconds())
    planner.tell_one("test", Planned(g.member.id, event_key[:64], {}, expires_at), row.id)
    outbox.commit()
    if wants_json():
        return make_response({"sent": True}, 202)
    flash(_("Percobaan dikirim ke %(device)s.", device=row.label))
    return redirect(to("push.settings"), 303)


@bp.post("/push/subscriptions/<int:subscription_id>/removals")
@member_required
def remove(subscription_id: int) -> AnyResponse:
    subscriptions.remove(g.member.id, subscription_id)
    outbox.commit()
    flash(_("Kabar dimatikan di perangkat itu."))
    return redirect(to("push.settings"), 303)


# The service worker has no page, so no CSRF token: knowing the endpoint, or the delivery's
# signed id, is the proof instead. None of these says whether it knew what it was given.


@bp.post("/push/unbindings")
@csrf.exempt
@limiter.limit(FROM_WORKER)
def unbind() -> AnyResponse:
    """This browser is not hers any more."""
    subscriptions.unbind(_text(_json(), "endpoint"))
    outbox.commit()
    return Response(status=204)


@bp.post("/push/renewals")
@csrf.exempt
@limiter.limit(FROM_WORKER)
def renew() -> AnyResponse:
    """`pushsubscriptionchange`: the browser has a new subscription in place of the old."""
    said = _json()
    subscriptions.renew(_text(said, "old_endpoint"), _offered(said))
    outbox.commit()
    return Response(status=204)


@bp.post("/push/beacons")
@csrf.exempt
@limiter.limit(FROM_WORKER)
def beacon() -> AnyResponse:
    """The worker showed a notice, or somebody tapped it."""
    said = _json()
    delivery_id = payload.proven(current_app.config["SETIA"].secret_key, _text(said, "id"))
    if delivery_id is not None and said.get("act") in ("shown", "clicked"):
        inbox.note(delivery_id, said["act"])
        outbox.commit()
    return Response(status=204)


def _offered(said: dict[str, Any]) -> Offered:
    keys = said.get("keys")
    keys = keys if isinstance(keys, dict) else {}
    return Offered(
        endpoint=_text(said, "endpoint"),
        p256dh=_text(keys, "p256dh"),
        auth=_text(keys, "auth"),
        key_id=_text(said, "key_id"),
        user_agent=request.user_agent.string,
        session_id=session.get("sid"),
    )


def _json() -> dict[str, Any]:
    """The request's JSON object. Raises BadSubscription for anything else."""
    said = request.get_json(force=True, silent=True)
    if not isinstance(said, dict):
        raise BadSubscription()
    return said


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) and len(found) <= TEXT_MOST else ""


from pwa.push import console_pages, inbox_pages, reminder_pages  # noqa: E402, F401  routes
