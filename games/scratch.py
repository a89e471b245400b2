"""A scratch card: nine fields, and three alike win."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from games import fairness, prize
from games.outcome import Outcome
from games.prize import NOTHING, Prize

NAME = "scratch"

FIELDS = 9
ALIKE = 3  # that many win; any other symbol stands there at most twice
SYMBOLS = ("kopi", "kawung", "wayang", "angklung", "melati", "becak", "durian", "perahu")
CARDS = 1000  # different cards for each chance, so that a loser's card is not always the same


class Card(NamedTuple):
    prizes: tuple[Prize, ...]  # up to as many as SYMBOLS, in order; a NOTHING among them loses
    consolation: str


def load(data: Mapping[str, Any]) -> Card:
    """A card from plain data. Raises ValueError on unknown fields."""
    return Card(tuple(prize.load(p) for p in data["prizes"]), data["consolation"])


def problems(config: Card) -> tuple[str, ...]:
    """What keeps this card from being switched on, as codes."""
    codes = [p.code for p in config.prizes]
    wrong = {
        "prizes": not 1 <= len(codes) <= len(SYMBOLS),
        "code_twice": len(set(codes)) < len(codes),
        "consolation_missing": config.consolation not in codes,
    }
    own = [code for p in config.prizes for code in prize.problems(p)]
    return (*(name for name, is_wrong in wrong.items() if is_wrong), *own)


def prizes(config: Card) -> tuple[Prize, ...]:
    """All that this card can give."""
    return config.prizes


def total(config: Card) -> int:
    """Rolls run from 0 to this, exclusive: the chances, each with many cards."""
    return sum(p.weight for p in config.prizes) * CARDS


def play(config: Card, roll: int, answers: Sequence[Any] = ()) -> Outcome:
    """Scratch one card. `shown["fields"]` are its symbols, row by row."""
    place = fairness.pick([p.weight for p in config.prizes], roll // CARDS)
    won = config.prizes[place]
    return Outcome(won, {"fields": fields(None if won.kind == NOTHING else place, roll)})


def fields(winner: int | None, roll: int) -> tuple[str, ...]:
    """Nine symbols: the winner's three times and no other more than twice."""
    seed_hex = sha256(str(roll).encode()).hexdigest()  # the roll is public: this is decoration
    winning = [] if winner is None else [SYMBOLS[winner]] * ALIKE
    others = [s for s in SYMBOLS if s not in winning] * (ALIKE - 1)
    filling = fairness.draw(seed_hex, "filling", others, FIELDS - len(winning))
    return fairness.shuffle(seed_hex, "fields", [*winning, *filling])
