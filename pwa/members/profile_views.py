"""The profile: who I am, how it looks, where I am logged in."""

from __future__ import annotations

from flask import Response, current_app, flash, g, redirect
from flask import url_for as to
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pwa import languages, outbox
from pwa.members import devices, passkeys, service
from pwa.members.blueprint import bp, stay
from pwa.members.forms import ProfileForm
from pwa.members.phones import shown
from pwa.program import service as program
from pwa.sessions import member_required
from pwa.web import show

THEMES = ("", "light", "dark")
# Pages of other features that the profile leads to, if they are there.
ELSEWHERE = {
    "notifications": ("push.preferences", "push.settings"),
    "pause": ("missions.pauses", "missions.pause"),
    "tastes": ("play.tastes",),
    "friends": ("friends.friends",),
}


@bp.get("/profile")
@member_required
def profile() -> Response:
    """What there is to look at and to change, each on a page of its own."""
    member = g.member
    return show(
        "members/profile.html",
        member=member,
        phone=shown(member.phone),
        elsewhere={name: _first_there(*known) for name, known in ELSEWHERE.items()},
    )


@bp.get("/profile/data")
@member_required
def profile_data() -> Response:
    member = g.member
    form = ProfileForm(
        formdata=None,
        name=member.name,
        birthday=member.birthday,
        language=member.language,
        zone=member.zone,
        theme=member.theme,
    )
    return _data_page(form)


@bp.post("/profile")
@member_required
def change_profile() -> AnyResponse:
    form = ProfileForm()
    _set_choices(form)
    if not form.validate():
        return _data_page(form, status=422)
    service.change_profile(
        g.member,
        form.name.data,
        form.birthday.data,
        form.language.data,
        form.zone.data or g.member.zone,
        form.theme.data,
    )
    outbox.commit()
    with languages.force_locale(form.language.data):  # the answer speaks the new language
        flash(_("Sudah disimpan."))
    return redirect(to("members.profile"), 303)


@bp.get("/profile/security")
@member_required
def security() -> Response:
    member = g.member
    return show(
        "members/security.html",
        member=member,
        phone=shown(member.phone),
        passkeys=passkeys.count(member) if passkeys.offered() else None,
        devices=[(device, devices.is_this(device)) for device in devices.live(member)],
    )


@bp.post("/profile/sessions/end-others")
@member_required
def end_other_sessions() -> AnyResponse:
    devices.end_others(g.member)
    outbox.commit()
    stay(g.member)
    flash(_("HP dan komputer lain sudah keluar dari akunmu."))
    return redirect(to("members.security"), 303)


def _data_page(form: ProfileForm, status: int = 200) -> Response:
    _set_choices(form)
    return show("members/profile_data.html", status=status, form=form, member=g.member)


def _set_choices(form: ProfileForm) -> None:
    offered = program.current().program.languages
    form.language.choices = [(code, languages.NAMES[code]) for code in offered]
    zones = dict.fromkeys((*languages.ZONE_NAMES, g.member.zone))
    form.zone.choices = [(zone, _zone_in_words(zone)) for zone in zones]
    words = (_("Ikut HP"), _("Terang"), _("Gelap"))
    form.theme.choices = list(zip(THEMES, words, strict=True))


def _zone_in_words(zone: str) -> str:
    """WITA, Makassar."""
    return f"{languages.zone_name(zone)}, {zone.rpartition('/')[2].replace('_', ' ')}"


def _first_there(*endpoints: str) -> str:
    """The address of the first of these pages that this program has; "" if none."""
    there = (name for name in endpoints if name in current_app.view_functions)
    found = next(there, None)
    return to(found) if found else ""
