"""Every text in every language: none missing, none fuzzy, none with another placeholder."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message
from flask import Flask

from pwa import languages

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
TRANSLATED = [p.parts[-3] for p in sorted(ROOT.glob("pwa/translations/*/LC_MESSAGES/*.po"))]


@pytest.fixture(scope="module")
def catalogues() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "scripts/catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_catalogues() -> None:
    assert "en" in TRANSLATED


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(catalogues: ModuleType, language: str) -> None:
    wanted = {message.id for message in catalogues.extract() if message.id}
    catalogue = catalogues.load(language)
    done = {m.id for m in catalogue if m.id and not m.fuzzy and _whole(m, catalogue.num_plurals)}
    assert wanted - done == set(), "make catalogues, then translate what is empty"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_placeholders(catalogues: ModuleType, language: str) -> None:
    wrong = [
        message.id
        for message in catalogues.load(language)
        if message.id
        for string in _forms(message)
        if string and not set(PLACEHOLDER.findall(string)) <= _placeholders(message)
    ]
    assert wrong == []


def _placeholders(message: Message) -> set[str]:
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    return {found for text in ids for found in PLACEHOLDER.findall(text)} | {"%(num)s"}


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _whole(message: Message, plurals: int) -> bool:
    forms = _forms(message)
    return all(forms) and (not message.pluralizable or len(forms) == plurals)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1240, "1.240"), (0, "0"), (-250, "\N{MINUS SIGN}250"), (1234567, "1.234.567")],
)
def test_numbers_are_written_the_indonesian_way(app: Flask, value: int, shown: str) -> None:
    with app.test_request_context(), languages.force_locale("id"):
        assert languages.number(value) == shown


def test_rupiah_has_no_decimals_and_no_space(app: Flask) -> None:
    with app.test_request_context(), languages.force_locale("id"):
        assert languages.rupiah(48000) == "Rp48.000"
    with app.test_request_context(), languages.force_locale("en"):
        assert languages.rupiah(48000) == "Rp48,000"


def test_zones_have_their_indonesian_names() -> None:
    names = [languages.zone_name(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura")]
    assert names == ["WIB", "WITA", "WIT"]
