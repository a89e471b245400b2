"""Kinds of notices: the modules of pwa/push/notices/, found by name.

A module says with constants what it is, and with functions what it does; see README in
`notices/__init__.py`. What it leaves out has the default below.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pwa.outbox import Event

Facts = Mapping[str, Any]
Quiet = Literal["bypass", "defer", "drop"]
RANKS = {"high": 0, "normal": 1, "low": 2}
DAY_S = 24 * 3600


class Reader(NamedTuple):
    """Who reads the notice: what wording it needs of her."""

    member_id: int
    name: str
    language: str
    zone: ZoneInfo


class Action(NamedTuple):
    """A button under a notice; a platform shows at most two, iOS none."""

    name: str
    title: str
    path: str


class Words(NamedTuple):
    """A notice in words. `path` is a page of ours; `art` and `tone` are the inbox's tile."""

    title: str
    body: str
    path: str
    art: str = "koin"
    tone: str = "sky"
    actions: Sequence[Action] = ()
    image: str | None = None  # path of a picture of ours


class Planned(NamedTuple):
    """A notice to make for one member: `event_key` says what it is about, once."""

    member_id: int
    event_key: str
    facts: Facts
    expires_at: datetime
    due_at: datetime | None = None  # None: now


class Call(NamedTuple):
    """A notice to make for an audience, at an instant, once for `event_key`."""

    event_key: str
    facts: Facts
    audience: Facts
    starts_at: datetime
    expires_at: datetime
    notice_key: str = ""  # what makes a member's notice unique; default `event_key`


class Sweep(NamedTuple):
    """One step through an audience: what to make, and where to go on (None: done)."""

    planned: list[Planned]
    cursor: int | None


@dataclass(frozen=True)
class Kind:
    """What a module in notices/ says about itself."""

    name: str
    title: Any  # what the owner calls it
    topic: str  # what a member can switch off
    compose: Callable[[Reader, Facts], Words]
    urgency: str = "normal"
    promo: bool = False  # counts against the cap, needs the promo consent
    quiet: Quiet = "defer"
    bundles: bool = True  # may wait for a digest
    tag: Callable[[Facts], str | None] | None = None
    events: Mapping[str, Callable[[Event], Iterable[Planned]]] | None = None
    calendar: Callable[[datetime], Iterable[Call]] | None = None
    audience: Callable[[Facts], Any] | None = None  # a SQL condition on members
    sweep: Callable[[Facts, int, int], Sweep] | None = None
    untrue: Callable[[Facts, str], str | None] | None = None  # why not to push it any more

    @property
    def rank(self) -> int:
        return RANKS[self.urgency]

    def tag_of(self, facts: Facts) -> str | None:
        """Topic of RFC 8030 and tag of the notification: a later one replaces an earlier."""
        return self.tag(facts) if self.tag else None


def hashed_tag(prefix: str, *what: object) -> str:
    """`rs-3f2a...`: says which, to nobody but us. At most 32 base64url letters."""
    return f"{prefix}-{sha256(':'.join(map(str, what)).encode()).hexdigest()[:16]}"


@cache
def all_kinds() -> Mapping[str, Kind]:
    """Every kind by name."""
    from pwa.push import notices

    names = sorted(info.name for info in pkgutil.iter_modules(notices.__path__))
    return {name: _kind(name) for name in names}


def kind(name: str) -> Kind:
    return all_kinds()[name]


def events_wanted() -> Mapping[str, list[Kind]]:
    """Which kinds want to know of which outbox event."""
    wanted: dict[str, list[Kind]] = {}
    for one in all_kinds().values():
        for event_kind in one.events or ():
            wanted.setdefault(event_kind, []).append(one)
    return wanted


def _kind(name: str) -> Kind:
    module = importlib.import_module(f"pwa.push.notices.{name}")
    urgency = getattr(module, "URGENCY", "normal")
    assert urgency in RANKS, f"{name}: {urgency}"
    return Kind(
        name=name,
        title=module.NAME,
        topic=module.TOPIC,
        compose=module.compose,
        urgency=urgency,
        promo=getattr(module, "PROMO", False),
        quiet=getattr(module, "QUIET", "defer"),
        bundles=getattr(module, "BUNDLES", urgency != "high"),
        tag=getattr(module, "tag", None),
        events=getattr(module, "EVENTS", None),
        calendar=getattr(module, "calendar", None),
        audience=getattr(module, "audience", None),
        sweep=getattr(module, "sweep", None),
        untrue=getattr(module, "untrue", None),
    )
