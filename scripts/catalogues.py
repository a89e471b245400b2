"""Bring every catalogue up to date with the sources (make catalogues), or compile them.

    python scripts/catalogues.py [compile]

Indonesian is the source and has no catalogue. What is new is left empty, what is gone is
dropped, and nothing is guessed: tests/test_languages.py fails until each text is translated.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "pwa" / "translations"
# Plural forms by CLDR; Babel would write two for Javanese and Sundanese, which have one.
PLURALS = {"en": (2, "(n != 1)"), "jv": (1, "0"), "su": (1, "0")}
BORN = datetime(2026, 11, 22, tzinfo=UTC)
KEYWORDS = {
    "_": None, "gettext": None, "_l": None, "lazy_gettext": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2),
}  # fmt: skip


def extract() -> Catalog:
    """Every text in the sources."""
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(project="Setia", fuzzy=False)
    for name, line, text, comments, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("i18n:",)
    ):
        if name.startswith((".venv", "var", "tests")):
            continue
        found.add(text, None, [(name, line)], auto_comments=comments, context=context)
    return found


def path_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    """The catalogue of one language; empty if there is none yet."""
    if not path_of(language).exists():
        return Catalog(locale=language, fuzzy=False)
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> int:
    """Write the catalogue anew; how many texts still want a translation."""
    catalogue = load(language)
    catalogue.update(extract(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.project, catalogue.version = "Setia", "1"
    catalogue.header_comment = f"# Setia in {language}. Indonesian, the source, is the msgid."
    catalogue.creation_date = catalogue.revision_date = BORN  # no churn with each run
    forms, expression = PLURALS[language]
    catalogue._num_plurals, catalogue._plural_expr = forms, expression
    for message in catalogue:
        if message.pluralizable and len(message.string) != forms:
            message.string = ("",) * forms
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        # Without places in the sources: they would change with every line moved.
        write_po(file, catalogue, width=100, no_location=True, sort_output=True, omit_header=False)
    return sum(1 for message in catalogue if message.id and not _translated(message.string))


def _translated(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def compile_all() -> None:
    """Write each catalogue's .mo. pybabel's own compile refuses Javanese and Sundanese, whose one
    form serves where Indonesian says "satu" for one; tests/test_languages.py checks them instead.
    """
    for language in PLURALS:
        with path_of(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, load(language))


def main() -> None:
    if sys.argv[1:] == ["compile"]:
        compile_all()
        return
    for language in PLURALS:
        print(f"{language}: {update(language)} to translate")


if __name__ == "__main__":
    main()
