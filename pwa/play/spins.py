"""Spinning: one ticket, one roll, one prize, in one transaction. Callers commit."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from games import fairness
from games import wheel as rules
from games.limits import Limits
from games.prize import Prize as RulesPrize
from pwa import counters, outbox
from pwa.clock import now, program_day
from pwa.db import db
from pwa.errors import KeyReused, LoyaltyError, NotFound
from pwa.ledger import service as ledger
from pwa.members import codes
from pwa.members.models import Member
from pwa.play import guard, prizes, stock, tickets, wheels
from pwa.play.errors import NotForSale, NoTicket, TicketCap, WheelChanged
from pwa.play.models import GameDay, Player, Spin, Ticket
from pwa.program import service as program
from pwa.program.schema import Prize, Wheel
from pwa.tiers import service as tiers

TICKET_TITLE = {
    "id": "Putaran tambahan", "en": "An extra spin",
    "jv": "Puteran tambahan", "su": "Puteran tambahan",
}  # fmt: skip


def spin(member: Member, key: str, version: str = "", device: str = "") -> Spin:
    """Spin the wheel once for one ticket; the same key gives the same spin.

    `version` is the wheel that the page showed, "" to spin whichever there is. The result and
    its prize are in the caller's transaction. Raises NoTicket, WheelChanged, TooManyPlays.
    """
    wheel, on = wheels.current(), program_day()
    player = tickets.lock(member.id)
    if earlier := by_key(member.id, key):
        return same(earlier, earlier.game not in program.current().games)
    day = wheels.prepare(wheel, on)
    mine = wheels.seen_by(wheels.played(day, wheel), my_tiers(member.id, wheel))
    if version and version != wheels.version_of(mine):
        raise WheelChanged()
    ticket = _ticket(player, wheel, member.id)
    limits = Limits(wheel.member_day, wheel.device_day)
    guard.refuse(wheel.code, limits, member.id, device, on)
    return _play(member, player, wheel, day, ticket, key, device)


def buy_ticket(member_id: int, key: str) -> Ticket:
    """Change points for one more spin, once for `key`, up to the wheel's cap for the day.

    Raises NotForSale, TicketCap, NotEnoughPoints.
    """
    wheel, on = wheels.current(), program_day()
    if wheel.price_points is None:
        raise NotForSale()
    player = tickets.lock(member_id)
    if earlier := tickets.of_key(member_id, wheel.code, f"bought:{key}"):
        return earlier
    if not counters.take(f"tickets:{member_id}:{on}", 1, wheel.price_daily_cap, on):
        raise TicketCap()
    ticket = tickets.give(player, wheel.code, f"bought:{key}", on)
    ledger.burn(
        member_id,
        wheel.price_points,
        key=f"ticket:{ticket.id}",
        reason="ticket",
        facts={"title": TICKET_TITLE},
    )
    return ticket


def by_key(member_id: int, key: str) -> Spin | None:
    return db.session.scalar(select(Spin).where(Spin.member_id == member_id, Spin.key == key))


def same(earlier: Spin, is_same_game: bool) -> Spin:
    """A replay names the same play. Raises KeyReused."""
    if not is_same_game:
        raise KeyReused()
    return earlier


def of_member(public_id: str, member_id: int) -> Spin:
    """A member's own play, of whichever game. Raises NotFound for anybody else's."""
    mine = select(Spin).where(Spin.public_id == public_id, Spin.member_id == member_id)
    found = db.session.scalar(mine)
    if found is None:
        raise NotFound()
    return found


def of_wheel(public_id: str, member_id: int) -> Spin:
    """A member's own spin of a wheel. Raises NotFound."""
    found = of_member(public_id, member_id)
    if found.game in program.current().games:
        raise NotFound()
    return found


def newest_of_day(member_id: int, game: str, on: date) -> Spin | None:
    """The member's last play of `game` on day `on`."""
    mine = select(Spin).where(Spin.member_id == member_id, Spin.on == on, Spin.game == game)
    return db.session.scalar(mine.order_by(Spin.id.desc()).limit(1))


def my_tiers(member_id: int, wheel: Wheel) -> list[str]:
    """The member's tiers, asked only where the wheel has slices of tiers."""
    has_tiers = any(s.tier for s in wheel.slices) or wheel.free_daily_tiers
    return [tiers.tier_of(member_id).code] if has_tiers else []


def free_daily(member_id: int, wheel: Wheel) -> int:
    """How many free tickets a day this member has."""
    mine = my_tiers(member_id, wheel)
    return max([wheel.free_daily, *(wheel.free_daily_tiers.get(tier, 0) for tier in mine)])


def _ticket(player: Player, wheel: Wheel, member_id: int) -> Ticket:
    on = program_day()
    tickets.give_free(player, wheel, free_daily(member_id, wheel), on)
    ticket = tickets.spend(player, wheel.code, on)
    if ticket is None:
        raise NoTicket()
    return ticket


def _play(
    member: Member,
    player: Player,
    wheel: Wheel,
    day: GameDay,
    ticket: Ticket,
    key: str,
    device: str,
) -> Spin:
    slices = wheels.limited(wheels.played(day, wheel), wheel)
    mine = my_tiers(member.id, wheel)
    on_wheel = wheels.seen_by(slices, mine)
    roll = fairness.roll(
        day.seed_hex,
        member.public_id,
        ticket.number,
        player.seed,
        rules.total_weight(on_wheel),
    )
    raw = rules.spin(on_wheel, roll)
    consolation = next(s for s in slices if s.code == day.consolation)
    settled = stock.settle(wheel.code, day.on, raw, consolation, slices, wheels.budget(wheel))
    before = ledger.balance(member.id).spendable
    row = Spin(
        public_id=codes.new_public_id(),
        member_id=member.id,
        ticket_id=ticket.id,
        day_id=day.id,
        game=wheel.code,
        on=day.on,
        key=key,
        number=ticket.number,
        member_seed=player.seed,
        tiers=mine,
        roll=roll,
        raw=raw.code,
        made_at=now(),
        balance_before=before,
        device=device,
        suspicions=list(guard.suspicions(device, member.id, day.on)),
        **_given(settled.given, settled.why_out),
    )
    row.state = "held" if row.suspicions else "paid"
    row.balance_after = before
    db.session.add(row)
    db.session.flush()
    if row.state == "paid":
        _pay(player, wheel, day, row, slices)
    outbox.tell("spin.made", row.public_id, member.id, **told(row))
    return row


def _given(given: RulesPrize, why_out: str | None) -> dict[str, object]:
    return {
        "given": given.code,
        "why_out": why_out,
        "prize": prizes.said(given).model_dump(mode="json"),
        "label": wheels.label_of(given.code, given).model_dump(exclude_none=True),
        "points": given.points,
    }


def _pay(
    player: Player, wheel: Wheel, day: GameDay, row: Spin, slices: tuple[RulesPrize, ...]
) -> None:
    """Hand the prize over; a voucher that is sold out falls to the consolation, and says so."""
    try:
        with db.session.begin_nested():
            _hand_over(player, wheel, row)
    except LoyaltyError:
        consolation = next(s for s in slices if s.code == day.consolation)
        settled = stock.settle(
            wheel.code, day.on, consolation, consolation, slices, wheels.budget(wheel)
        )
        for name, value in _given(settled.given, "stock").items():
            setattr(row, name, value)
        _hand_over(player, wheel, row)
    row.balance_after = ledger.balance(row.member_id).spendable
    db.session.flush()


def _hand_over(player: Player, wheel: Wheel, row: Spin) -> None:
    prize = Prize.model_validate(row.prize)
    prizes.hand_over(
        player,
        prize,
        key=f"spin:{row.public_id}",
        game=wheel.code,
        source="wheel",
        title=wheel.name,
    )


def pay_held(row: Spin) -> None:
    """Pay a spin that waited for the owner."""
    wheel = program.current().wheel(row.game) or wheels.current()
    _hand_over(tickets.lock(row.member_id), wheel, row)
    row.balance_after = ledger.balance(row.member_id).spendable


def told(row: Spin) -> dict[str, object]:
    """What others may know of a spin."""
    return {
        "wheel": row.game,
        "raw": row.raw,
        "given": row.given,
        "points": row.points,
        "prize": row.prize["kind"],
        "state": row.state,
    }


def proof(row: Spin) -> fairness.Proof | None:
    """All that is needed to check a spin of the wheel; None while its day is not over."""
    day = db.session.get_one(GameDay, row.day_id)
    if day.on >= program_day() or day.config is not None:
        return None
    return fairness.Proof(
        commitment=day.commitment,
        seed_hex=day.seed_hex,
        on=day.on.isoformat(),
        slices=day.slices,
        tiers=row.tiers,
        member_public_id=db.session.get_one(Member, row.member_id).public_id,
        ticket_number=row.number,
        member_seed=row.member_seed,
        roll=row.roll,
        raw=row.raw,
        given=row.given,
        consolation=day.consolation,
    )
