"""Rules of the templates: nothing inline, nothing unescaped, nothing that can't be translated."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
SHOWCASE = "components_page"  # for developers only
TEMPLATES = [
    path for path in sorted((ROOT / "templates").rglob("*.html")) if SHOWCASE not in path.parts
]
HOLE = "0"  # where Jinja would write something
# Blocks and macros that hold attributes of a tag elsewhere, not text.
ATTRIBUTES = re.compile(
    r"{%-?\s*(?:block (?:body_class|body_attrs|whose)|macro _(?:class|aria))\b"
    r".*?{%-?\s*end(?:block|macro)",
    re.S,
)
SPOKEN = ("alt", "title", "aria-label", "placeholder", "aria-description")
# Names and marks that are the same in every language.
NAMES = {"Setia", "WhatsApp", "QR", "Rp", "html", "SHA", "HMAC", "px"}
WORD = re.compile(r"[^\W\d_]{2,}")
lexer = Environment(extensions=["jinja2.ext.i18n"])


def bare(source: str) -> str:
    """The template's own HTML: what Jinja writes is a hole, and {% trans %} text is gone."""
    source = ATTRIBUTES.sub("", source)
    parts: list[str] = []
    inside_trans = False
    previous = ""
    for _line, kind, value in lexer.lex(source):
        if kind == "name" and previous == "block_begin":
            inside_trans = value == "trans" or (inside_trans and value != "endtrans")
        elif kind == "data" and not inside_trans:
            parts.append(value)
        elif kind == "variable_begin":
            parts.append("x" if parts and parts[-1].endswith(("<", "</")) else HOLE)
        if kind != "whitespace":
            previous = kind
    return "".join(parts)


class Reader(HTMLParser):
    """Collects words that stand in the HTML itself, and whatever is inline."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.inline: list[str] = []
        self.raw = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "style" or (tag == "script" and "src" not in given and not is_data(given)):
            self.inline.append(f"<{tag}>")
        self.inline += [name for name in given if name == "style" or re.match(r"on[a-z]+$", name)]
        for name in SPOKEN:
            self._read(given.get(name) or "")
        self.raw = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self.raw = ""

    def handle_data(self, data: str) -> None:
        if not self.raw:
            self._read(data)

    def _read(self, text: str) -> None:
        self.words += [word for word in WORD.findall(text) if word not in NAMES]


def is_data(attributes: dict[str, str | None]) -> bool:
    return (attributes.get("type") or "") in ("application/json", "application/ld+json")


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(bare(path.read_text("utf-8")))
    reader.close()
    return reader


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def test_pages_and_fragments_say_their_context_first():
    told = [p for p in TEMPLATES if p.parent.name not in ("components", "layouts")]
    silent = [name_of(path) for path in told if "{#" not in path.read_text("utf-8")[:400]]
    assert silent == []


def test_nothing_is_inline():
    found = {name_of(path): inline for path in TEMPLATES if (inline := read(path).inline)}
    assert found == {}, "the content security policy would block it"


def test_nothing_is_written_unescaped():
    # 'literal'|safe is as safe as what is typed there
    unsafe = re.compile(r"""(?<!['"])\s*\|\s*safe\b|autoescape\s+false""")
    found = [name_of(path) for path in TEMPLATES if unsafe.search(path.read_text("utf-8"))]
    assert found == []


def test_all_text_can_be_translated():
    found = {name_of(path): words for path in TEMPLATES if (words := read(path).words)}
    assert found == {}, "wrap it in _() or {% trans %}"
