"""The program with its stock as it really is, and as a file would make it.

A file's stock counts only where its own figure changed (see shop.stock.follow_file), so a
comparison of two documents alone would promise changes that do not come.
"""

from __future__ import annotations

from pwa.program import service
from pwa.program.schema import Product, Program
from pwa.shop import stock


def in_force() -> Program | None:
    """The program in force with what lies on the shelves now; None before the first."""
    program = _current()
    if program is None:
        return None
    return _with_products(program, [_now(product) for product in program.products])


def after_applying(program: Program) -> Program:
    """`program` with what would lie on the shelves once it is in force."""
    before = _current()
    if before is None:
        return program
    old = {product.sku: product for product in before.products}
    products = [_then(product, old.get(product.sku)) for product in program.products]
    return _with_products(program, products)


def _current() -> Program | None:
    try:
        return service.current()
    except service.NoProgram:
        return None


def _now(product: Product) -> Product:
    return product.model_copy(update={"stock": {**product.stock, **_known(product)}})


def _then(product: Product, before: Product | None) -> Product:
    if before is None:
        return product
    now = _known(before)
    stays = {
        outlet: now[outlet]
        for outlet, pieces in product.stock.items()
        if outlet in now and before.stock.get(outlet) == pieces
    }
    return product.model_copy(update={"stock": {**product.stock, **stays}})


def _known(product: Product) -> dict[str, int]:
    """Pieces at the outlets that the program keeps count of."""
    return {o: n for o, n in stock.pieces_of(product.sku).items() if o in product.stock}


def _with_products(program: Program, products: list[Product]) -> Program:
    return program.model_copy(update={"products": tuple(products)})
