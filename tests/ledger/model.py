"""A plain, slow model of the ledger's rules: lists of lots, and nothing clever."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pwa.clock import program_day
from pwa.ledger.expiry import NEVER_ON, Expiry


class Refused(Exception):
    """The model refuses, by the name of the error that the ledger should raise."""


@dataclass
class ModelLot:
    number: int
    expires_on: date
    idle_days: int | None
    matures_at: datetime | None = None
    spendable: int = 0
    pending: int = 0
    held: int = 0
    expired: int = 0

    @property
    def places(self) -> tuple[object, ...]:
        return self.spendable, self.pending, self.held, self.expired, self.expires_on


@dataclass
class Move:
    """One earlier movement: what reversals and refunds need to know."""

    member: int
    kind: str
    points: int
    lots: list[ModelLot] = field(default_factory=list)  # that it opened
    parts: list[tuple[ModelLot, int]] = field(default_factory=list)  # that it took
    taken: int = 0
    returned: int = 0
    is_reversed: bool = False


@dataclass
class Person:
    lots: list[ModelLot] = field(default_factory=list)
    debt: int = 0
    active_on: date | None = None

    def open_lots(self, today: date) -> list[ModelLot]:
        lots = [lot for lot in self.lots if lot.spendable and lot.expires_on >= today]
        return sorted(lots, key=lambda lot: (lot.expires_on, lot.number))

    def spendable(self, today: date) -> int:
        return sum(lot.spendable for lot in self.open_lots(today))

    @property
    def balance(self) -> int:
        return sum(lot.spendable for lot in self.lots) - self.debt

    def be_active(self, today: date) -> None:
        """Something the member did: what lasts while they are active lasts longer."""
        if self.active_on != today:
            for lot in self.open_lots(today):
                if lot.idle_days is not None:
                    lot.expires_on = max(lot.expires_on, today + timedelta(days=lot.idle_days))
        self.active_on = today

    def pay_debt(self, points: int) -> int:
        """What of `points` is left after the debt."""
        paid = min(points, self.debt)
        self.debt -= paid
        return points - paid

    def give_back(self, lot: ModelLot, points: int) -> None:
        left = self.pay_debt(points)
        lot.spendable += left
        if left and lot.idle_days is not None and self.active_on:
            until = self.active_on + timedelta(days=lot.idle_days)
            lot.expires_on = max(lot.expires_on, until)


class Model:
    def __init__(self, members: tuple[int, ...]) -> None:
        self.people = {id_: Person() for id_ in members}
        self.moves: dict[str, Move] = {}
        self.count = 0

    def _lot(self, member: int, expires_on: date, idle_days: int | None) -> ModelLot:
        self.count += 1
        lot = ModelLot(self.count, expires_on, idle_days)
        self.people[member].lots.append(lot)
        return lot

    def earn(
        self, key: str, member: int, points: int, expiry: Expiry, matures_at: datetime | None,
        now: datetime, kind: str = "earn",
    ) -> None:  # fmt: skip
        person = self.people[member]
        if kind == "earn":
            person.be_active(program_day(now))
        waits = matures_at is not None and matures_at > now
        first_on = program_day(matures_at if waits else now)
        move = self.moves[key] = Move(member, kind, points)
        left = points if waits else person.pay_debt(points)
        if left:
            lot = self._lot(member, expiry.last_day(first_on), expiry.idle_days)
            move.lots.append(lot)
            if waits:
                lot.pending, lot.matures_at = left, matures_at
            else:
                lot.spendable = left

    def _take(self, member: int, points: int, today: date) -> list[tuple[ModelLot, int]]:
        person = self.people[member]
        if points > person.spendable(today):
            raise Refused("not_enough_points")
        parts = []
        for lot in person.open_lots(today):
            taken = min(lot.spendable, points)
            if taken:
                lot.spendable -= taken
                points -= taken
                parts.append((lot, taken))
        return parts

    def spend(self, key: str, kind: str, member: int, points: int, now: datetime) -> None:
        today = program_day(now)
        person = self.people[member]
        if points > person.spendable(today):
            raise Refused("not_enough_points")
        if kind in ("burn", "hold"):
            person.be_active(today)
        parts = self._take(member, points, today)
        self.moves[key] = Move(member, kind, -points, parts=parts)
        if kind == "hold":
            for lot, taken in parts:
                lot.held += taken

    def finish(self, key: str, kind: str, hold_key: str, points: int | None) -> None:
        hold = self.moves[hold_key]
        left = sum(taken for _, taken in hold.parts)
        wanted = left if points is None else points
        if not 0 < wanted <= left:
            raise Refused("more_than_given")
        hold.parts.sort(key=lambda part: (part[0].expires_on, part[0].number))
        done, rest = [], []
        for lot, taken in hold.parts:
            now_ = min(taken, wanted)
            wanted -= now_
            if now_:
                done.append((lot, now_))
            if taken > now_:
                rest.append((lot, taken - now_))
        hold.parts = rest
        for lot, taken in done:
            lot.held -= taken
            if kind == "release":
                self.people[hold.member].give_back(lot, taken)
        total = sum(taken for _, taken in done)
        self.moves[key] = Move(hold.member, kind, -total, parts=done)

    def transfer(self, key: str, giver: int, taker: int, points: int, now: datetime) -> None:
        parts = self._take(giver, points, program_day(now))
        self.moves[key] = Move(giver, "send", -points, parts=parts)
        for lot, taken in sorted(parts, key=lambda part: (part[0].expires_on, part[0].number)):
            left = self.people[taker].pay_debt(taken)
            if left:
                twin = self._lot(taker, lot.expires_on, lot.idle_days)
                twin.spendable = left

    def mature(self, now: datetime) -> None:
        for person in self.people.values():
            for lot in sorted(person.lots, key=lambda lot: (lot.expires_on, lot.number)):
                if lot.pending and lot.matures_at and lot.matures_at <= now:
                    points, lot.pending = lot.pending, 0
                    person.give_back(lot, points)

    def expire(self, now: datetime) -> None:
        for person in self.people.values():
            for lot in person.lots:
                if lot.spendable and lot.expires_on < program_day(now):
                    lot.expired += lot.spendable
                    lot.spendable = 0

    def reverse(self, original_key: str, now: datetime) -> None:
        move = self.moves[original_key]
        if move.kind in ("hold", "release", "send"):
            raise Refused("not_reversible")
        if move.is_reversed:
            raise Refused("already_reversed")
        move.is_reversed = True
        person = self.people[move.member]
        if move.points < 0:
            for lot, taken in sorted(move.parts, key=lambda p: (p[0].expires_on, p[0].number)):
                person.give_back(lot, taken)
        else:
            expired = sum(lot.expired for lot in move.lots)
            self._take_back(move, move.points - move.taken - expired, now)

    def refund(self, original_key: str, returned: int, total: int, now: datetime) -> None:
        move = self.moves[original_key]
        if move.kind != "earn":
            raise Refused("not_reversible")
        if move.is_reversed or move.returned + returned > total:
            raise Refused("more_than_given")
        move.returned += returned
        share = move.points * move.returned // total
        expired = sum(lot.expired for lot in move.lots)
        self._take_back(move, max(0, share - move.taken - expired), now)

    def _take_back(self, move: Move, due: int, now: datetime) -> None:
        move.taken += due
        person = self.people[move.member]
        for lot in move.lots:
            for place in ("pending", "spendable"):
                taken = min(due, getattr(lot, place))
                setattr(lot, place, getattr(lot, place) - taken)
                due -= taken
        for lot in person.open_lots(program_day(now)):
            taken = min(due, lot.spendable)
            lot.spendable -= taken
            due -= taken
        person.debt += due

    def next_expiry(self, member: int, today: date) -> tuple[date | None, int]:
        lots = [x for x in self.people[member].open_lots(today) if x.expires_on < NEVER_ON]
        if not lots:
            return None, 0
        on = lots[0].expires_on
        return on, sum(lot.spendable for lot in lots if lot.expires_on == on)
