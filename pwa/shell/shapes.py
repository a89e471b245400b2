"""Reads our drawings (circles, rects, and paths of M L H V A Z) into polygons, for raster.py."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
Polygon = list[Point]
STEPS = 72  # straight pieces in a half circle: no corner shows at 512 pixels
_TOKEN = re.compile(r"[MLHVAZ]|-?(?:\d+\.?\d*|\.\d+)")
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7}


class Shape(NamedTuple):
    """Polygons filled alike, even-odd within one shape; `role` is the class that dyes it."""

    role: str
    polygons: tuple[Polygon, ...]


def shapes(inner_svg: str) -> list[Shape]:
    """The shapes of a drawing, back to front. Raises ValueError for what is not in the subset."""
    root = ET.fromstring(f"<g>{inner_svg}</g>")  # noqa: S314 - our own files
    return [shape for element in root for shape in _read(element)]


def circle(x: float, y: float, radius: float) -> Polygon:
    """A circle as a polygon."""
    turns = (math.pi * i / STEPS for i in range(2 * STEPS))
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in turns]


def _read(element: ET.Element) -> Iterator[Shape]:
    classes = (element.get("class") or "").split()
    role = next((name for name in classes if name != "l"), "fi")
    lines = [*_outline(element)]
    if "l" in classes or "dash" in classes:
        width = float(element.get("stroke-width", "4")) / 2
        role = {"sp": "fp", "si": "fi", "dash": "fp"}.get(role, role)
        yield from (Shape(role, (part,)) for line in lines for part in _stroked(line, width))
    else:
        yield Shape(role, tuple(lines))


def _outline(element: ET.Element) -> Iterator[Polygon]:
    number = {key: float(value) for key, value in element.items() if key in _NUMBERS}
    if element.tag == "circle":
        yield circle(number["cx"], number["cy"], number["r"])
    elif element.tag == "rect":
        yield _rect(number)
    elif element.tag == "path":
        yield from _path(element.get("d", ""))
    else:
        raise ValueError(f"no such shape in a drawing: {element.tag}")


_NUMBERS = {"cx", "cy", "r", "x", "y", "width", "height", "rx"}


def _rect(number: dict[str, float]) -> Polygon:
    x, y, w, h = number.get("x", 0), number.get("y", 0), number["width"], number["height"]
    r = min(number.get("rx", 0), w / 2, h / 2)
    corners = (
        (x + w - r, y + r, -90),
        (x + w - r, y + h - r, 0),
        (x + r, y + h - r, 90),
        (x + r, y + r, 180),
    )
    return [
        (cx + r * math.cos(math.radians(start + a)), cy + r * math.sin(math.radians(start + a)))
        for cx, cy, start in corners
        for a in range(0, 91, 3)
    ]


def _path(d: str) -> Iterator[Polygon]:
    line: Polygon = []
    for command, given in _commands(d):
        if command == "Z":
            continue
        if command == "M":
            if line:
                yield line
            line = [(given[0], given[1])]
        elif command == "A":
            line += _arc(line[-1], given)
        else:
            line.append(_to(command, given, line[-1]))
    if line:
        yield line


def _commands(d: str) -> Iterator[tuple[str, list[float]]]:
    tokens = _TOKEN.findall(d)
    at = 0
    while at < len(tokens):
        command = tokens[at]
        at += 1
        arity = _ARITY.get(command, 0)
        yield command, [float(token) for token in tokens[at : at + arity]]
        at += arity


def _to(command: str, given: list[float], last: Point) -> Point:
    if command == "H":
        return given[0], last[1]
    if command == "V":
        return last[0], given[0]
    return given[0], given[1]


def _arc(start: Point, given: list[float]) -> Polygon:
    """An elliptical arc by the centre parameterisation of SVG 1.1, F.6 (no rotation)."""
    rx, ry, _, large, sweep, x, y = given
    dx, dy = (start[0] - x) / 2, (start[1] - y) / 2
    too_far = math.sqrt((dx / rx) ** 2 + (dy / ry) ** 2)
    rx, ry = rx * max(1, too_far), ry * max(1, too_far)
    below = (rx * dy) ** 2 + (ry * dx) ** 2
    away = math.sqrt(max(0.0, (rx * ry) ** 2 - below) / below) * (-1 if large == sweep else 1)
    cx, cy = away * rx * dy / ry, -away * ry * dx / rx
    first = math.atan2((dy - cy) / ry, (dx - cx) / rx)
    last = math.atan2((-dy - cy) / ry, (-dx - cx) / rx)
    turn = (last - first) % (2 * math.pi) if sweep else -((first - last) % (2 * math.pi))
    mid = ((start[0] + x) / 2 + cx, (start[1] + y) / 2 + cy)
    angles = (first + turn * (i + 1) / STEPS for i in range(STEPS))
    return [(mid[0] + rx * math.cos(a), mid[1] + ry * math.sin(a)) for a in angles]


def _stroked(line: Polygon, half: float) -> Iterator[Polygon]:
    """A line with round caps and joins, as overlapping pieces."""
    yield from (circle(x, y, half) for x, y in line)
    for (x1, y1), (x2, y2) in pairwise(line):
        long = math.hypot(x2 - x1, y2 - y1)
        if long:
            nx, ny = half * (y1 - y2) / long, half * (x2 - x1) / long
            yield [(x1 + nx, y1 + ny), (x2 + nx, y2 + ny), (x2 - nx, y2 - ny), (x1 - nx, y1 - ny)]
