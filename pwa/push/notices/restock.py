"""A product is back, told to those who asked: in order, as many as there are pieces."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.outbox import Event
from pwa.program import service as program
from pwa.push import reminders
from pwa.push.kinds import Action, Facts, Planned, Reader, Words, hashed_tag
from pwa.push.words import dumped, pick

NAME = _l("Stok ada lagi")
TOPIC = "restock"
URGENCY = "high"
LIFE = timedelta(hours=6)


def plan(event: Event) -> Iterator[Planned]:
    sku, outlet = event.data["sku"], event.data["outlet"]
    product = program.current().product(sku)
    if product is None:
        return
    facts = {"sku": sku, "outlet": outlet, "art": product.art, "name": dumped(product.name),
             "where": _outlet_name(outlet)}  # fmt: skip
    for member_id in reminders.serve(sku, event.data["pieces"], event.key):
        yield Planned(member_id, event.key, facts, event.at + LIFE)


EVENTS = {"stock.changed": plan}


def untrue(facts: Facts, event_key: str) -> str | None:
    """Sold out again before she was told: she keeps her place in the queue."""
    if reminders.pieces(facts["sku"], facts["outlet"]) > 0:
        return None
    reminders.reopen(event_key)
    return "sold out"


def tag(facts: Facts) -> str:
    return hashed_tag("rs", facts["sku"])


def compose(reader: Reader, facts: Facts) -> Words:
    name = pick(facts["name"], reader)
    path = f"/products/{facts['sku']}"
    return Words(
        title=_("%(product)s sudah ada lagi", product=name),
        body=_("Kamu minta dikabari, %(name)s. Ada di %(outlet)s, selagi belum habis.",
               name=reader.name, outlet=facts["where"]),
        path=path,
        art=facts["art"],
        tone="pink",
        actions=(Action("open", _("Lihat"), path), Action("card", _("Buka kartu"), "/card")),
    )  # fmt: skip


def _outlet_name(code: str) -> str:
    outlet = program.current().outlet(code)
    return outlet.name.id if outlet else code
