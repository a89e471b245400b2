"""A member's streak: facts in the table, the fold in games/streak.py, bonuses in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask_babel import ngettext
from sqlalchemy import and_, bindparam, or_, select

from games import streak as rules
from games import streak_month
from games.streak import Facts, Pause, Rules, Standing
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.driver import Asked
from pwa.languages import number
from pwa.ledger import service as ledger
from pwa.missions.models import CHECK_IN, FREEZE, PAUSE, REPAIR, StreakAward, StreakBase, StreakFact
from pwa.phrases import say as _
from pwa.program import service as program

DAY = timedelta(days=1)
AWARD_LOOKBACK = timedelta(days=31)
FOLD_AFTER = timedelta(days=150)  # a request folds no more days than this
FOLD_KEEPS = timedelta(days=70)  # a month's page, late check-ins and repairs look back less
PAUSES_FOR = timedelta(days=430)  # a member's pauses count by the year
# What the calendar's cells are called on screen (static/css/kain.css).
MARKS = {"paused": "kept", "idle": "missed"}
TITLE = {
    "id": "{days} hari beruntun", "en": "{days} days in a row",
    "jv": "{days} dina urut", "su": "{days} dinten nurut",
}  # fmt: skip


class CalendarDay(NamedTuple):
    """One cell of a week or a month."""

    n: int
    state: str  # done kept missed now next bonus
    points: int  # the milestone's bonus, 0 for an ordinary day
    on: date
    is_today: bool


class Streak(NamedTuple):
    """What a member sees of her streak."""

    length: int  # days
    best: int
    today_done: bool  # today's check-in is made
    is_paused: bool
    freezes: int  # held
    week: tuple[CalendarDay, ...]  # Monday to Sunday
    next_milestone: int | None
    days_left: int  # to the next milestone
    bonus: int  # its points
    repairable_on: date | None

    @property
    def text(self) -> str:
        """The line under the number: what is near, or what protects the run."""
        if self.repairable_on:
            return str(_("Kemarin lewat. Hari ini masih bisa diperbaiki."))
        if self.next_milestone and self.bonus:
            left = ngettext("%(num)s hari lagi", "%(num)s hari lagi", self.days_left)
            return str(_("%(left)s: bonus %(points)s poin", left=left, points=number(self.bonus)))
        return str(_("Jatah libur: %(freezes)s", freezes=self.freezes))


def rules_of_program() -> Rules:
    said = program.current().streak
    return Rules(
        milestones=tuple(sorted(int(days) for days in said.milestones)),
        freezes_max=said.freezes_max,
        repair_days=said.repair_days,
        repair_points=said.repair_points,
        late_h=said.late_h,
        pause_max_days=said.pause_max_days,
        pause_year_days=said.pause_year_days,
    )


class Found(NamedTuple):
    """What a member's streak is made of: where it stood, and the facts since then."""

    rows: Sequence[Any]  # the columns of StreakFact, and of StreakBase beside each

    @property
    def base(self) -> Any | None:
        """The row that bears the base (base_on, state), if there is one: every row then does."""
        return self.rows[0] if self.rows and self.rows[0].base_on else None

    def has(self, key: str) -> bool:
        return any(row.key == key for row in self.rows)

    def without(self, key: str) -> Found:
        return self._replace(rows=[row for row in self.rows if row.key != key])

    def check_ins(self) -> Iterator[Any]:
        return (row for row in self.rows if row.kind == CHECK_IN)


def read(member_id: int) -> Found:
    """Everything a member's streak is made of, in one statement.

    Some months of it, however long the run: what is older is in the base. A base is written
    after a check-in that is younger than it, so one that is there comes with rows.
    """
    return Found(_MINE.rows(member_id=member_id, since=program_day() - PAUSES_FOR))


_MINE = Asked(
    select(
        StreakFact.kind, StreakFact.key, StreakFact.on.label("on"), StreakFact.until_on,
        StreakFact.announced_on, StreakFact.is_late, StreakBase.until_on.label("base_on"),
        StreakBase.state,
    )
    .outerjoin(StreakBase, StreakBase.member_id == StreakFact.member_id)
    .where(
        StreakFact.member_id == bindparam("member_id"),
        or_(
            StreakBase.until_on.is_(None),
            StreakFact.on >= StreakBase.until_on,
            and_(StreakFact.kind == PAUSE, StreakFact.on >= bindparam("since")),
        ),
    )
)  # fmt: skip


def facts(known: Found) -> Facts:
    """What was read, and the shop's closed days, as the rules read them."""
    found, base = known.rows, known.base
    closed = program.current().streak.closed
    by_shop = [Pause(c.first_on, c.last_on, c.first_on, rules.SHOP) for c in closed]
    by_member = [
        Pause(row.on, row.until_on or row.on, row.announced_on or row.on)
        for row in found
        if row.kind == PAUSE
    ]
    return Facts(
        check_ins=frozenset(row.on for row in found if row.kind == CHECK_IN),
        pauses=(*by_shop, *by_member),
        grants=tuple(row.on for row in found if row.kind == FREEZE),
        repairs=frozenset(row.on for row in found if row.kind == REPAIR),
        base=_state(base.state) if base else rules.State(),
        base_on=base.base_on if base else None,
    )


def _state(said: dict[str, Any]) -> rules.State:
    days = {n: said[n] and date.fromisoformat(said[n]) for n in ("started_on", "broke_on")}
    return rules.State(**{**said, **days})


def fold(member_id: int, known: Facts, on: date) -> None:
    """Close days that nothing can change any more, once they are many. After a check-in."""
    first = known.base_on or min(known.check_ins, default=on)
    if on - first < FOLD_AFTER:
        return
    until_on = on - FOLD_KEEPS
    state = rules.closed(known, rules_of_program(), until_on)._asdict()
    plain = {n: v.isoformat() if isinstance(v, date) else v for n, v in state.items()}
    row = StreakBase(member_id=member_id, until_on=until_on, state=plain)
    stored, is_ours = claim(row, member_id=member_id)
    if not is_ours:
        stored.until_on, stored.state = until_on, plain


def standing(member_id: int) -> Standing:
    return rules.standing(facts(read(member_id)), rules_of_program(), program_day())


def show(known: Facts, today: date) -> Streak:
    """The streak and its week, from facts already read."""
    ruled = rules_of_program()
    found = rules.standing(known, ruled, today)
    length = found.state.length_days
    return Streak(
        length=length,
        best=found.state.best_days,
        today_done=found.is_done,
        is_paused=found.is_paused,
        freezes=found.state.freezes,
        week=week(known, ruled, today),
        next_milestone=found.next_milestone,
        days_left=(found.next_milestone or length) - length,
        bonus=bonus_points(found.next_milestone),
        repairable_on=found.repairable_on,
    )


def week(known: Facts, ruled: Rules, today: date) -> tuple[CalendarDay, ...]:
    """Monday to Sunday of the week of `today`."""
    monday = today - today.weekday() * DAY
    cells = streak_month.days(known, ruled, monday, monday + 7 * DAY, today)
    return tuple(_day(cell, today) for cell in cells)


def month(known: Facts, first_on: date, today: date) -> tuple[CalendarDay, ...]:
    """The days of the month that begins on `first_on`."""
    cells = streak_month.month(known, rules_of_program(), first_on, today)
    return tuple(_day(cell, today) for cell in cells)


def bonus_points(milestone: int | None) -> int:
    """What reaching a milestone (in days) pays."""
    return program.current().streak.milestones.get(str(milestone), 0)


def freezes_full(member_id: int, key: str) -> bool:
    """Whether no further freeze can be had; the one of `key` itself does not count against it."""
    found = read(member_id).without(f"freeze:{key}")
    state = rules.standing(facts(found), rules_of_program(), program_day()).state
    return rules.refuse_freeze(state, rules_of_program()) is not None


def award(member_id: int, on: date) -> int:
    """Pay every milestone reached up to day `on` that was not paid; the points paid now."""
    known = facts(read(member_id))
    fold(member_id, known, on)
    reached = rules.reached(known, rules_of_program(), on)
    # Only what a late fact can still move; older milestones were paid long ago.
    recent = [r for r in reached if r.on > on - AWARD_LOOKBACK]
    if not recent:
        return 0
    awards = select(StreakAward.milestone_days, StreakAward.started_on).where(
        StreakAward.member_id == member_id
    )
    paid = {(row.milestone_days, row.started_on) for row in db.session.execute(awards)}
    return sum(_pay(member_id, r) for r in recent if (r.milestone, r.started_on) not in paid)


def _pay(member_id: int, reached: rules.Reached) -> int:
    points = bonus_points(reached.milestone)
    days, started_on = reached.milestone, reached.started_on
    row = StreakAward(
        member_id=member_id, milestone_days=days, started_on=started_on, points=points, at=now()
    )
    unique = {"member_id": member_id, "milestone_days": days, "started_on": started_on}
    _, is_ours = claim(row, **unique)
    if not (is_ours and points):
        return 0
    ledger.earn(
        member_id,
        points,
        key=f"streak:{member_id}:{days}:{started_on}",
        source="mission",
        reason="streak",
        facts={"title": {lang: words.format(days=days) for lang, words in TITLE.items()}},
    )
    return points


def _day(cell: streak_month.Cell, today: date) -> CalendarDay:
    is_today = cell.on == today
    state = MARKS.get(cell.mark, cell.mark)
    if is_today and state == "done":
        state = "now"  # the prototype's unfolded petal
    points = bonus_points(cell.milestone) if cell.on >= today else 0
    return CalendarDay(cell.on.day, state, points, cell.on, is_today)
