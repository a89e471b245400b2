"""Home: what do I have, what can I do today, what can I get."""

from __future__ import annotations

import secrets
from calendar import isleap
from datetime import date, datetime

from flask import Blueprint, Response, g, make_response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import clock, languages, outbox
from pwa.campaigns import service as campaigns
from pwa.ledger import service as ledger
from pwa.missions import service as missions
from pwa.play import service as play
from pwa.rewards import service as rewards
from pwa.sessions import member, member_required, send_to_join
from pwa.tiers import service as tiers
from pwa.web import show

bp = Blueprint("home", __name__)
INSTALL_KEY_MOST_CHARS = 36


@bp.get("/")
def home() -> AnyResponse:
    return _home() if member() else send_to_join()


@member_required
def _home() -> Response:
    me = g.member
    balance = ledger.balance(me.id)
    games = play.games_today(me)
    return show(
        "home/home.html",
        greeting=greeting(clock.now()),
        birthday=is_birthday(me.birthday, clock.now()),
        balance=balance,
        standing=tiers.standing(me.id),
        missions=missions.today(me),
        streak=missions.streak(me),
        wheel=games.wheel,
        quiz=games.quiz,
        rewards=rewards.highlights(me, balance),
        campaigns=campaigns.running(clock.now()),
        next_campaign=campaigns.soon(clock.now()),
        key=secrets.token_hex(8),
    )


@bp.post("/installs")
@member_required
def installed() -> AnyResponse:
    """Count that the app was put on a home screen, once for each phone's own key."""
    key = request.form.get("key", "")[:INSTALL_KEY_MOST_CHARS]
    outbox.tell("app.installed", f"{g.member.id}:{key}", g.member.id)
    outbox.commit()
    return make_response("", 204)


def greeting(instant: datetime) -> str:
    """Pagi until 11, Siang until 15, Sore until 18, else Malam, by the reader's own clock."""
    hour = instant.astimezone(languages.zone()).hour
    name = g.member.name.split()[0]
    if 4 <= hour < 11:
        return _("Pagi, %(name)s", name=name)
    if 11 <= hour < 15:
        return _("Siang, %(name)s", name=name)
    if 15 <= hour < 18:
        return _("Sore, %(name)s", name=name)
    return _("Malam, %(name)s", name=name)


def is_birthday(birthday: date | None, instant: datetime) -> bool:
    """Whether it is her birthday in her own zone; one on 29 February is kept on 28 February."""
    if birthday is None:
        return False
    today = instant.astimezone(languages.zone()).date()
    born = (birthday.month, birthday.day)
    if born == (2, 29) and not isleap(today.year):
        born = (2, 28)
    return born == (today.month, today.day)
