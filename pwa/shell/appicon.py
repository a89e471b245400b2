"""The shop's app icons, drawn from its colour and its logo: the logo on white cloth on the dye."""

from __future__ import annotations

from functools import lru_cache

from .brand import DYES, MORI, WEDEL, palettes
from .drawings import svg
from .raster import Colour, Paint, png
from .shapes import Polygon, circle, shapes

UNIT = 96.0
# Share of the icon that the white disc and the logo take. A maskable icon may lose all but the
# middle 80%, so everything in it is smaller and the dye reaches the edge.
SCALES = {"any": (0.80, 0.72), "maskable": (0.64, 0.58), "apple": (0.80, 0.72)}
CORNER = 21.0


@lru_cache(maxsize=32)
def draw(brand: str, logo: str, size: int, purpose: str = "any") -> bytes:
    """A PNG of `size` pixels. `purpose` is any (rounded), maskable or apple (both full-bleed)."""
    dyes = _dyes(brand)
    disc, mark = SCALES[purpose]
    ground = _rounded() if purpose == "any" else _square()
    paints = [Paint(dyes["fo"], [ground]), Paint(dyes["fp"], [circle(48, 48, 48 * disc)])]
    for shape in shapes(str(svg(f"art/{logo}"))):
        polygons = [_placed(polygon, mark) for polygon in shape.polygons]
        paints.append(Paint(dyes.get(shape.role, dyes["fi"]), polygons))
    return png(paints, UNIT, size)


@lru_cache(maxsize=8)
def badge(size: int = 96) -> bytes:
    """The small white kawung that Android shows in its bar."""
    petals = shapes(str(svg("art/tier3")))
    return png([Paint((255, 255, 255, 255), shape.polygons) for shape in petals], UNIT, size)


def vector(brand: str, logo: str) -> str:
    """The same as a small SVG, for browser tabs."""
    dyes = {role: f"#{bytes(colour[:3]).hex()}" for role, colour in _dyes(brand).items()}
    inner = str(svg(f"art/{logo}"))
    for role, colour in dyes.items():
        inner = inner.replace(f'class="{role}"', f'fill="{colour}"')
    inner = inner.replace('class="l sp"', 'fill="none" stroke="#fff" stroke-linecap="round"')
    inner = inner.replace('class="l si"', f'fill="none" stroke="{WEDEL}" stroke-linecap="round"')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">{inner}</svg>'


def _dyes(brand: str) -> dict[str, Colour]:
    """What each class of a drawing is filled with, outside of CSS."""
    light, _ = palettes(brand)
    names = {
        "fp": MORI, "fi": WEDEL, "fb": light.fill, "fd": light.fill_deep, "fl": light.fill_lift,
        "fo": light.fill, "fy": DYES["sun"], "fk": DYES["pink"], "fg": DYES["leaf"],
        "fs": DYES["sky"], "fn": DYES["nila"], "fc": "#8a3d12", "ft": MORI,
    }  # fmt: skip
    return {role: _rgba(hex_) for role, hex_ in names.items()}


def _rgba(hex_: str) -> Colour:
    return int(hex_[1:3], 16), int(hex_[3:5], 16), int(hex_[5:7], 16), 255


def _placed(polygon: Polygon, scale: float) -> Polygon:
    return [(48 + (x - 48) * scale, 48 + (y - 48) * scale) for x, y in polygon]


def _square() -> Polygon:
    return [(0, 0), (UNIT, 0), (UNIT, UNIT), (0, UNIT)]


def _rounded() -> Polygon:
    (shape,) = shapes(f'<rect width="96" height="96" rx="{CORNER}"/>')
    return shape.polygons[0]
