"""What the till asks of the shop: the sale a cashier types, and where she stands."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from pwa import languages
from pwa.campaigns.quote import Good, GoodPoints, Quote, QuoteLine
from pwa.languages import rupiah
from pwa.program import service as program
from pwa.program.schema import Outlet, Text
from pwa.rewards import service as rewards
from pwa.rewards.service import Voucher
from pwa.shop import vouchers
from pwa.shop.sales import Sale
from pwa.shop.vouchers import HandedIn
from pwa.staff.models import Staff


def outlet_of(staff: Staff) -> Outlet:
    """Where this person works; the first outlet for somebody of no fixed place."""
    found = program.current()
    return found.outlet(staff.outlet_code or "") or found.outlets[0]


def categories() -> list[str]:
    """The kinds of goods that the program names, in its order."""
    return list(dict.fromkeys(product.category for product in program.current().products))


def shelf() -> list[tuple[str, str, list[tuple[str, str, int, bool]]]]:
    """What a cashier can pick: (a kind's name, its code, [(sku, name, price, is eco)])."""
    products = program.current().products
    return [
        (program.category_name(code), code, [
            (each.sku, languages.text(each.name), each.price_rupiah, each.eco)
            for each in products if each.category == code
        ])
        for code in categories()
    ]  # fmt: skip


def has_eco_goods() -> bool:
    return any(product.eco for product in program.current().products)


def sale(
    staff: Staff,
    member_id: int | None,
    amount_rupiah: int,
    key: str,
    ticked: frozenset[str] = frozenset(),
    eco: bool = False,
    handed_in: Sequence[Voucher] = (),
    goods: tuple[Good, ...] = (),
) -> Sale:
    """The sale that this cashier types; with vouchers, the amount before they take theirs off.

    Raises NothingToPay.
    """
    used = vouchers.off(amount_rupiah, handed_in)
    return Sale(
        key=f"till:{staff.id}:{key}",
        member_id=member_id,
        outlet_code=outlet_of(staff).code,
        amount_rupiah=amount_rupiah - sum(each.off_rupiah for each in used),
        goods=goods,
        categories=ticked,
        eco=eco,
        vouchers=used,
    )


def voucher_name(voucher: Voucher) -> str:
    return languages.text(rewards.reward_of(voucher).name)


def fate_in_words(one: HandedIn) -> str:
    """What becomes of a voucher once all of its purchase came back, or what became of it."""
    name = languages.text(one.reward.name)
    words = {
        "stays": _("%(name)s tetap terpakai: barangnya sudah diserahkan.", name=name),
        "good_again": _("Voucher %(name)s berlaku lagi.", name=name),
        "points_back": _("Voucher %(name)s sudah lewat: poinnya kembali.", name=name),
        "undone": _("Pemakaian voucher %(name)s sudah dibatalkan.", name=name),
        "over": _("Voucher %(name)s sudah lewat, dan tidak ada poin yang dipakai.", name=name),
    }
    return str(words[one.fate])


def explained(quote: Quote) -> list[tuple[str, int]]:
    """The quote line by line: (why, points)."""
    return [(_line(line), line.points) for line in quote.lines]


def explained_goods(quote: Quote) -> list[tuple[str, int]]:
    """The goods one by one: (what, the points it earns before fixed bonuses)."""
    return [(_good(one), one.points) for one in quote.goods]


def why_nothing(quote: Quote) -> str:
    """Why a purchase earns nothing; empty when it earns."""
    minimum = program.current().earning.minimum_rupiah
    words = {
        "minimum": _("Belum sampai %(minimum)s, belum dapat poin", minimum=rupiah(minimum)),
        "payment": _("Cara bayar ini tidak dapat poin"),
        "excluded": _("Barang ini tidak dapat poin"),
        "small": _("Belanjanya belum cukup untuk satu poin"),
    }
    return str(words.get(quote.why or "", ""))


def _line(line: QuoteLine) -> str:
    name = languages.text(Text.model_validate(dict(line.name))) if line.name else ""
    if line.kind == "base":
        return str(_("Belanja %(amount)s", amount=rupiah(line.rupiah)))
    if line.kind == "rate":
        return f"{name}, {rupiah(line.rupiah)}"
    if line.kind == "cap":
        return str(_("Batas poin satu belanja"))
    return f"{name}, {_times(line.percent)}" if line.percent != 100 else name


def _good(one: GoodPoints) -> str:
    product = program.current().product(one.sku) if one.sku else None
    name = languages.text(product.name) if product else program.category_name(one.category or "")
    what = f"{one.quantity} {name}" if one.sku else name
    if one.is_excluded:
        return str(_("%(what)s, tidak dapat poin", what=what))
    return f"{what}, {rupiah(one.rupiah)}"


def _times(percent: int) -> str:
    """150 as x1,5."""
    whole, rest = divmod(percent, 100)
    tail = f"{rest:02d}".rstrip("0")
    return f"×{whole},{tail}" if tail else f"×{whole}"
