"""The month as a cloth, and the album of what was really reached."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from games import streak as rules
from games.streak import Facts
from pwa.clock import program_day
from pwa.languages import day
from pwa.missions import streaks
from pwa.missions.streaks import CalendarDay
from pwa.program import service as program
from pwa.program.schema import Text

SOON = timedelta(days=45)
TONES = ("leaf", "sun", "sky", "pink", "nila", "brand", "sun")


class Month(NamedTuple):
    """One month of the calendar."""

    label: str
    offset: int  # empty cells before the 1st, Monday first
    days: tuple[CalendarDay, ...]


class Coming(NamedTuple):
    """Days that neither count nor break, as they are announced."""

    first_on: date
    last_on: date
    name: Text | None  # of the shop's
    by_shop: bool


class Badge(NamedTuple):
    """A milestone of a streak: reached, or how far it is."""

    art: str | None
    text: str
    tone: str
    name: str
    note: str
    off: bool


def month(facts: Facts, today: date) -> Month:
    """The month of `today`, as the member sees it."""
    first = today.replace(day=1)
    days = streaks.month(facts, first, today)
    return Month(day(first, "LLLL y"), first.weekday(), days)


def coming(facts: Facts, today: date) -> tuple[Coming, ...]:
    """Pauses that run or begin soon: the shop's closed days, and what she announced."""
    names = {(c.first_on, c.last_on): c.name for c in program.current().streak.closed}
    soon = [p for p in facts.pauses if p.last_on >= today and p.first_on <= today + SOON]
    return tuple(
        Coming(
            p.first_on,
            p.last_on,
            names.get((p.first_on, p.last_on)) if p.by == rules.SHOP else None,
            p.by == rules.SHOP,
        )
        for p in sorted(soon)
    )


def badges(facts: Facts) -> tuple[Badge, ...]:
    """A badge for each milestone of the program; reached ones first come first."""
    today = program_day()
    state = rules.standing(facts, streaks.rules_of_program(), today).state
    marks = streaks.rules_of_program().milestones
    return tuple(
        _badge(mark, TONES[i % len(TONES)], state.best_days, state.length_days)
        for i, mark in enumerate(marks)
    )


def _badge(mark: int, tone: str, best: int, length: int) -> Badge:
    is_off = best < mark
    left = mark - length
    note = ngettext("%(num)s hari lagi", "%(num)s hari lagi", left) if is_off else ""
    return Badge(None, str(mark), tone, _name(mark), note, is_off)


def _name(mark: int) -> str:
    known = {
        3: _("Tiga hari"), 7: _("Seminggu penuh"), 14: _("Dua minggu"), 30: _("Sebulan penuh"),
        60: _("Dua bulan"), 100: _("Seratus hari"), 365: _("Setahun penuh"),
    }  # fmt: skip
    return str(known.get(mark) or ngettext("%(num)s hari", "%(num)s hari", mark))
