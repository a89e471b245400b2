"""The geometry of the prize wheel, for any 2 to 12 slices and labels of any length.

Units are the drawing's: the disc's centre is (180, 190), its radius 157. Slice 0 stands at the
top; the disc turns clockwise, so slice i is on top after turning by `landing(i, n)` degrees.
Pure: the template draws what comes back, and every number in it is an SVG attribute.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CX, CY, RADIUS = 180.0, 190.0, 157.0
PEGS_RADIUS = 164.5
OUTER, HUB = 145.0, 47.0  # labels stay between these
FACES = ("fb", "fp", "fn", "fk")
INK = {"fb": "ft-b", "fp": "fi", "fn": "fp", "fk": "fi", "fy": "fi"}
PETAL = {"fb": "fy", "fp": "fb", "fn": "fs", "fk": "fi", "fy": "fb"}


@dataclass(frozen=True)
class Text:
    """One line of a label, drawn before its slice is turned into place."""

    text: str
    x: float
    y: float
    size: float
    turn: int  # 0 upright at the top, 90 reading inwards


@dataclass(frozen=True)
class Slice:
    """What the template draws for one slice."""

    turn: float  # degrees from the top
    face: str  # class of the fill
    ink: str
    petal: str
    path: str
    texts: tuple[Text, ...]
    motif: str  # "petal", "kawung" for the best prize, or "" where the label needs the room


@dataclass(frozen=True)
class Wheel:
    """A whole wheel; `gap` is the angle between two pegs in degrees."""

    slices: tuple[Slice, ...]
    pegs: tuple[tuple[float, float], ...]
    gap: float
    lit: str  # outline of the slice at the top


def draw(labels: Sequence[str], best: int | None = None) -> Wheel:
    """A wheel with these labels; `best` is the slice to dress up."""
    count = len(labels)
    assert 2 <= count <= 12, count
    path = wedge(count)
    faces = _faces(count, best)
    slices = tuple(
        _slice(label, count, i, faces[i], path, i == best) for i, label in enumerate(labels)
    )
    gap = 360 / (count * _pegs_in_a_slice(count))
    return Wheel(slices, tuple(_pegs(gap)), gap, path)


def landing(index: int, count: int, turns: int = 0) -> float:
    """Degrees, clockwise, that bring slice `index` of `count` to the top after `turns` rounds."""
    assert 0 <= index < count, (index, count)
    return round(turns * 360 - index * 360 / count, 3)


def wedge(count: int) -> str:
    """The path of the slice at the top."""
    half = math.pi / count
    x, y = RADIUS * math.sin(half), RADIUS * math.cos(half)
    left, right, top = _n(CX - x), _n(CX + x), _n(CY - y)
    return f"M180 190L{left} {top}A157 157 0 0 1 {right} {top}Z"


def _slice(label: str, count: int, index: int, face: str, path: str, is_best: bool) -> Slice:
    texts, inner = _fit(label, count)
    motif = ("kawung" if is_best else "petal") if inner > HUB + 32 and count > 2 else ""
    return Slice(
        round(index * 360 / count, 3), face, INK[face], PETAL[face], path, tuple(texts), motif
    )


def _faces(count: int, best: int | None) -> list[str]:
    """A dye for each slice, never the same as its neighbour's, all the way round."""
    faces = [FACES[i % 4] for i in range(count)]
    if count % 4 == 1:
        faces[-1] = "fy" if best is None else "fn"
    if best is not None:
        faces[best] = "fy"
    for i in range(count):
        beside = {faces[i - 1], faces[(i + 1) % count]}
        if faces[i] in beside and faces[i] != "fy":
            faces[i] = next(face for face in FACES if face not in beside)
    return faces


def _fit(label: str, count: int) -> tuple[list[Text], float]:
    """The label as large as its slice can hold, and how far in it reaches."""
    upright = max(_upright(label, count), key=lambda found: found[0], default=(0.0, [], 0.0))
    inwards = max(_inwards(label, count), key=lambda found: found[0], default=(0.0, [], 0.0))
    # Upright reads best at the top, so it wins unless it is a good deal smaller.
    chosen = upright if upright[0] >= 15 or upright[0] * 1.25 >= inwards[0] else inwards
    return chosen[1], chosen[2]


def _upright(label: str, count: int) -> Iterator[tuple[float, list[Text], float]]:
    for lines in _broken(label):
        for size in range(32 if count <= 8 else 24, 8, -1):
            sizes = [float(size) if i == 0 else min(size, 17.0) for i in range(len(lines))]
            if not label[:1].isdigit():
                sizes = [min(size, 24.0)] * len(lines)
            if (inner := _stack(lines, sizes, count)) is None:
                continue
            radii = _baselines(sizes, count)
            texts = [
                Text(t, CX, round(CY - r, 1), s, 0)
                for t, r, s in zip(lines, radii, sizes, strict=True)
            ]
            yield (sum(sizes) / len(sizes), texts, inner)
            break


def _stack(lines: Sequence[str], sizes: Sequence[float], count: int) -> float | None:
    """How far in the stack of lines reaches, or None where it spills over an edge."""
    for text, radius, size in zip(lines, _baselines(sizes, count), sizes, strict=True):
        top = radius + size * 0.74
        room = 2 * math.sqrt(max(0.0, RADIUS**2 - top**2))
        if count > 2:
            room = min(room, 2 * radius * math.tan(math.pi / count))
        if radius < HUB or width(text) * size > room - 12:
            return None
    return _baselines(sizes, count)[-1]


def _baselines(sizes: Sequence[float], count: int) -> list[float]:
    radius, radii = (OUTER - 6 if count > 3 else OUTER - 22), []
    for size in sizes:
        radius -= size * 0.78
        radii.append(radius)
        radius -= size * 0.3
    return radii


def _inwards(label: str, count: int) -> Iterator[tuple[float, list[Text], float]]:
    half = math.tan(math.pi / count)
    for lines in [[label], *_broken(label)[:2]]:
        for size in range(22, 7, -1):
            long = max(width(line) for line in lines) * size
            reach = OUTER - long
            if reach < HUB or len(lines) * size * 1.1 > 2 * reach * half - 2:
                continue
            first = (len(lines) - 1) * size * 0.55
            texts = [
                Text(
                    line,
                    round(CX + first - i * size * 1.1, 1),
                    round(CY - OUTER, 1),
                    float(size),
                    90,
                )
                for i, line in enumerate(lines)
            ]
            yield (float(size), texts, reach)
            break


def _broken(label: str) -> list[list[str]]:
    """The label on one line, on two and on three, broken at spaces as evenly as can be."""
    words = label.split() or [""]
    if len(words) > 1 and words[0][0].isdigit():
        return [[words[0], " ".join(words[1:])]]  # the number large, its unit under it
    ways = [[" ".join(words)]]
    if len(words) > 1:
        cuts = ([" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words)))
        ways.append(min(cuts, key=lambda cut: max(map(width, cut))))
    if len(words) > 2:
        ways.append([words[0], " ".join(words[1:-1]), words[-1]])
    return ways


def width(text: str) -> float:
    """A generous estimate of a line's width in ems, in the extra bold weight."""
    return sum(0.32 if c in " .,:;iIl1jtf'|" else 0.86 if c in "mwMW" else 0.62 for c in text)


def _pegs_in_a_slice(count: int) -> int:
    return max(2, round(16 / count))


def _pegs(gap: float) -> Iterator[tuple[float, float]]:
    for i in range(round(360 / gap)):
        angle = math.radians(gap / 2 + i * gap)
        x, y = CX + PEGS_RADIUS * math.sin(angle), CY - PEGS_RADIUS * math.cos(angle)
        yield (_n(x), _n(y))


def _n(x: float) -> float:
    return round(x, 2)
