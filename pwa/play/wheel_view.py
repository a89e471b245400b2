"""The wheel as a member sees it: labels, odds with what is left, and her result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from games import wheel as rules
from games.prize import Prize, tax_rupiah
from pwa import languages
from pwa.clock import program_day
from pwa.db import db
from pwa.languages import number
from pwa.members.models import Member
from pwa.play import spins, stock, tickets, wheels
from pwa.play.models import GameDay, Spin
from pwa.program import service as program
from pwa.program.playing import GOODS, Draw
from pwa.program.schema import Text, Wheel


class Chance(NamedTuple):
    """One line of the odds beside the wheel."""

    label: str
    percent: str
    left: int | None  # pieces that can still be won today; None: no limit
    tax_rupiah: int = 0  # of a prize by lot, withheld


class Shown(NamedTuple):
    """What the wheel's page shows."""

    name: Text
    codes: tuple[str, ...]  # of the slices, in their places
    labels: tuple[str, ...]
    best: int | None  # the slice to dress up
    odds: tuple[Chance, ...]
    consolation_label: str  # what a prize that is out falls to
    tickets: int
    version: str
    commitment: str  # of today; "" where it is not made yet
    price_points: int | None  # of a ticket more, if one can be bought now
    draw: Draw | None


def show(member: Member) -> Shown:
    """Today's wheel for this member. Raises NoWheel."""
    wheel = wheels.current()
    day = wheels.day_of(wheel.code, program_day())
    mine = wheels.seen_by(wheels.played(day, wheel), spins.my_tiers(member.id, wheel))
    return _shown(member, wheel, day, mine)


def show_of(spin: Spin, member: Member) -> Shown:
    """The wheel that a spin was made on, which may not be today's."""
    wheel = program.current().wheel(spin.game) or wheels.current()
    day = db.session.get_one(GameDay, spin.day_id)
    mine = wheels.seen_by(wheels.played(day, wheel), spin.tiers)
    return _shown(member, wheel, day, mine)


def _shown(member: Member, wheel: Wheel, day: GameDay | None, mine: tuple[Prize, ...]) -> Shown:
    on = program_day()
    return Shown(
        name=wheel.name,
        codes=tuple(s.code for s in mine),
        labels=tuple(label(s) for s in mine),
        best=_best(mine),
        odds=_odds(mine, wheel),
        consolation_label=next(label(s) for s in mine if s.code == (day or wheel).consolation),
        tickets=tickets.left(member.id, wheel.code, on, spins.free_daily(member.id, wheel)),
        version=wheels.version_of(mine),
        commitment=day.commitment if day else "",
        price_points=wheel.price_points,
        draw=wheel.draw,
    )


def place_of(spin: Spin, codes: Sequence[str]) -> int:
    """Where the wheel stops: at the prize given, so that the eye sees what the wallet got."""
    return codes.index(spin.given if spin.given in codes else spin.raw)


def label(slice_: Prize) -> str:
    """A slice's label in the reader's language; bare numbers say what they are."""
    text = languages.text(wheels.label_of(slice_.code, slice_))
    return f"{text} {_('poin')}" if slice_.kind == "points" and text.isdecimal() else text


def prize_text(spin: Spin) -> str:
    """ "+50", or what else was won: the one large thing on the result."""
    if spin.points:
        return languages.signed(spin.points)
    return languages.text(Text.model_validate(spin.label))


def tax_of(spin: Spin) -> int:
    """Tax on what a spin in draw mode gave, in rupiah; 0 for points and outside of draws."""
    wheel = program.current().wheel(spin.game)
    if wheel is None or wheel.draw is None or spin.prize["kind"] not in GOODS:
        return 0
    slices = wheels.played(db.session.get(GameDay, spin.day_id), wheel)
    return next((tax_rupiah(s) for s in slices if s.code == spin.given), 0)


def say(spin: Spin, spendable: int) -> str:
    """What a screen reader says when the wheel has stopped."""
    balance = _("Saldomu sekarang %(points)s.", points=number(spendable))
    if spin.state == "held":
        return f"{_('Hadiahmu sedang diperiksa toko.')} {balance}"
    if spin.points:
        won = _("Kamu dapat %(points)s poin.", points=number(spin.points))
    elif spin.prize["kind"] == "nothing":
        won = _("Kali ini belum dapat.")
    else:
        won = _("Kamu dapat %(prize)s.", prize=prize_text(spin))
    return f"{won} {balance}"


def _odds(mine: Sequence[Prize], wheel: Wheel) -> tuple[Chance, ...]:
    limited = wheels.limited(mine, wheel)
    left = stock.remaining(wheel.code, program_day(), limited, wheels.budget(wheel))
    chances = rules.odds(mine)
    lines = [
        Chance(
            label(s),
            f"{chance.percent.replace('.', ',')}%",
            left.pieces.get(s.code),
            tax_rupiah(s) if wheel.draw else 0,
        )
        for s, chance in zip(mine, chances, strict=True)
    ]
    order = sorted(range(len(lines)), key=lambda i: -mine[i].weight)
    return tuple(lines[i] for i in order)


def _best(slices: Sequence[Prize]) -> int | None:
    """The slice worth most, to be dressed up; the rarest of the points where nothing else is."""
    worth = [(s.value_rupiah, s.points, -s.weight) for s in slices]
    return worth.index(max(worth))
