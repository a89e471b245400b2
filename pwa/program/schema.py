"""The program file's shape. Whatever a shop may decide about its program is said here.

Definitions (missions, wheel, quizzes, rewards, tiers, products) live in this document and
are read from memory; what members do with them lives in each feature's tables and names
them by code. Points and rupiah are whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from pwa.program.asking import Friends, Survey
from pwa.program.earning import Campaign, Earning, EarningRule, Expiry, PlannedCampaign
from pwa.program.holidays import Holiday
from pwa.program.parts import (
    LANGUAGES,
    Art,
    Code,
    Language,
    Part,
    Percent,
    Points,
    Rupiah,
    Sku,
    Text,
    Tone,
)
from pwa.program.playing import (
    DailySet,
    Game,
    Mission,
    Option,
    Prize,
    Question,
    Quiz,
    Slice,
    Streak,
    Wheel,
    check_game,
)
from pwa.program.playing import unique as _unique
from pwa.program.rewarding import Reward, Till
from pwa.program.tiering import Perk, Tier, Tiering, check_tiers

__all__ = [
    "LANGUAGES",
    "Art",
    "Campaign",
    "Code",
    "DailySet",
    "Earning",
    "EarningRule",
    "Expiry",
    "Friends",
    "Game",
    "Holiday",
    "Identity",
    "Language",
    "Mission",
    "Option",
    "Outlet",
    "Part",
    "Percent",
    "Perk",
    "Points",
    "Prize",
    "Product",
    "Program",
    "Question",
    "Quiz",
    "Reward",
    "Rupiah",
    "Sku",
    "Slice",
    "Streak",
    "Survey",
    "Text",
    "Tier",
    "Tiering",
    "Till",
    "Tone",
    "Wheel",
]  # fmt: skip


class Outlet(Part):
    code: Code
    name: Text
    address: str = ""
    hours: str = ""
    visit_key: Annotated[int, Field(ge=1, le=1_000_000)] = 1  # another makes old posters void


class Product(Part):
    sku: Sku
    name: Text
    category: Code
    brand: Code | None = None
    price_rupiah: Rupiah
    art: Art
    eco: bool = False
    stock: dict[Code, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)  # by outlet


class Identity(Part):
    code: Code
    name: Annotated[str, Field(min_length=1, max_length=40)]
    short_name: Annotated[str, Field(min_length=1, max_length=12)]
    tagline: Text
    brand: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
    logo: Art
    card_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    zone: str = "Asia/Jakarta"
    currency: Literal["IDR"] = "IDR"
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("id", "en")
    welcome_points: Points = 0
    terms_version: str = "1"
    privacy_version: str = "1"

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{zone!r} is not a time zone, try Asia/Jakarta") from error
        return zone


# What a feature checks of the rewards it carries out, wired in by it: settings of the kinds.
REWARD_CHECKS: list[Callable[[Reward, Program], None]] = []


class Program(Part):
    """All of one shop's program."""

    program: Identity
    earning: Earning
    streak: Streak = Streak()
    daily: DailySet = DailySet()
    tiering: Tiering = Tiering()
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    missions: tuple[Mission, ...] = ()
    wheels: tuple[Wheel, ...] = ()
    quizzes: tuple[Quiz, ...] = ()
    games: dict[Code, Game] = Field(default_factory=dict)  # others, by their name in games/
    outlets: Annotated[tuple[Outlet, ...], Field(min_length=1)]
    products: tuple[Product, ...] = ()
    rewards: tuple[Reward, ...] = ()
    campaigns: tuple[PlannedCampaign, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    categories: dict[Code, Text] = Field(default_factory=dict)  # their names on screens
    till: Till = Till()
    friends: Friends = Friends()
    surveys: tuple[Survey, ...] = ()

    @model_validator(mode="after")
    def _codes_agree(self) -> Self:
        for name, parts in self._lists().items():
            _unique(name, [getattr(part, "code", None) or part.sku for part in parts])  # type: ignore[attr-defined]
        _unique("earning rule", [r.code for r in (*self.earning.rules, *self.campaigns)])
        check_tiers(self.tiers)
        self._references_exist()
        for name, game in self.games.items():
            check_game(name, game)
        return self

    def _lists(self) -> dict[str, tuple[Part, ...]]:
        return {
            "tier": self.tiers, "mission": self.missions, "wheel": self.wheels,
            "quiz": self.quizzes, "outlet": self.outlets, "product": self.products,
            "reward": self.rewards, "campaign": self.campaigns,
            "holiday": self.holidays, "survey": self.surveys,
        }  # fmt: skip

    def _references_exist(self) -> None:
        tiers = {t.code for t in self.tiers}
        rewards = {r.code for r in self.rewards}
        outlets = {o.code for o in self.outlets}
        missions = {m.code for m in self.missions}
        for mission in self.missions:
            _known("tier", mission.tiers, tiers, f"mission {mission.code}")
            _known("mission", [mission.after] if mission.after else [], missions, mission.code)
        for prize, owner in self._prizes():
            _known("reward", [prize.reward] if prize.reward else [], rewards, owner)
        for product in self.products:
            _known("outlet", product.stock, outlets, f"product {product.sku}")
        for reward in self.rewards:
            for check in REWARD_CHECKS:
                check(reward, self)
            _known("tier", reward.tiers, tiers, f"reward {reward.code}")
            _known("tier", reward.early_hours, tiers, f"reward {reward.code}")
            _known("outlet", reward.outlets, outlets, f"reward {reward.code}")
        skus = {p.sku for p in self.products}
        brands = {p.brand for p in self.products if p.brand}
        kinds = {p.category for p in self.products}
        for rule in (*self.earning.rules, *self.campaigns):
            _known("tier", rule.tiers, tiers, f"rule {rule.code}")
            _known("outlet", rule.outlets, outlets, f"rule {rule.code}")
            _known("product", rule.products, skus, f"rule {rule.code}")
            _known("brand", rule.brands, brands, f"rule {rule.code}")
            _known("category", rule.bought_categories, kinds, f"rule {rule.code}")
        holidays = {h.code for h in self.holidays}
        for one in self.campaigns:
            _known("holiday", [one.holiday] if one.holiday else [], holidays, f"rule {one.code}")

    def _prizes(self) -> list[tuple[Prize, str]]:
        missions = [(m.prize, f"mission {m.code}") for m in self.missions]
        slices = [(s.prize, f"wheel {w.code}") for w in self.wheels for s in w.slices]
        steps = [(s.prize, f"quiz {q.code}") for q in self.quizzes for s in q.prizes]
        perks = [(p.prize, f"tier {t.code}") for t in self.tiers for p in t.perks]
        return missions + slices + steps + perks

    def tier(self, code: str) -> Tier:
        return next(t for t in self.tiers if t.code == code)

    def mission(self, code: str) -> Mission | None:
        return next((m for m in self.missions if m.code == code), None)

    def wheel(self, code: str) -> Wheel | None:
        return next((w for w in self.wheels if w.code == code), None)

    def quiz(self, code: str) -> Quiz | None:
        return next((q for q in self.quizzes if q.code == code), None)

    def reward(self, code: str) -> Reward | None:
        return next((r for r in self.rewards if r.code == code), None)

    def survey(self, code: str) -> Survey | None:
        return next((s for s in self.surveys if s.code == code), None)

    def outlet(self, code: str) -> Outlet | None:
        return next((o for o in self.outlets if o.code == code), None)

    def product(self, sku: str) -> Product | None:
        return next((p for p in self.products if p.sku == sku), None)


def _known(what: str, codes: object, known: set[str], owner: str) -> None:
    for code in codes:  # type: ignore[attr-defined]
        if code not in known:
            raise ValueError(f"{owner} names {what} {code!r}, which does not exist")
