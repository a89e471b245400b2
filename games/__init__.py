"""Pure rules: no clock, no randomness, no database. Callers pass the day and the roll.

A game is a module in this package that has these names; it is found, nothing is registered:

    NAME                          its code, and the stem of its template
    load(data) -> Config          from plain data (JSON); ValueError when it can't be read
    problems(config) -> (code,)   what keeps it from being switched on
    prizes(config) -> (Prize,)    all that it can give
    total(config) -> int          rolls run from 0 to this, exclusive
    play(config, roll, answers) -> Outcome    a game of chance takes no notice of the answers
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

from games.outcome import Outcome
from games.prize import Prize

CONTRACT = ("NAME", "load", "problems", "prizes", "total", "play")


class Game(Protocol):
    """A module that keeps the contract. A config is its own affair, hence Any."""

    NAME: str

    def load(self, data: Mapping[str, Any]) -> Any: ...
    def problems(self, config: Any) -> tuple[str, ...]: ...
    def prizes(self, config: Any) -> tuple[Prize, ...]: ...
    def total(self, config: Any) -> int: ...
    def play(self, config: Any, roll: int, answers: Sequence[Any] = ()) -> Outcome: ...


def discover() -> dict[str, Game]:
    """Every game in this package, by name."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    games: list[Any] = [m for m in modules if all(hasattr(m, name) for name in CONTRACT)]
    return {game.NAME: game for game in games}
