"""What the program file says of playing: prizes, missions, streaks, wheels, quizzes, cards."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

import games
from pwa.program.parts import LANGUAGES, Art, Code, Part, Points, Rupiah, Text, Tone

GOODS = ("voucher", "product")  # what the law calls a prize, as points are not
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


def unique(what: str, codes: list[str]) -> None:
    """Raise ValueError when two parts of one kind share a code."""
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"two {what}s are called {twice[0]!r}")


class Prize(Part):
    """What a mission or a wheel's slice pays."""

    kind: Literal["points", "spin", "voucher", "product", "freeze", "nothing"] = "points"
    points: Points = 0
    reward: Code | None = None  # for a voucher and a product: what it is a voucher for

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.kind == "points") != (self.points > 0):
            raise ValueError("a prize of points needs `points` above 0, and no other kind has any")
        if (self.kind in ("voucher", "product")) != (self.reward is not None):
            raise ValueError("a prize voucher names its `reward`, and no other kind does")
        return self


class Mission(Part):
    code: Code
    trigger: Literal[
        "check_in", "purchase", "quiz_done", "quiz_score", "spin", "game_played",
        "profile_completed", "push_on", "review", "survey", "friend_joined", "friend_bought",
        "voucher_used", "outlet_visited",
    ]  # fmt: skip
    name: Text
    text: Text
    art: Art
    tone: Tone = "leaf"
    prize: Prize
    wanted: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1
    # sum: of what the trigger counts: rupiah, right answers, characters
    count: Literal["times", "rupiah", "sum", "days"] = "times"
    category: Code | None = None  # purchase: only with a product of this category
    eco: bool = False  # purchase: only with an eco-friendly product
    minimum_rupiah: Rupiah = 0
    where: dict[str, Any] = Field(default_factory=dict)  # more conditions, see games/mission.py
    window: Literal["once", "daily", "weekly", "monthly", "season"] = "daily"
    starts_on: date | None = None
    ends_on: date | None = None
    after: Code | None = None  # the mission that unlocks this one
    on_refund: Literal["take_back", "keep"] = "take_back"  # its points, once goods came back
    tiers: tuple[Code, ...] = ()  # empty: for everyone
    joined_within_days: Annotated[int, Field(ge=1, le=3660)] | None = None  # new members only
    # daily: "fixed" is in every member's set of the day, "pool" may be drawn into it
    in_set: Literal["", "fixed", "pool"] = ""

    @model_validator(mode="after")
    def _season_has_dates(self) -> Self:
        if self.window == "season" and not (self.starts_on and self.ends_on):
            raise ValueError("a season mission needs starts_on and ends_on")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        if self.in_set and self.window != "daily":
            raise ValueError("only a daily mission can be in the set of the day")
        return self


class DailySet(Part):
    """The set of the day: the missions marked `in_set`, a few drawn for each member."""

    drawn: Annotated[int, Field(ge=0, le=10)] = 2  # from the pool, for each member and day
    bonus_points: Points = 0  # when all of the set is done
    swaps: Literal[0, 1] = 1  # of a drawn mission, a day


class Closed(Part):
    """Days on which the shop is closed: they neither count in a streak nor break it."""

    first_on: date
    last_on: date
    name: Text


class Streak(Part):
    """Bonus points by the length of an unbroken run of check-in days."""

    milestones: dict[Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")], Points] = Field(
        default_factory=lambda: {"3": 10, "7": 25, "14": 50, "30": 100}
    )
    freezes_max: Annotated[int, Field(ge=0, le=5)] = 2  # held at once, spent without asking
    repair_days: Annotated[int, Field(ge=0, le=7)] = 1  # how long a missed day can be repaired
    repair_points: Annotated[int, Field(ge=1, le=1_000_000)] = 50
    pause_max_days: Annotated[int, Field(ge=0, le=366)] = 30
    pause_year_days: Annotated[int, Field(ge=0, le=366)] = 60
    late_h: Annotated[int, Field(ge=0, le=24)] = 24  # an offline check-in, synced later
    closed: tuple[Closed, ...] = ()


class Draw(Part):
    """Draw mode: prizes by lot under a permit (Permensos 4/2021, PP 132/2000)."""

    permit: Annotated[str, Field(min_length=1, max_length=80)]
    starts_on: date
    ends_on: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        return self

    def runs(self, on: date) -> bool:
        """Whether the draw runs on day `on`: only then is it played, and nothing changes."""
        return self.starts_on <= on <= self.ends_on


class Slice(Part):
    code: Code
    label: Text  # on the wheel: short
    weight: Annotated[int, Field(ge=1, le=1_000_000)]
    prize: Prize
    value_rupiah: Rupiah = 0
    stock_day: Count | None = None
    stock_total: Count | None = None
    tier: Code | None = None  # only on the wheel of this tier's members


class Wheel(Part):
    code: Code
    name: Text
    slices: Annotated[tuple[Slice, ...], Field(min_length=2, max_length=12)]
    consolation: Code  # the slice a run-out prize falls to; itself without limits
    free_daily: Annotated[int, Field(ge=0, le=10)] = 1
    free_daily_tiers: dict[Code, Annotated[int, Field(ge=0, le=10)]] = Field(default_factory=dict)
    ticket_rupiah: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None  # a ticket for each
    price_points: Annotated[int, Field(ge=1, le=1_000_000)] | None = None  # of a ticket more
    price_daily_cap: Annotated[int, Field(ge=0, le=100)] = 1  # how many may be bought in a day
    budget_day_points: Count | None = None
    budget_total_points: Count | None = None
    budget_day_rupiah: Count | None = None
    budget_total_rupiah: Count | None = None
    member_day: Annotated[int, Field(ge=1, le=100)] | None = None  # plays
    device_day: Annotated[int, Field(ge=1, le=1000)] | None = None
    draw: Draw | None = None

    @model_validator(mode="after")
    def _consolation_never_runs_out(self) -> Self:
        unique("slice", [s.code for s in self.slices])
        found = [s for s in self.slices if s.code == self.consolation]
        if not found:
            raise ValueError(f"consolation {self.consolation!r} is not one of the slices")
        if found[0].stock_day is not None or found[0].stock_total is not None:
            raise ValueError("the consolation slice can't have a stock: it must never run out")
        if found[0].prize.kind not in ("points", "nothing") or found[0].tier:
            raise ValueError("the consolation is points or kind words, and for every tier")
        return self

    @model_validator(mode="after")
    def _goods_by_lot_need_a_permit(self) -> Self:
        """Prizes other than points are drawn by lot: only in draw mode (product.md, rule 11)."""
        goods = [s for s in self.slices if s.prize.kind in GOODS]
        if goods and self.draw is None:
            raise ValueError(f"slice {goods[0].code!r} is not points: it needs `draw`, a permit")
        if worthless := [s.code for s in goods if not s.value_rupiah]:
            raise ValueError(f"slice {worthless[0]!r} needs `value_rupiah`: its tax is shown")
        return self

    def is_open(self, on: date) -> bool:
        """Whether this wheel is played on day `on`."""
        return self.draw is None or self.draw.runs(on)


class Option(Part):
    text: Text
    right: bool = False
    art: Art | None = None  # for picture questions

    @model_validator(mode="before")
    @classmethod
    def _text_may_be_flat(cls, given: object) -> object:
        """{ id = "Enau", right = true } says { text = { id = "Enau" }, right = true }."""
        if isinstance(given, str):
            return {"text": given}
        if isinstance(given, dict) and "text" not in given:
            text = {key: value for key, value in given.items() if key in LANGUAGES}
            rest = {key: value for key, value in given.items() if key not in LANGUAGES}
            return {"text": text, **rest}
        return given


class Question(Part):
    code: Code
    text: Text
    # order: the options as they stand are the right order
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=6)]
    explanation: Text
    kind: Literal[
        "single", "several", "true_false", "picture", "order", "earliest", "preference"
    ] = "single"
    asks: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")] | None = None  # preference
    seconds: Annotated[int, Field(ge=5, le=600)] | None = None  # instead of the quiz's own
    art: Art | None = None  # a drawing that goes with the question

    @model_validator(mode="after")
    def _has_right_answers(self) -> Self:
        right = sum(option.right for option in self.options)
        if self.kind in ("order", "preference"):
            if right:
                raise ValueError(f"question {self.code}: a {self.kind} question marks no option")
        elif right == 0 or (self.kind != "several" and right != 1):
            raise ValueError(f"question {self.code}: mark one right option (several: one or more)")
        if self.kind == "true_false" and len(self.options) != 2:
            raise ValueError(f"question {self.code}: true or false has two options")
        if self.kind == "picture" and not all(option.art for option in self.options):
            raise ValueError(f"question {self.code}: every option of a picture question has an art")
        return self


class Step(Part):
    """A prize for a score of at least `score`."""

    score: Annotated[int, Field(ge=1, le=1000)]
    prize: Prize


class Quiz(Part):
    code: Code
    name: Text
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    ask: Annotated[int, Field(ge=1, le=20)] = 3  # drawn for each attempt
    points_per_right: Points = 5
    seconds_per_question: Annotated[int, Field(ge=5, le=600)] = 20
    time_score: Annotated[int, Field(ge=0, le=10)] = 0  # on top of a right answer, for speed
    prizes: tuple[Step, ...] = ()  # by score, instead of points_per_right
    attempts_day: Annotated[int, Field(ge=1, le=10)] = 1  # the best is kept
    device_day: Annotated[int, Field(ge=1, le=1000)] | None = None  # attempts, whoever holds it
    theme: Literal["", "season", "product", "culture"] = ""
    starts_on: date | None = None  # a themed quiz takes its days from the daily rotation
    ends_on: date | None = None
    art: Art = "kuis"

    @model_validator(mode="after")
    def _enough_questions(self) -> Self:
        unique("question", [q.code for q in self.questions])
        unique("prize step", [str(step.score) for step in self.prizes])
        if self.ask > len(self.questions):
            raise ValueError(f"asks {self.ask} questions but has {len(self.questions)}")
        if (self.starts_on is None) != (self.ends_on is None):
            raise ValueError("starts_on and ends_on go together")
        if self.time_score and not self.prizes:
            raise ValueError("a quiz that counts speed says its `prizes` by score")
        return self


class Game(Part):
    """A game found by its name in games/; `config` is the game's own plain data."""

    name: Text
    text: Text
    config: dict[str, Any]
    labels: dict[Code, Text]  # of its prizes, by code
    art: Art = "tiket"
    free_daily: Annotated[int, Field(ge=0, le=10)] = 1
    budget_day_points: Count | None = None
    budget_total_points: Count | None = None
    budget_day_rupiah: Count | None = None
    budget_total_rupiah: Count | None = None
    member_day: Annotated[int, Field(ge=1, le=100)] | None = None  # plays
    device_day: Annotated[int, Field(ge=1, le=1000)] | None = None


def check_game(name: str, said: Game) -> None:
    """Raise ValueError when there is no such game, or it can't be played as it is set up."""
    known = games.discover()
    if name not in known or name in ("wheel", "quiz"):
        raise ValueError(f"there is no game {name!r} in games/ (a wheel and quizzes are set apart)")
    try:
        config = known[name].load(said.config)
    except (KeyError, TypeError) as error:
        raise ValueError(f"game {name}: {error}") from error
    if any(prize.kind in GOODS for prize in known[name].prizes(config)):
        raise ValueError(f"game {name}: gives points only; vouchers are for a wheel in draw mode")
    if problems := known[name].problems(config):
        raise ValueError(f"game {name}: {', '.join(problems)}")
    unnamed = {prize.code for prize in known[name].prizes(config)} - set(said.labels)
    if unnamed:
        raise ValueError(f"game {name}: no label for prize {sorted(unnamed)[0]!r}")
