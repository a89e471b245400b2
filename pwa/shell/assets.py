"""Styles and scripts as the browser gets them: few files, named by what is in them.

No build chain: the style sheets are read in order, their comments and indents dropped, and written
once to static/build/ under a name with a hash, which may then be cached for ever. Files of
earlier versions stay, since an open page or a waiting service worker may still ask for them.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FIRST, LAST = ("tokens", "base"), ("utilities",)
APART = ("demo",)  # only for /_components
LAYERS = "@layer tokens,base,components,utilities;"
# Islands that every page may need travel together; the others load where they are used.
CORE = (
    "csrf",
    "words",
    "toast",
    "busy",
    "reveal",
    "countup",
    "copy",
    "offline",
    "card",
    "later",
    "update",
    "install",
    "push",
    "pull",
    "typed",
    "waiting",
)
ALONE = ("wheel", "quiz", "keypad", "scan", "passkey", "till", "desk", "goods", "prize")
FONT = "plus-jakarta-sans-latin-wght-normal.woff2"
BINARY = {".woff2", ".png"}
_URL = re.compile(r'url\("\.\./vendor/([^"]+)"\)')


@dataclass(frozen=True)
class Asset:
    """One file to serve: its name in the code, its hashed name, its bytes."""

    name: str
    file: str
    body: bytes


def collect(static: Path) -> list[Asset]:
    """Every asset, from the sources under `static`. Reads; writes nothing."""
    font = _named(FONT, (static / "vendor" / FONT).read_bytes())
    sheets = bundle_css(static / "css", {FONT: font.file})
    demo = minify_css((static / "css" / "demo.css").read_text("utf-8"))
    scripts = {f"{stem}.js": _script(static, [stem]) for stem in ALONE}
    htmx = (static / "vendor" / "htmx.min.js").read_bytes()
    texts = {"app.css": sheets, "demo.css": demo, "app.js": _script(static, CORE), **scripts}
    return [
        font,
        _named("htmx.js", htmx),
        *(_named(name, text.encode()) for name, text in texts.items()),
    ]


def bundle_css(folder: Path, urls: dict[str, str]) -> str:
    """All style sheets as one; `urls` maps vendored files to their hashed names beside it."""
    stems = {path.stem for path in folder.glob("*.css")} - {*FIRST, *LAST, *APART}
    ordered = [*FIRST, *sorted(stems), *LAST]
    text = "".join(minify_css((folder / f"{stem}.css").read_text("utf-8")) for stem in ordered)
    return LAYERS + _URL.sub(lambda found: f'url("{urls[found[1]]}")', text)


def minify_css(text: str) -> str:
    """Without comments and indents. Spaces inside values stay: `--if-dark: ;` needs its own."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*\n\s*", "", text)
    text = re.sub(r"([{;,}])[ \t]+", r"\1", text)
    text = re.sub(r"[ \t]+([{}])", r"\1", text)
    text = re.sub(r"(?<=[\w-]): (?=[^;\s{}])", ":", text)
    return re.sub(r"(?<! );}", "}", text)


def minify_js(text: str) -> str:
    """Without whole-line comments and indents: what is safe without reading the language."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def build(static: Path) -> dict[str, Asset]:
    """Write what is missing in static/build/ and return every asset by name. Takes milliseconds."""
    assets = collect(static)
    folder = static / "build"
    folder.mkdir(exist_ok=True)
    for asset in assets:
        path = folder / asset.file
        if not path.exists():
            _write(path, asset.body)
            if path.suffix not in BINARY:
                _write(path.with_name(f"{path.name}.gz"), gzip.compress(asset.body, 9, mtime=0))
    return {asset.name: asset for asset in assets}


def _script(static: Path, stems: Iterable[str]) -> str:
    """Scripts one after the other, each in a block, so that none sees another's names."""
    sources = (minify_js((static / "js" / f"{stem}.js").read_text("utf-8")) for stem in stems)
    return '"use strict";\n' + "".join(f"{{\n{source}\n}}\n" for source in sources)


def _named(name: str, body: bytes) -> Asset:
    stem, _, suffix = name.rpartition(".")
    return Asset(name, f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}.{suffix}", body)


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all: several processes start at once and write the same."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
    os.chmod(draft, 0o644)
    os.replace(draft, path)
