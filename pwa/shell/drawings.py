"""Icons and drawings, read once and inlined: no sprite, no second request, dyed by CSS."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parents[2] / "static"
# Words our templates use for signs that Lucide files under the shape.
ALIASES = {"back": "arrow-left", "go": "chevron-right", "help": "circle-help", "scan": "scan-line"}
_OUTER = re.compile(r"<!--.*?-->|<svg\b[^>]*>|</svg>", re.DOTALL)


@cache
def svg(name: str) -> Markup:
    """What is inside `icons/<name>.svg` or `art/<name>.svg`, without the outer element.

    Raises FileNotFoundError for a name that nobody has drawn: a bug, or a bad program file.
    """
    return Markup(" ".join(_OUTER.sub("", _path(name).read_text("utf-8")).split()))  # noqa: S704


def art_names() -> tuple[str, ...]:
    """Every drawing there is: what a program file may name."""
    return tuple(sorted(path.stem for path in (STATIC / "art").glob("*.svg")))


def icon_names() -> tuple[str, ...]:
    """Every icon there is."""
    found = {path.stem for path in (STATIC / "vendor" / "lucide").glob("*.svg")}
    return tuple(sorted(found | {path.stem for path in (STATIC / "icons").glob("*.svg")}))


def _path(name: str) -> Path:
    kind, _, stem = name.partition("/")
    assert kind in ("icons", "art"), name
    assert re.fullmatch(r"[a-z0-9-]+", stem), name
    if kind == "art":
        return STATIC / "art" / f"{stem}.svg"
    own = STATIC / "icons" / f"{stem}.svg"
    return own if own.exists() else STATIC / "vendor" / "lucide" / f"{ALIASES.get(stem, stem)}.svg"
