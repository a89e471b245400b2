"""What a cashier types, as people type it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from pwa.campaigns.quote import Good
from pwa.clock import now
from pwa.errors import LoyaltyError
from pwa.members import card_codes, codes
from pwa.program import service as program
from pwa.rewards import signing
from pwa.rewards.forms import key_of
from pwa.shop import service as shop
from pwa.shop.service import BadAmount
from pwa.till.offline import Told
from pwa.web import StaleForm

# 45000, 45.000, 45,000, 45 000, Rp45.000, Rp 45.000,00
_RUPIAH = re.compile(r"(?:rp\.?\s*)?(\d{1,3}(?:[., ]\d{3})+|\d+)(?:[.,](?:00|-))?", re.IGNORECASE)
CODE_MOST_CHARS = 300
CARD, VOUCHER, RECEIPT = "card", "voucher", "receipt"


class UnknownCode(LoyaltyError):
    code = "unknown_code"
    words = _l("Kode ini bukan kartu, voucher, atau struk kami.")
    todo = _l("Periksa hurufnya, atau pindai sekali lagi.")


class Scanned(NamedTuple):
    kind: str  # card, voucher or receipt
    code: str


def rupiah(typed: str) -> int:
    """Whole rupiah from what was typed: "45.000" is 45000. Raises BadAmount."""
    amount = rupiah_or_none(typed)
    if amount is None:
        raise BadAmount()
    return amount


def rupiah_or_none(typed: str) -> int | None:
    """The amount so far, while it is still being typed."""
    found = _RUPIAH.fullmatch(typed.strip())
    amount = int(re.sub(r"\D", "", found[1])) if found else 0
    return amount if 0 < amount <= shop.MOST_RUPIAH else None


def scanned(typed: str) -> Scanned:
    """Which of our codes was scanned or typed, by its shape.

    Raises UnknownCode; a signed one that is not genuine: NoSuchCard, ForgedCard, StaleCard.
    """
    if typed.startswith(f"{card_codes.MARK}."):
        return Scanned(CARD, card_codes.read(typed.strip(), now()))
    if typed.startswith(f"{signing.MARK}."):
        signed = signing.read(typed.strip())
        if signed is None:
            raise UnknownCode()
        return Scanned(VOUCHER, signed.code)
    last = urlsplit(typed.strip()).path.rsplit("/", 1)[-1]  # a QR may hold an address
    plain = "".join(c for c in last.upper() if c.isalnum())
    digits = plain.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")  # KK 4471 9035 21
    if codes.is_card_code(digits):
        return Scanned(CARD, digits)
    if codes.is_voucher_code(plain):
        return Scanned(VOUCHER, plain)
    if shop.is_receipt_code(plain):
        return Scanned(RECEIPT, plain)
    raise UnknownCode()


def readable(typed: str) -> str:
    """What was typed, to be mended; a scanned signature is nothing for a person."""
    return "" if typed.startswith((card_codes.MARK, signing.MARK)) else typed


def told(form: MultiDict[str, str]) -> Told:
    """One act of a till without a network, from its queue. Raises StaleForm, BadAmount."""
    kind = form.get("kind", "")
    try:
        made_at = datetime.fromisoformat(form.get("made_at", ""))
    except ValueError:
        raise StaleForm() from None
    if kind not in ("voucher", "purchase") or made_at.tzinfo is None:
        raise StaleForm()
    return Told(
        kind=kind,
        key=key_of(form),
        code=form.get("code", "").strip()[:CODE_MOST_CHARS],
        made_at=made_at.astimezone(UTC),
        amount_rupiah=rupiah(form.get("amount", "")) if kind == "purchase" else 0,
        categories=tuple(sorted(form.getlist("category"))),
        eco=form.get("eco") == "1",
        goods=goods(form) if kind == "purchase" else (),
        who=form.get("who", ""),
    )


def goods(form: MultiDict[str, str]) -> tuple[Good, ...]:
    """The goods picked: so many of a product (n-<sku>), or rupiah of a kind (c-<category>)."""
    products = program.current().products
    kinds = dict.fromkeys(product.category for product in products)
    pieces = ((each, _pieces(form.get(f"n-{each.sku}", ""))) for each in products)
    picked = [
        Good(each.price_rupiah * n, category=each.category, sku=each.sku, quantity=n)
        for each, n in pieces
        if n
    ]
    sums = ((code, rupiah_or_none(form.get(f"c-{code}", ""))) for code in kinds)
    return (*picked, *(Good(amount, category=code) for code, amount in sums if amount))


def picked(form: MultiDict[str, str]) -> dict[str, str]:
    """What was typed for the goods, to be shown again."""
    return {name: typed for name, typed in form.items() if name[:2] in ("n-", "c-") and typed}


def _pieces(typed: str) -> int:
    return int(typed) if re.fullmatch(r"[0-9]{1,2}", typed.strip()) else 0


def categories(form: MultiDict[str, str], known: Iterable[str]) -> frozenset[str]:
    """The categories ticked, of those that exist."""
    return frozenset(form.getlist("category")) & frozenset(known)
