"""A small rasteriser, so that a shop's icons need no image library: flat polygons to PNG.

Every pixel is 4 by 4 samples, each one byte that names a colour. Rows fill by slices, and most
pixels are of one colour, so that an icon of 512 takes a fraction of a second, once.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .shapes import Polygon

FINE = 4  # samples along each side of a pixel

Colour = tuple[int, int, int, int]


class Paint(NamedTuple):
    """Polygons, in units of `size` below, in one colour; even-odd among them."""

    colour: Colour
    polygons: Sequence[Polygon]


def png(paints: Iterable[Paint], unit: float, size: int) -> bytes:
    """A square PNG of `size` pixels over a drawing of `unit` by `unit`; unpainted is clear."""
    colours: list[Colour] = [(0, 0, 0, 0)]
    side = size * FINE
    samples = [bytearray(side) for _ in range(side)]
    for paint in paints:
        if paint.colour not in colours:
            colours.append(paint.colour)
        _fill(samples, paint.polygons, side / unit, colours.index(paint.colour))
    rows = (_row(samples[y : y + FINE], colours, size) for y in range(0, side, FINE))
    return _encode(b"".join(b"\0" + row for row in rows), size)


def _fill(samples: list[bytearray], polygons: Sequence[Polygon], scale: float, index: int) -> None:
    """Paint the inside by scan lines: crossings in order, in and out by turns."""
    side = len(samples)
    crossings: dict[int, list[float]] = {}
    for polygon in polygons:
        for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            if y1 == y2:
                continue
            if y1 > y2:
                x1, y1, x2, y2 = x2, y2, x1, y1
            slope = (x2 - x1) / (y2 - y1)
            first, last = max(0, round(y1 * scale)), min(side, round(y2 * scale))
            for y in range(first, last):
                at = x1 + ((y + 0.5) / scale - y1) * slope
                crossings.setdefault(y, []).append(at * scale)
    for y, found in crossings.items():
        found.sort()
        for enter, leave in zip(found[::2], found[1::2], strict=False):
            a, b = max(0, round(enter)), min(side, round(leave))
            if a < b:
                samples[y][a:b] = bytes([index]) * (b - a)


def _row(lines: Sequence[bytearray], colours: Sequence[Colour], size: int) -> bytes:
    """One row of pixels from four of samples."""
    plain = {bytes([i]) * FINE: bytes(colour) for i, colour in enumerate(colours)}
    a, b, c, d = (bytes(line) for line in lines)
    mixed: dict[bytes, bytes] = {}
    out = bytearray()
    for x in range(0, size * FINE, FINE):
        first = a[x : x + FINE]
        whole = first + b[x : x + FINE] + c[x : x + FINE] + d[x : x + FINE]
        if first in plain and whole == first * FINE:
            out += plain[first]
            continue
        if whole not in mixed:
            mixed[whole] = _mix([colours[i] for i in whole])
        out += mixed[whole]
    return bytes(out)


def _mix(colours: Sequence[Colour]) -> bytes:
    """The mean, weighed by alpha, so that clear samples don't darken an edge."""
    alpha = sum(colour[3] for colour in colours)
    if not alpha:
        return b"\0\0\0\0"
    parts = (sum(c[i] * c[3] for c in colours) // alpha for i in range(3))
    return bytes([*parts, alpha // len(colours)])


def _encode(raw: bytes, size: int) -> bytes:
    """PNG (ISO/IEC 15948): eight bits, RGBA, no interlace."""
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
