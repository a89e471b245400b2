"""What the simulator's prizes come from and cost: one purse for each game, day by day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from games.prize import Prize, Remaining, Spent, remaining, settle, take, why_out
from games.program import Source


class Cost(NamedTuple):
    points: int
    rupiah: int  # value of prizes, and of points that carry no value of their own


class Figures(NamedTuple):
    """Cost of one program day."""

    mean: Cost
    p95: Cost  # nearest rank


class Purse:
    """What one source has given, and has left today."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.spent_points = self.spent_rupiah = self.unpaid = 0
        self.pieces: Counter[str] = Counter()
        self.days: list[Cost] = []
        self.out_on: set[tuple[str, int]] = set()
        self.is_limited = _is_limited(source)
        self.left = Remaining()
        self.today = Cost(0, 0)

    def open(self) -> None:
        """Begin a day."""
        spent = Spent(0, self.spent_points, 0, self.spent_rupiah, pieces_total=self.pieces)
        self.left = remaining(self.source.prizes, self.source.budget, spent)
        self.today = Cost(0, 0)

    def give(self, raw: Prize, point_rupiah: int) -> Prize:
        """Settle and pay one prize, as a play would."""
        given = raw
        if self.is_limited:
            if why_out(raw, self.left):
                self.unpaid += 1
                self.out_on.add((raw.code, len(self.days)))
            given = settle(raw, self.left, self.source.consolation)
            self.left = take(self.left, given)
            self.spent_points += given.points
            self.spent_rupiah += given.value_rupiah
            self.pieces[given.code] += 1
        rupiah = given.value_rupiah or given.points * point_rupiah
        self.today = Cost(self.today.points + given.points, self.today.rupiah + rupiah)
        return given

    def close(self) -> None:
        """End the day."""
        self.days.append(self.today)


def summed(costs: Iterable[Cost]) -> Cost:
    """Costs put together."""
    kept = list(costs)
    return Cost(sum(c.points for c in kept), sum(c.rupiah for c in kept))


def figures(costs: Sequence[Cost]) -> Figures:
    """Mean, rounded up, and 95th percentile of costs, points and rupiah each for itself."""
    points = sorted(c.points for c in costs)
    rupiah = sorted(c.rupiah for c in costs)
    rank = -(-95 * len(costs) // 100) - 1
    mean = Cost(-(-sum(points) // len(points)), -(-sum(rupiah) // len(rupiah)))
    return Figures(mean, Cost(points[rank], rupiah[rank]))


def _is_limited(source: Source) -> bool:
    stocks = [n for p in source.prizes for n in (p.stock_day, p.stock_total)]
    return any(n is not None for n in [*source.budget, *stocks])
