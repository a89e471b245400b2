"""What a manager looks after from the till: held prizes, members' words, posters."""

from __future__ import annotations

from flask import Response, current_app, flash, g, redirect
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import languages, outbox, qr
from pwa.errors import NotFound
from pwa.members import service as members
from pwa.play import held as prizes
from pwa.program import service as program
from pwa.reviews import service as reviews
from pwa.sessions import staff_required
from pwa.shop import visits
from pwa.till.blueprint import bp
from pwa.web import show


@bp.get("/prizes")
@staff_required("manager")
def held_prizes() -> Response:
    """Prizes that wait because a play looked odd."""
    waiting = prizes.waiting()
    people = members.by_ids([one.member_id for one in waiting])
    return show("till/prizes.html", waiting=[(one, people[one.member_id]) for one in waiting])


@bp.post("/prizes/<play>/releases")
@staff_required("manager")
def release_prize(play: str) -> AnyResponse:
    prizes.release(play, g.staff)
    outbox.commit()
    flash(_("Hadiahnya sudah diberikan."))
    return redirect(to("till.held_prizes"), 303)


@bp.post("/prizes/<play>/refusals")
@staff_required("manager")
def refuse_prize(play: str) -> AnyResponse:
    prizes.refuse(play, g.staff)
    outbox.commit()
    flash(_("Hadiahnya tidak diberikan."))
    return redirect(to("till.held_prizes"), 303)


@bp.get("/reviews")
@staff_required("manager")
def member_reviews() -> Response:
    """What members wrote, and how they answered the surveys: by name and by number."""
    newest = reviews.newest()
    people = members.by_ids([one.member_id for one in newest])
    return show(
        "till/reviews.html",
        summary=reviews.summary(),
        newest=[(one, people[one.member_id]) for one in newest],
        surveys=[(asked, reviews.tallies(asked)) for asked in program.current().surveys],
        outlets={outlet.code: outlet.name for outlet in program.current().outlets},
    )


@bp.get("/posters")
@staff_required("manager")
def posters() -> Response:
    return show("till/posters.html", outlets=program.current().outlets)


@bp.get("/posters/<outlet>")
@staff_required("manager")
def poster(outlet: str) -> Response:
    """A sheet to print and hang up: members scan it to say that they were there."""
    found = program.current().outlet(outlet)
    if found is None:
        raise NotFound()
    url = current_app.config["SETIA"].public_url + visits.path(found)
    code = qr.svg(url, _("Kode QR kunjungan"))
    with languages.force_locale(program.current().program.languages[0]):  # members read it
        return show("till/poster.html", outlet=found, code=code)
