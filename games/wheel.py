"""The prize wheel: integer weights, so the odds we publish are the odds we play."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from games import fairness, prize
from games.outcome import Outcome
from games.prize import Prize, settle

__all__ = ["NAME", "Odds", "Slice", "Wheel", "odds", "play", "settle", "spin", "version"]

NAME = "wheel"

Slice = Prize  # what a wheel calls a prize

MIN_SLICES = 2
MAX_SLICES = 12  # more can't be read at 320 px


class Wheel(NamedTuple):
    """A wheel as the owner set it up."""

    slices: tuple[Slice, ...]
    consolation: str  # code of the slice that stands in for one that is out


class Odds(NamedTuple):
    """The chance of one slice: `weight` in `total`, exactly."""

    code: str
    weight: int
    total: int

    @property
    def percent(self) -> str:
        """The chance in percent, with a point: "12.5"; two figures at least for a rare slice."""
        places = 2
        while places < 8 and self.weight * 100 * 10**places < 10 * self.total:
            places += 1
        scaled = (2 * self.weight * 100 * 10**places + self.total) // (2 * self.total)
        whole, part = divmod(scaled, 10**places)
        return f"{whole}.{part:0{places}d}".rstrip("0").rstrip(".")


def spin(slices: Sequence[Slice], roll: int) -> Slice:
    """The slice that `roll` lands on, for roll in [0, sum of weights)."""
    return slices[fairness.pick([s.weight for s in slices], roll)]


def odds(slices: Sequence[Slice]) -> tuple[Odds, ...]:
    """The odds to print beside the wheel, in the order of its slices."""
    weight = total_weight(slices)
    return tuple(Odds(s.code, s.weight, weight) for s in slices)


def total_weight(slices: Sequence[Slice]) -> int:
    """How many rolls this wheel has."""
    return sum(s.weight for s in slices)


def for_tiers(slices: Sequence[Slice], tiers: Collection[str]) -> tuple[Slice, ...]:
    """The wheel that a member of `tiers` sees and plays: common slices and those of their tiers."""
    return tuple(s for s in slices if not s.tier or s.tier in tiers)


def version(slices: Sequence[Slice]) -> str:
    """Hash of the whole wheel (all tiers), to be committed to before the day."""
    return fairness.wheel_version(plain(slices))


def plain(slices: Sequence[Slice]) -> list[dict[str, Any]]:
    """The slices as published: in this form they are hashed, and stand in a spin's proof."""
    return [s._asdict() for s in slices]


# The contract of games/__init__.py from here down.


def load(data: Mapping[str, Any]) -> Wheel:
    """A wheel from plain data. Raises ValueError on unknown fields."""
    return Wheel(tuple(prize.load(s) for s in data["slices"]), data["consolation"])


def problems(config: Wheel) -> tuple[str, ...]:
    """What keeps this wheel from being switched on, as codes; empty when nothing does."""
    codes = [s.code for s in config.slices]
    stand_in = [s for s in config.slices if s.code == config.consolation]
    wrong = {
        "slices_few": len(codes) < MIN_SLICES,
        "slices_many": len(codes) > MAX_SLICES,
        "code_twice": len(set(codes)) < len(codes),
        "consolation_missing": not stand_in,
        "consolation_limited": any(not _never_runs_out(s) for s in stand_in),
    }
    own = [code for s in config.slices for code in prize.problems(s)]
    return (*(name for name, is_wrong in wrong.items() if is_wrong), *own)


def prizes(config: Wheel) -> tuple[Prize, ...]:
    """All that this wheel can give."""
    return config.slices


def total(config: Wheel) -> int:
    """Rolls run from 0 to this, exclusive."""
    return total_weight(config.slices)


def play(config: Wheel, roll: int, answers: Sequence[Any] = ()) -> Outcome:
    """Spin once. `shown["place"]` is where the pointer rests if the prize is not out."""
    place = fairness.pick([s.weight for s in config.slices], roll)
    return Outcome(config.slices[place], {"place": place})


def _never_runs_out(consolation: Slice) -> bool:
    # Another spin as consolation would spin for ever once all else is out.
    is_plain = consolation.kind in (prize.NOTHING, prize.POINTS) and consolation.tier is None
    return is_plain and consolation.stock_day is None and consolation.stock_total is None
