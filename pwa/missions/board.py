"""Which missions a member sees, in which state, in as few statements as can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, or_, select

from games import mission as rules
from pwa import languages
from pwa.clock import program_day
from pwa.driver import Asked
from pwa.languages import number, rupiah
from pwa.members.models import Member
from pwa.missions import audience, daily_set, definitions
from pwa.missions.models import MissionProgress, MissionSwap
from pwa.phrases import say as _
from pwa.program import service as program
from pwa.program.schema import Mission, Prize, Text

TODO, DOING, DONE, LOCKED = "todo", "doing", "done", "locked"
PLACES = {"quiz_done": "/quiz", "quiz_score": "/quiz", "spin": "/wheel", "game_played": "/wheel",
          "profile_completed": "/profile", "push_on": "/inbox/settings", "voucher_used": "/rewards",
          "purchase": "/card", "review": "/reviews", "survey": "/surveys",
          "friend_joined": "/friends", "friend_bought": "/friends"}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One mission as a member sees it."""

    code: str
    trigger: str
    name: Text
    text: Text
    art: str
    tone: str
    state: str  # todo doing done locked
    prize: Prize
    done: int  # of `wanted`: times, rupiah, right answers or days
    wanted: int
    window: str  # daily weekly monthly season once
    ends_on: date | None  # the last day of this window
    is_drawn: bool  # of the pool, so that it can be swapped
    unit: str = "times"
    game: str = ""  # the one game that counts, where it is not the wheel
    any_play: bool = False  # one play of its game does it, however that ends

    @property
    def points(self) -> int:
        return self.prize.points

    @property
    def href(self) -> str | None:
        """Where it is done; None for what is done here or at the till."""
        if self.state not in (TODO, DOING):
            return None
        return f"/games/{self.game}" if self.game else PLACES.get(self.trigger)

    @property
    def line(self) -> str:
        """The one line under its name."""
        if self.state == DONE:
            return self._paid()
        if self.state == LOCKED:
            return str(_("Terbuka setelah misi sebelumnya selesai"))
        text = languages.text(self.text)
        return f"{text}. {self._promise()}" if self._promise() else text

    def _promise(self) -> str:
        """What a mission gives that is not points; points have their own place beside the name."""
        words = {
            "spin": _("Dapat satu putaran"),
            "freeze": _("Dapat satu jatah libur"),
            "voucher": _("Dapat voucher"),
            "product": _("Dapat hadiah"),
        }
        return str(words.get(self.prize.kind, ""))

    @property
    def count(self) -> str:
        """ "3 dari 5", in the unit that is counted; nothing for what is done in one go."""
        if self.wanted == 1 or self.state in (DONE, LOCKED):
            return ""
        shown = rupiah if self.unit == "rupiah" else number
        facts = {"done": shown(self.done), "wanted": shown(self.wanted)}
        if self.unit == "days":
            return str(_("%(done)s dari %(wanted)s hari", **facts))
        return str(_("%(done)s dari %(wanted)s", **facts))

    def _paid(self) -> str:
        words = {
            "points": _("%(points)s poin sudah masuk", points=number(self.prize.points)),
            "spin": _("Satu putaran sudah masuk"),
            "freeze": _("Satu jatah libur sudah masuk"),
            "voucher": _("Voucher sudah masuk"),
        }
        return str(words.get(self.prize.kind, _("Selesai")))


class Board(NamedTuple):
    """All of a member's missions, as of today."""

    daily: tuple[Item, ...]
    weekly: tuple[Item, ...]
    longer: tuple[Item, ...]  # monthly, season, once
    bonus_points: int  # for all of the set of the day
    set_codes: tuple[str, ...]
    set_names: tuple[Text, ...]
    set_done: tuple[str, ...]  # of set_codes
    can_swap: bool
    swapped: str | None


def board(member: Member, on: date | None = None) -> Board:
    """What the member can do in the windows of day `on` (default today)."""
    on = on or program_day()
    known, windows = definitions.in_force(on), definitions.open_windows(on)
    swap, kept = _kept(member.id, on)
    finished = frozenset(row.code for row in kept if row.done_on)
    current = {row.code: row for row in kept if row.window_key == windows.get(row.code)}
    set_codes = daily_set.codes(member, known, on, swap)
    items = [
        _item(m, current.get(m.code), finished, on)
        for m in _visible(member, known.values(), set_codes, on)
    ]
    by_window: dict[str, list[Item]] = {}
    for item in items:
        by_window.setdefault(item.window, []).append(item)
    said = program.current().daily
    return Board(
        daily=tuple(by_window.get("daily", ())),
        weekly=tuple(by_window.get("weekly", ())),
        longer=tuple(i for w in ("monthly", "season", "once") for i in by_window.get(w, ())),
        bonus_points=said.bonus_points if set_codes else 0,
        set_codes=set_codes,
        set_names=tuple(i.name for code in set_codes for i in items if i.code == code),
        set_done=tuple(i.code for i in items if i.code in set_codes and i.state == DONE),
        can_swap=bool(said.swaps) and swap is None,
        swapped=swap,
    )


def _visible(
    member: Member, missions: Iterable[Mission], set_codes: Sequence[str], on: date
) -> list[Mission]:
    """Those whose window is open, that invite this member, and that are in her set."""
    windows = definitions.open_windows(on)
    shown = [m for m in missions if m.code in windows and (not m.in_set or m.code in set_codes)]
    if not any(m.tiers or m.joined_within_days for m in shown):
        return shown
    invited = audience.person(member.id)
    return [m for m in shown if definitions.invites(m, invited, on)]


def _kept(member_id: int, on: date) -> tuple[str | None, Sequence[Any]]:
    """The mission she swapped away; this window's rows, and the done ones that unlock others."""
    missions = definitions.in_force(on).values()
    rows = _MINE.rows(
        member_id=member_id,
        on=on,
        keys=sorted(set(definitions.open_windows(on).values())),
        unlocking=sorted({m.after for m in missions if m.after}),
    )
    return rows[0].swapped, [row for row in rows if row.code is not None]


_SWAPPED = (
    select(MissionSwap.code)
    .where(MissionSwap.member_id == bindparam("member_id"), MissionSwap.on == bindparam("on"))
    .scalar_subquery()
)
_ONE = select(_SWAPPED.label("swapped")).subquery()  # one row, whatever she has begun
_MINE = Asked(
    select(
        _ONE.c.swapped,
        MissionProgress.code,
        MissionProgress.window_key,
        MissionProgress.done,
        MissionProgress.done_on,
        MissionProgress.definition,
    )
    .select_from(_ONE)
    .outerjoin(
        MissionProgress,
        and_(
            MissionProgress.member_id == bindparam("member_id"),
            or_(
                MissionProgress.window_key.in_(bindparam("keys", expanding=True)),
                and_(
                    MissionProgress.code.in_(bindparam("unlocking", expanding=True)),
                    MissionProgress.done_on.is_not(None),
                ),
            ),
        ),
    )
)


def _item(mission: Mission, row: Any | None, finished: frozenset[str], on: date) -> Item:
    if row is not None:
        mission = definitions.thaw(row.definition)
        return replace(
            _fresh(mission, on),
            state=_state(mission, row, finished),
            done=min(row.done, mission.wanted),
        )
    fresh = _all_fresh(on)[mission.code]
    state = _state(mission, None, finished)
    return fresh if state == fresh.state else replace(fresh, state=state)


@program.by_day
def _all_fresh(on: date) -> Mapping[str, Item]:
    """Every mission as who has not begun it sees it."""
    return {code: _fresh(mission, on) for code, mission in definitions.in_force(on).items()}


def _fresh(mission: Mission, on: date) -> Item:
    return Item(
        code=mission.code,
        trigger=mission.trigger,
        name=mission.name,
        text=mission.text,
        art=mission.art,
        tone=mission.tone,
        state=TODO,
        prize=mission.prize,
        done=0,
        wanted=mission.wanted,
        window=mission.window,
        ends_on=definitions.last_day(mission, on),
        is_drawn=mission.in_set == "pool",
        unit=mission.count,
        game=str(mission.where.get("game", "")) if mission.trigger == "game_played" else "",
        any_play=_is_any_play(mission),
    )


def _is_any_play(mission: Mission) -> bool:
    asks_more = mission.wanted > 1 or mission.where.keys() - {"game"}
    return mission.trigger in ("spin", "quiz_done", "game_played") and not asks_more


def _state(mission: Mission, row: Any | None, finished: frozenset[str]) -> str:
    if row is not None and row.done_on:
        return DONE
    if mission.after and not rules.is_unlocked(definitions.rule(mission), finished):
        return LOCKED
    return DOING if row is not None and row.done else TODO
