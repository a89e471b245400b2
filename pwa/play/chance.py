"""Any other game of chance: a module in games/ and a template of its name, nothing else.

One ticket, one roll, one prize, as for the wheel; what the card or board shows comes from the
recorded roll, so that every look at a play shows the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

import games
from games import Game as Rules
from games import fairness
from games import wheel as wheel_rules
from games.limits import Limits
from games.prize import LAST_RESORT, Budget
from pwa import outbox
from pwa.clock import now, program_day
from pwa.db import claim, db
from pwa.errors import NotFound
from pwa.ledger import service as ledger
from pwa.members import codes
from pwa.members.models import Member
from pwa.play import guard, prizes, spins, stock, tickets, wheels
from pwa.play.errors import NoTicket
from pwa.play.models import GameDay, Player, Spin, Ticket
from pwa.program import service as program
from pwa.program.schema import Game, Prize, Text


def game(name: str) -> tuple[Game, Rules]:
    """A game that this program plays, and its rules. Raises NotFound."""
    said = program.current().games.get(name)
    if said is None:
        raise NotFound()
    return said, games.discover()[name]


def tickets_left(member_id: int, name: str) -> int:
    """How often the member can play it now. One statement."""
    return tickets.left(member_id, name, program_day(), game(name)[0].free_daily)


def play(member: Member, name: str, key: str, device: str = "") -> Spin:
    """Play once for one ticket; the same key gives the same play. Raises NotFound, NoTicket."""
    said, rules = game(name)
    player, on = tickets.lock(member.id), program_day()
    if earlier := spins.by_key(member.id, key):
        return spins.same(earlier, earlier.game == name)
    day = _prepare(name, said, rules, on)
    for n in range(1, said.free_daily + 1):
        tickets.give(player, name, tickets.free_key(on, n), on)
    ticket = tickets.spend(player, name, on)
    if ticket is None:
        raise NoTicket()
    guard.refuse(name, Limits(said.member_day, said.device_day), member.id, device, on)
    row = _roll(member, player, said, rules, day, ticket)
    row.key, row.device = key, device
    row.suspicions = list(guard.suspicions(device, member.id, on))
    row.state = "held" if row.suspicions else "paid"
    db.session.add(row)
    db.session.flush()
    if row.state == "paid":
        _pay(player, row, said.name)
    outbox.tell("game.played", row.public_id, member.id, game=name, **spins.told(row))
    return row


def of_member(name: str, public_id: str, member_id: int) -> Spin:
    """A member's own play of the game `name`. Raises NotFound."""
    found = spins.of_member(public_id, member_id)
    if found.game != name:
        raise NotFound()
    return found


def pay_held(row: Spin) -> None:
    """Pay a play that waited for the owner, also of a game that is played no more."""
    said = program.current().games.get(row.game)
    _pay(tickets.lock(row.member_id), row, said.name if said else Text(id=row.game))


def shown(row: Spin) -> Mapping[str, Any]:
    """What a recorded play shows, from its roll."""
    day = db.session.get_one(GameDay, row.day_id)
    rules = games.discover()[row.game]
    return rules.play(rules.load(day.config or {}), row.roll).shown


def _prepare(name: str, said: Game, rules: Rules, on: date) -> GameDay:
    if found := wheels.day_of(name, on):
        return found
    config = rules.load(said.config)
    slices = wheel_rules.plain(rules.prizes(config))
    seed_hex, version = secrets.token_hex(32), fairness.wheel_version(slices)
    row = GameDay(
        game=name,
        on=on,
        seed_hex=seed_hex,
        slices=slices,
        consolation=getattr(config, "consolation", ""),
        config=said.config,
        version=version,
        commitment=fairness.commitment(seed_hex, on, version),
        made_at=now(),
    )
    return claim(row, game=name, on=on)[0]


def _roll(
    member: Member, player: Player, said: Game, rules: Rules, day: GameDay, ticket: Ticket
) -> Spin:
    config = rules.load(day.config or {})
    roll = fairness.roll(
        day.seed_hex, member.public_id, ticket.number, player.seed, rules.total(config)
    )
    raw, all_of_them = rules.play(config, roll).raw, rules.prizes(config)
    consolation = next((p for p in all_of_them if p.code == day.consolation), LAST_RESORT)
    settled = stock.settle(day.game, day.on, raw, consolation, all_of_them, budget(said))
    label = said.labels.get(settled.given.code, wheels.NOTHING)
    balance = ledger.balance(member.id).spendable
    return Spin(
        public_id=codes.new_public_id(),
        member_id=member.id,
        ticket_id=ticket.id,
        day_id=day.id,
        game=day.game,
        on=day.on,
        number=ticket.number,
        member_seed=player.seed,
        tiers=[],
        roll=roll,
        raw=raw.code,
        given=settled.given.code,
        why_out=settled.why_out,
        prize=prizes.said(settled.given).model_dump(mode="json"),
        label=label.model_dump(exclude_none=True),
        points=settled.given.points,
        balance_before=balance,
        balance_after=balance,
        made_at=now(),
    )


def _pay(player: Player, row: Spin, title: Text) -> None:
    prizes.hand_over(
        player,
        Prize.model_validate(row.prize),
        key=f"spin:{row.public_id}",
        game=row.game,
        source=row.game,
        title=title,
    )
    row.balance_after = ledger.balance(row.member_id).spendable


def budget(said: Game) -> Budget:
    """What the owner allows this game to give."""
    return Budget(
        said.budget_day_points,
        said.budget_total_points,
        said.budget_day_rupiah,
        said.budget_total_rupiah,
    )
