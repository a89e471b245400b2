"""Home: what do I have, what can I do today, what can I get."""

from __future__ import annotations

import secrets
from datetime import date

from flask import Blueprint, Response, g, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from pwa import clock, languages, outbox, phrases
from pwa.campaigns import service as campaigns
from pwa.campaigns.basket import Person
from pwa.home import greetings
from pwa.ledger import service as ledger
from pwa.members.models import Member
from pwa.missions import service as missions
from pwa.play import service as play
from pwa.program import service as program
from pwa.program.holidays import Holiday
from pwa.program.schema import Campaign
from pwa.rewards import service as rewards
from pwa.sessions import member, member_required, send_to_join
from pwa.shop import history
from pwa.tiers import perks
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
    local = clock.now().astimezone(languages.zone())
    holiday = _holiday(local.date())
    standing = tiers.standing(me.id)
    running, soon = _campaigns(me, standing.tier.code)
    return show(
        "home/home.html",
        greeting=greetings.greeting(me.name, local, holiday, phrases.language()),
        birthday=greetings.is_birthday(me.birthday, local.date()),
        terms_changed=g.agreed_to != program.current().program.terms_version,
        balance=balance,
        gift=perks.birthday_gift(me, standing.tier),
        standing=standing,
        missions=missions.today(me),
        streak=missions.streak(me),
        wheel=games.wheel,
        quiz=games.quiz,
        others=games.others,
        rewards=rewards.highlights(me, balance),
        campaigns=running,
        next_campaign=soon[0] if soon else None,
        key=secrets.token_hex(8),
    )


@program.by_day
def _holiday(on: date) -> Holiday | None:
    return greetings.today(on, program.current().holidays)


def _campaigns(me: Member, tier_code: str) -> tuple[list[Campaign], list[Campaign]]:
    """Those for her: that are on, and that begin soon. No statement unless one asks about her."""
    found, on = (campaigns.running(clock.now()), campaigns.soon(clock.now())), clock.program_day()
    asking = [one for part in found for one in part if one.asks_about_her]
    person = history.person(me.id, on, asking) if asking else Person(me.joined_on)
    running, soon = (campaigns.seen_by(part, tier_code, person, on) for part in found)
    return running, soon


@bp.post("/installs")
@member_required
def installed() -> AnyResponse:
    """Count that the app was put on a home screen, once for each phone's own key."""
    key = request.form.get("key", "")[:INSTALL_KEY_MOST_CHARS]
    outbox.tell("app.installed", f"{g.member.id}:{key}", g.member.id)
    outbox.commit()
    return make_response("", 204)
