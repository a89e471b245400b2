"""The inbox and its settings."""

from __future__ import annotations

import secrets
from zoneinfo import ZoneInfo

from flask import Response, flash, g, redirect, request
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import languages, outbox
from pwa.members import service as members
from pwa.push import inbox, preferences, subscriptions
from pwa.push.preferences import Wishes
from pwa.push.topics import CODES, TOPICS
from pwa.push.views import bp
from pwa.sessions import member_required
from pwa.web import show

HOUR_MINUTES = 60
OFF = "off"
CAPS = (0, 1, 2, 3, 5, 7)
PROMO = "promo"


@bp.get("/inbox")
@member_required
def inbox_page() -> Response:
    before = request.args.get("before", type=int)
    return show(
        "inbox/inbox.html",
        "inbox/_notices.html",
        found=inbox.page(g.member, before),
        unread=inbox.unread(g.member.id),
    )


@bp.post("/inbox/reads")
@member_required
def read_all() -> AnyResponse:
    inbox.read_all(g.member.id)
    outbox.commit()
    return redirect(to("push.inbox_page"), 303)


@bp.post("/inbox/<int:notice_id>/reads")
@member_required
def read(notice_id: int) -> AnyResponse:
    """Sent by the page when a notice is tapped, on its way to where the notice leads."""
    inbox.read(g.member.id, notice_id)
    outbox.commit()
    return Response(status=204)


@bp.get("/inbox/settings")
@member_required
def settings() -> Response:
    member = g.member
    return show(
        "inbox/settings.html",
        wishes=preferences.of(member.id),
        topics=TOPICS,
        promo=members.consents(member).get(PROMO, False),
        zones=_zones(member.zone),
        hours=_hours(),
        caps=CAPS,
        devices=subscriptions.devices(member.id),
        member=member,
        key=secrets.token_hex(8),
    )


@bp.post("/inbox/settings")
@member_required
def change_settings() -> AnyResponse:
    member, form = g.member, request.form
    wanted = set(form.getlist("topics")) & set(CODES)
    members.set_consent(member, PROMO, PROMO in wanted, "inbox")
    quiet = _minutes(form.get("quiet_from", OFF)), _minutes(form.get("quiet_until", OFF))
    quiet = quiet if None not in quiet else (None, None)
    # Without the promo consent nothing of it is sent; the topic itself stays as it was.
    muted = frozenset(CODES) - wanted - {PROMO}
    preferences.save(
        member.id,
        Wishes(muted, *quiet, _cap("day_cap"), _cap("week_cap"), bool(form.get("digest"))),
    )
    if (zone := form.get("zone", "")) in dict(_zones(member.zone)):
        members.set_zone(member, zone)
    outbox.commit()
    flash(_("Sudah disimpan."))
    return redirect(to("push.settings"), 303)


def _zones(own: str) -> list[tuple[str, str]]:
    known = dict(languages.ZONE_NAMES)
    return [*known.items(), *([] if own in known else [(own, ZoneInfo(own).key)])]


def _hours() -> list[tuple[str, str]]:
    return [(str(hour * HOUR_MINUTES), f"{hour:02d}.00") for hour in range(24)]


def _minutes(text: str) -> int | None:
    """A whole hour in minutes after midnight; None for "off" and for nonsense."""
    fits = text.isdecimal() and len(text) < 5 and int(text) < 24 * HOUR_MINUTES
    return int(text) if fits else None


def _cap(name: str) -> int:
    found = request.form.get(name, type=int)
    return found if found in CAPS else preferences.DEFAULT._asdict()[name]
