"""Which language and zone a page speaks, and how numbers and times are written in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale
from flask_babel import gettext as _

from pwa import clock, phrases
from pwa.phrases import MINUS, grouped
from pwa.program.schema import LANGUAGES, Text

DEFAULT = "id"
NAMES = {"id": "Bahasa Indonesia", "en": "English", "jv": "Basa Jawa", "su": "Basa Sunda"}
# Babel knows these names in Indonesian only.
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

__all__ = ["DEFAULT", "LANGUAGES", "NAMES", "force_locale", "init"]


def choose() -> str:
    """The reader's language: the account's, else the browser session's, else the browser's own."""
    if not has_request_context():
        return DEFAULT
    from pwa.sessions import member

    found = member()
    offered = offered_languages()
    for wanted in (found.language if found else None, session.get("language")):
        if wanted in offered:
            return str(wanted)
    return request.accept_languages.best_match(offered) or DEFAULT


def zone() -> ZoneInfo:
    """The zone in which the reader sees times: the member's own, else the program's."""
    found = g.get("member") if has_request_context() else None
    return ZoneInfo(found.zone) if found else clock.program_zone()


def text(given: Text) -> str:
    """One of the program's own texts, in the reader's language."""
    return given.in_(phrases.language())


def number(value: int) -> str:
    """1240 as 1.240."""
    return grouped(value)


def signed(value: int) -> str:
    """25 as +25, -250 as −250."""
    return number(value) if value < 0 else "+" + number(value)


def rupiah(value: int) -> str:
    """48000 as Rp48.000."""
    sign, digits = (MINUS, -value) if value < 0 else ("", value)
    return f"{sign}Rp{grouped(digits)}"


def decimal(value: int, by: int) -> str:
    """125 by 100 as 1,25."""
    return str(format_decimal(Decimal(value) / by, locale=_locale()))


def clock_time(instant: datetime) -> str:
    """08.12, in the reader's zone."""
    return format_datetime(instant.astimezone(zone()), "HH.mm", locale=_locale())


def zone_name(name: str | None = None) -> str:
    """WIB, WITA or WIT."""
    key = name or zone().key
    return ZONE_NAMES.get(key, key)


def day(on: date, pattern: str = "d MMM") -> str:
    """28 Nov."""
    return format_date(on, pattern, locale=_locale())


def day_of(instant: datetime) -> str:
    """28 Nov, of an instant, in the reader's zone."""
    return day(instant.astimezone(zone()).date())


def last_day(end: datetime, pattern: str = "d MMM") -> str:
    """The last program day before `end`, an instant at which something is over."""
    return day(clock.program_day(end - timedelta(microseconds=1)), pattern)


def day_name(on: date) -> str:
    """ "Hari ini, Jumat 21 Nov" for today, "Kamis 20 Nov" before."""
    plain = day(on, "EEEE d MMM")
    today = clock.program_day()
    return _("Hari ini, %(day)s", day=plain) if on == today else plain


def moment(instant: datetime) -> str:
    """ "Hari ini, 10.42" or "28 Nov, 21.00"."""
    local = instant.astimezone(zone())
    today = clock.now().astimezone(zone()).date()
    which = _("Hari ini") if local.date() == today else day(local.date())
    return f"{which}, {clock_time(instant)}"


def when(instant: datetime) -> str:
    """A moment inside a sentence: "hari ini, 10.42"."""
    said = moment(instant)
    return said[:1].lower() + said[1:]


def _locale() -> Locale:
    return get_locale() or Locale(DEFAULT)


def offered_languages() -> list[str]:
    """Those that the program speaks."""
    from pwa.program import service as program

    try:
        return list(program.current().program.languages)
    except program.NoProgram:
        return [DEFAULT]


def init(app: Flask) -> None:
    app.config.update(BABEL_DEFAULT_LOCALE=DEFAULT, BABEL_TRANSLATION_DIRECTORIES="translations")
    Babel(app, locale_selector=choose)
    phrases.init(app)
    filters: dict[str, Any] = {
        "text": text, "number": number, "signed": signed, "rupiah": rupiah, "time": clock_time,
        "day": day, "day_of": day_of, "day_name": day_name, "last_day": last_day, "moment": moment,
        "when": when,
    }  # fmt: skip
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(
        zone_name=zone_name, language_names=NAMES, program_languages=offered_languages
    )
