"""The program's wheel as the pure rules read it, and the day's promise about it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from games import fairness, prize
from games import wheel as rules
from games.prize import Budget, Prize
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.play.errors import NoWheel
from pwa.play.models import GameDay
from pwa.program import service as program
from pwa.program.schema import Slice, Text, Wheel

NOTHING = Text(id="Belum beruntung", en="Not this time", jv="Durung begja", su="Acan untung")


def current() -> Wheel:
    """The wheel in use: the first that may be played today. Raises NoWheel."""
    on = program_day()
    found = next((wheel for wheel in program.current().wheels if wheel.is_open(on)), None)
    if found is None:
        raise NoWheel()
    return found


def rule(slice_: Slice) -> Prize:
    """A slice of the program file as the rules read it."""
    said = slice_.prize
    return Prize(
        code=slice_.code,
        kind=said.kind,
        points=said.points,
        value_rupiah=slice_.value_rupiah,
        reward=said.reward or "",
        weight=slice_.weight,
        stock_day=slice_.stock_day,
        stock_total=slice_.stock_total,
        tier=slice_.tier,
    )


def budget(wheel: Wheel) -> Budget:
    return Budget(
        wheel.budget_day_points,
        wheel.budget_total_points,
        wheel.budget_day_rupiah,
        wheel.budget_total_rupiah,
    )


def prepare(wheel: Wheel, on: date) -> GameDay:
    """The promise for day `on`, made now if there is none: a new secret, and its commitment.

    Whatever the owner changes afterwards, this day is played on the slices promised here.
    """
    if found := day_of(wheel.code, on):
        return found
    slices = rules.plain([rule(s) for s in wheel.slices])
    seed_hex, version = secrets.token_hex(32), fairness.wheel_version(slices)
    row = GameDay(
        game=wheel.code,
        on=on,
        seed_hex=seed_hex,
        slices=slices,
        consolation=wheel.consolation,
        config=None,
        version=version,
        commitment=fairness.commitment(seed_hex, on, version),
        made_at=now(),
    )
    return claim(row, game=wheel.code, on=on)[0]


def prepare_ahead() -> int:
    """Promise today and tomorrow for every wheel; how many promises were missing."""
    today = program_day()
    days = (today, today + timedelta(days=1))
    made = [(wheel, on) for wheel in program.current().wheels for on in days]
    missing = [(wheel, on) for wheel, on in made if day_of(wheel.code, on) is None]
    for wheel, on in missing:
        prepare(wheel, on)
    return len(missing)


def day_of(game: str, on: date) -> GameDay | None:
    return db.session.scalar(select(GameDay).where(GameDay.game == game, GameDay.on == on))


def played(day: GameDay | None, wheel: Wheel) -> tuple[Prize, ...]:
    """The slices of a day: as promised, or as they stand where nothing is promised yet."""
    if day is None:
        return tuple(rule(s) for s in wheel.slices)
    return tuple(prize.load(slice_) for slice_ in day.slices)


def seen_by(slices: Sequence[Prize], tiers: Collection[str]) -> tuple[Prize, ...]:
    """The wheel that a member of `tiers` sees and plays."""
    return rules.for_tiers(slices, tiers)


def version_of(slices: Sequence[Prize]) -> str:
    """Tells one wheel from another on a page's form; eight characters are enough for that."""
    return rules.version(slices)[:8]


def limited(slices: Sequence[Prize], wheel: Wheel) -> tuple[Prize, ...]:
    """The slices with the stock that the owner allows now: limits may change during the day.

    Weights and prizes may not: they are promised. Stock may, or a mistake would cost a day.
    """
    now_said = {s.code: s for s in wheel.slices}
    return tuple(
        s._replace(stock_day=said.stock_day, stock_total=said.stock_total)
        if (said := now_said.get(s.code))
        else s
        for s in slices
    )


def label_of(code: str, given: Prize | None = None) -> Text:
    """What a slice is called on the wheel, by its code; kind words for what is no slice."""
    for wheel in program.current().wheels:
        for slice_ in wheel.slices:
            if slice_.code == code:
                return slice_.label
    return Text(id=str(given.points)) if given and given.points else NOTHING
