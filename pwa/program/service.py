"""Which program is in force, and how a new version of it comes into force."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from flask import g, has_app_context
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from pwa.clock import JAKARTA, ZoneSince, now, program_day
from pwa.db import db
from pwa.errors import LoyaltyError
from pwa.ledger import service as ledger
from pwa.program import frozen, holidays
from pwa.program.models import NEWEST, ProgramVersion
from pwa.program.schema import Campaign, Program
from pwa.shop import stock


class NoProgram(LoyaltyError):
    code = "no_program"
    status = 503
    words = _l("Program belum disiapkan.")
    todo = _l("Jalankan: setia program apply FILE")


Kept = TypeVar("Kept")
KEPT_DAYS = 64  # of each function that is by_day


class InForce(NamedTuple):
    """The program of now, its zones, and what tells this version from any other."""

    program: Program
    zones: tuple[ZoneSince, ...]
    key: str


class Applied(NamedTuple):
    """One version of the program and the program day it was applied on."""

    program: Program
    on: date


_parsed: dict[str, InForce] = {}
_dated: dict[tuple[str, int], tuple[Campaign, ...]] = {}
_histories: dict[str, tuple[Applied, ...]] = {}
HISTORY_MOST = 50  # versions; a mission's window is not longer than that many changes


def current() -> Program:
    """The program in force. One small query a request; the document is parsed once a process."""
    return _in_force()[0]


def campaigns(at: datetime) -> tuple[Campaign, ...]:
    """All campaigns with their times, those of holidays for the years around `at`."""
    found, kept = current(), (version(), at.year)
    if kept not in _dated:
        years = range(at.year - 1, at.year + 2)
        zone = found.program.zone
        _dated[kept] = holidays.dated(found.campaigns, found.holidays, zone, years)
    return _dated[kept]


def category_name(code: str) -> str:
    """A category's name in the reader's language; its code in words where it has none."""
    from pwa import languages

    named = current().categories.get(code)
    return languages.text(named) if named else code.replace("-", " ").capitalize()


def zones() -> Sequence[ZoneSince]:
    """The zones that program days were and are counted in, oldest first."""
    try:
        return _in_force()[1] if has_app_context() else (ZoneSince(JAKARTA),)
    except NoProgram:
        return (ZoneSince(JAKARTA),)


def version() -> str:
    """What tells the program in force from every other version: a key for caches."""
    return _in_force().key


def by_day(make: Callable[[date], Kept]) -> Callable[[date], Kept]:
    """`make` of a day, worked out once a process while the program stays the same."""
    known: dict[tuple[str, date], Kept] = {}

    @wraps(make)
    def kept(on: date) -> Kept:
        key = (version(), on)
        if key not in known:
            if len(known) >= KEPT_DAYS:
                known.clear()
            known[key] = make(on)
        return known[key]

    return kept


def history() -> tuple[Applied, ...]:
    """The newest versions of the program, oldest first; read once a process and version."""
    key = version()
    if key not in _histories:
        newest = select(ProgramVersion).order_by(ProgramVersion.id.desc()).limit(HISTORY_MOST)
        _histories[key] = tuple(
            Applied(Program.model_validate(row.document), program_day(row.applied_at))
            for row in reversed(db.session.scalars(newest).all())
        )
    return _histories[key]


def apply(program: Program, actor: str) -> ProgramVersion | None:
    """Put `program` into force, and its stock on the shelves; None if it is already in force.

    The caller commits. Stock is set only where the file's own figure changed, so that
    applying a file again does not undo a day's sales. Raises DrawRuns.
    """
    document = to_document(program)
    before = _newest()
    if before is not None and before.digest == digest(document):
        return None
    check(program)
    version = ProgramVersion(
        digest=digest(document),
        document=document,
        applied_at=now(),
        actor=actor,
        **_zone_columns(program.program.zone, before),
    )
    db.session.add(version)
    db.session.flush()
    forget_cached()
    ledger.set_policy({str(name): expiry for name, expiry in program.earning.expiry.items()})
    stock.follow_file(before.document if before else {}, document)
    return version


def check(program: Program) -> None:
    """Raise DrawRuns if `program` can't come into force today."""
    before = _newest()
    if before is not None:
        frozen.check(Program.model_validate(before.document), program, program_day())


def to_document(program: Program) -> dict[str, Any]:
    """The document as plain JSON values, without what is left at its default."""
    return program.model_dump(mode="json", exclude_defaults=True, exclude_none=True)


def digest(document: dict[str, Any]) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def forget_cached() -> None:
    if has_app_context():
        g.pop("program_in_force", None)
        g.pop("newest_program", None)


def _in_force() -> InForce:
    kept = g._get_current_object()  # asked for some fifty times a page: not through the proxy
    try:
        found: InForce = kept.program_in_force
    except AttributeError:
        found = kept.program_in_force = _load()
    return found


def _load() -> InForce:
    # Whoever is logged in was loaded with it (pwa/sessions.py).
    newest = g.pop("newest_program", None) or db.session.execute(select(*NEWEST.c)).first()
    if newest is None:
        raise NoProgram()
    key = f"{newest.id}:{newest.digest}:{newest.applied_at.isoformat()}"
    if key not in _parsed:
        row = db.session.get_one(ProgramVersion, newest.id)
        _parsed[key] = InForce(Program.model_validate(row.document), _zones_so_far(), key)
    return _parsed[key]


def _zones_so_far() -> tuple[ZoneSince, ...]:
    rows = db.session.execute(
        select(ProgramVersion.zone, ProgramVersion.zone_since_on).order_by(ProgramVersion.id)
    )
    found: list[ZoneSince] = []
    for zone, since_on in rows:
        if len(found) > 1 and found[-1].since_on == since_on:
            found.pop()  # changed twice before the day it counts from: the last one counts
        if not found or found[-1].name != zone:
            found.append(ZoneSince(zone, since_on if found else None))
    return tuple(found)


def _zone_columns(zone: str, before: ProgramVersion | None) -> dict[str, Any]:
    if before is None:
        return {"zone": zone, "zone_since_on": None}
    if before.zone == zone:
        return {"zone": zone, "zone_since_on": before.zone_since_on}
    # A change of zone counts from the next day (product.md, rule 5).
    return {"zone": zone, "zone_since_on": program_day() + timedelta(days=1)}


def _newest() -> ProgramVersion | None:
    newest = select(func.max(ProgramVersion.id)).scalar_subquery()
    return db.session.scalar(select(ProgramVersion).where(ProgramVersion.id == newest))
