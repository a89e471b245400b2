"""One colour in, everything a shop's pages need out, legible in light and dark (WCAG 2.2 AA).

Worked out here and not by relative colours in CSS: those need Chrome 123, and many of our
members' phones are older. The numbers are the prototype's, measured there on painted pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from .colour import Lch, Rgb, distance, from_lch, luminance, parse, scaled, to_hex, to_lch

DEFAULT = "#c8430f"
WEDEL, MORI = "#1c1836", "#ffffff"
DYES = {
    "sun": "#ffc22e",
    "pink": "#ff9db5",
    "leaf": "#3dbb82",
    "sky": "#9ccbf5",
    "nila": "#3b3ab0",
    "ok": "#0b7a50",
    "bad": "#c4133b",
}
CARRIES_INK_Y = 0.36  # lighter than this, a brand keeps its colour and carries dark text
CARRIES_WHITE_Y = 0.18  # no lighter than this, white text on it has 4.5:1, whatever the hue
TEXT_Y = 0.13  # no lighter than this, it is text on white, ground and sunken
TOO_NEAR = 0.13  # OKLab; closer dyes run together in a drawing


@dataclass(frozen=True)
class Palette:
    """What follows from a brand in one theme. Field names are the CSS properties'."""

    fill: str
    on_fill: str
    fill_deep: str
    fill_lift: str
    brand_text: str
    brand_mark: str
    ground: str
    sunken: str
    line: str
    steep: str  # a whole page in this dye, in the dark
    steep_deep: str


@lru_cache(maxsize=64)
def palettes(brand: str) -> tuple[Palette, Palette]:
    """(light, dark) for `brand`, a colour as #rrggbb. Raises ValueError for anything else."""
    return _light(parse(brand)), _dark(parse(brand))


def css(brand: str, selectors: tuple[str, ...] = (":root", "[data-theme]")) -> str:
    """The shop's own style sheet. Tokens choose by --if-light and --if-dark (see tokens.css)."""
    light, dark = palettes(brand)
    pairs = (
        (_property(f.name), getattr(light, f.name), getattr(dark, f.name)) for f in fields(light)
    )
    body = "".join(f"--{name}:{_choose(day, night)};" for name, day, night in pairs)
    rules = [f"{','.join(selectors)}{{--brand:{brand};{body}{_on_the_wheel(brand)}}}"]
    rules += [
        f'{s} [data-tone="{t}"]{{--art-b:{dye}}}' for s in selectors for t, dye in _swaps(brand)
    ]
    return f"@layer tokens,base,components,utilities;@layer tokens{{{''.join(rules)}}}\n"


@lru_cache(maxsize=64)
def theme_colours(brand: str, tone: str = "ground") -> tuple[str, str]:
    """What the browser's own bars wear, (light, dark), over a page whose top is `tone`."""
    light, dark = palettes(brand)
    if tone == "brand":
        return light.fill, dark.fill
    if tone == "brand-stage":
        return light.fill, dark.steep
    if tone in ("ok", "bad"):
        return DYES[tone], DYES[tone]
    if tone in DYES:
        return DYES[tone], _steeped(parse(DYES[tone]), 0.26, 0.45)
    return light.ground, dark.ground


def _light(brand: Rgb) -> Palette:
    fill = _carrying(brand)
    tint = to_lch(brand)
    return Palette(
        fill=to_hex(fill),
        on_fill=_on(brand),
        **_shades(fill),
        brand_text=to_hex(_at_most(brand, TEXT_Y)),
        brand_mark=to_hex(_at_most(brand, CARRIES_WHITE_Y)),
        ground=_tinted(tint, 0.963, 0.006),
        sunken=_tinted(tint, 0.93, 0.008),
        line=_tinted(tint, 0.885, 0.01),
        steep=to_hex(fill),
        steep_deep=_shades(fill)["fill_deep"],
    )


def _dark(brand: Rgb) -> Palette:
    lch = to_lch(_carrying(brand))
    fill = from_lch(lch._replace(l=max(lch.l, 0.45)))
    own = to_lch(brand)
    return Palette(
        fill=to_hex(fill),
        on_fill=_on(brand),
        **_shades(fill),
        brand_text=to_hex(from_lch(own._replace(l=max(own.l, 0.82), c=min(own.c, 0.12)))),
        brand_mark=to_hex(from_lch(own._replace(l=max(own.l, 0.64)))),
        ground="#15122b",
        sunken="#0e0b20",
        line="#3b3660",
        steep=_steeped(fill, 0.26, 0.45),
        steep_deep=_steeped(fill, 0.33, 0.5),
    )


def _carrying(brand: Rgb) -> Rgb:
    return brand if _is_light(brand) else _at_most(brand, CARRIES_WHITE_Y)


def _is_light(brand: Rgb) -> bool:
    return luminance(brand) > CARRIES_INK_Y


def _on(brand: Rgb) -> str:
    return WEDEL if _is_light(brand) else MORI


def _at_most(colour: Rgb, y: float) -> Rgb:
    # A hair below, since eight bits round up as often as down.
    return scaled(colour, min(1.0, 0.985 * y / max(luminance(colour), 1e-6)))


def _shades(fill: Rgb) -> dict[str, str]:
    lch = to_lch(fill)
    return {
        "fill_deep": to_hex(from_lch(Lch(lch.l * 0.7, lch.c * 0.7, lch.h))),
        "fill_lift": to_hex(from_lch(Lch(min(0.97, lch.l + 0.1), lch.c * 0.92, lch.h))),
    }


def _tinted(tint: Lch, lightness: float, chroma: float) -> str:
    return to_hex(from_lch(Lch(lightness, min(tint.c, chroma), tint.h)))


def _steeped(dye: Rgb, lightness: float, share: float) -> str:
    lch = to_lch(dye)
    return to_hex(from_lch(Lch(lightness, lch.c * share, lch.h - 14)))


def _swaps(brand: str) -> list[tuple[str, str]]:
    """Tiles on which a drawing's brand-coloured shape would vanish, and what it wears there."""
    fills = [parse(palette.fill) for palette in palettes(brand)]
    near = [t for t in ("sun", "pink", "leaf", "sky", "nila") if _runs_into(fills, parse(DYES[t]))]
    return [(tone, "var(--jambu)" if tone == "leaf" else "var(--daun)") for tone in near]


def _on_the_wheel(brand: str) -> str:
    """The wheel's slices lie side by side: a dye that the brand comes near gives way there."""
    fills = [parse(palette.fill) for palette in palettes(brand)]
    gives_way = (
        ("y", DYES["sun"], "daun"),
        ("k", DYES["pink"], "daun"),
        ("n", DYES["nila"], "wedel"),
        ("b", MORI, "langit"),
    )
    return "".join(
        f"--wheel-{which}:var(--{other});"
        for which, dye, other in gives_way
        if _runs_into(fills, parse(dye))
    )


def _runs_into(fills: list[Rgb], dye: Rgb) -> bool:
    return any(distance(fill, dye) < TOO_NEAR for fill in fills)


def _property(field: str) -> str:
    return field.replace("_", "-").replace("steep", "brand-steep")


def _choose(day: str, night: str) -> str:
    return day if day == night else f"var(--if-light,{day}) var(--if-dark,{night})"
