"""Colour arithmetic: sRGB, relative luminance (WCAG 2.2), OKLab and OKLCH (Ottosson, 2020)."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


class Rgb(NamedTuple):
    """Linear light, each channel in [0, 1]."""

    r: float
    g: float
    b: float


class Lch(NamedTuple):
    """OKLCH: lightness in [0, 1], chroma, hue in degrees."""

    l: float  # noqa: E741 - the letter is the field's name in the specification
    c: float
    h: float


def parse(hex_: str) -> Rgb:
    """Read `#rrggbb`. Raises ValueError for anything else."""
    if not _HEX.fullmatch(hex_):
        raise ValueError(f"not a colour of the form #rrggbb: {hex_!r}")
    return Rgb(*(_linear(int(hex_[i : i + 2], 16) / 255) for i in (1, 3, 5)))


def to_hex(colour: Rgb) -> str:
    """`#rrggbb`, the nearest 8-bit colour."""
    return "#" + "".join(f"{round(_encode(x) * 255):02x}" for x in colour)


def luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    return 0.2126 * colour.r + 0.7152 * colour.g + 0.0722 * colour.b


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def scaled(colour: Rgb, factor: float) -> Rgb:
    """The same hue with less or more light."""
    return Rgb(*(min(1.0, x * factor) for x in colour))


def to_lch(colour: Rgb) -> Lch:
    """Linear RGB to OKLCH."""
    r, g, b = colour
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b_ = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Lch(lightness, math.hypot(a, b_), math.degrees(math.atan2(b_, a)) % 360)


def from_lch(colour: Lch) -> Rgb:
    """OKLCH to linear RGB, giving up chroma until it fits the sRGB gamut."""
    low, high = 0.0, colour.c
    if _fits(_raw(colour)):
        low = high
    for _ in range(20 if low < high else 0):
        middle = (low + high) / 2
        if _fits(_raw(colour._replace(c=middle))):
            low = middle
        else:
            high = middle
    return Rgb(*(min(1.0, max(0.0, x)) for x in _raw(colour._replace(c=low))))


def distance(one: Rgb, other: Rgb) -> float:
    """How far apart two colours look, in OKLab: below about 0.1 shapes run together."""
    a, b = to_lch(one), to_lch(other)
    chord = a.c**2 + b.c**2 - 2 * a.c * b.c * math.cos(math.radians(a.h - b.h))
    return math.sqrt((a.l - b.l) ** 2 + max(0.0, chord))


def _raw(colour: Lch) -> Rgb:
    a = colour.c * math.cos(math.radians(colour.h))
    b = colour.c * math.sin(math.radians(colour.h))
    long = (colour.l + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.l - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.l - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return Rgb(
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _fits(colour: Rgb) -> bool:
    return all(-1e-6 <= x <= 1 + 1e-6 for x in colour)


def _linear(x: float) -> float:
    return x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4


def _encode(x: float) -> float:
    x = min(1.0, max(0.0, x))
    return x * 12.92 if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055
