"""What operators and owners read is complete."""

from __future__ import annotations

import re
import typing
from pathlib import Path

from pwa.program.parts import Part, Text
from pwa.program.schema import Program
from pwa.rewards import kinds

DOCS = Path(__file__).resolve().parents[2] / "docs"


def keys(model: type[Part], known: dict[str, set[str]]) -> dict[str, set[str]]:
    """The keys of a part of the program file and of all parts inside it, by part."""
    if model is Text or model.__name__ in known:
        return known
    known[model.__name__] = set(model.model_fields)
    for field in model.model_fields.values():
        for part in parts_in(field.annotation):
            keys(part, known)
    return known


def parts_in(annotation: object) -> list[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [annotation]
    return [part for inner in typing.get_args(annotation) for part in parts_in(inner)]


def test_every_key_of_the_program_file_is_described():
    text = re.sub(r"```.*?```", "", (DOCS / "program-file.md").read_text(), flags=re.S)
    code = re.findall(r"`([^`]+)`|^## (.+)$", text, re.M)
    said = {word for pair in code for part in pair for word in re.findall(r"\w+", part)}
    missing = {part: names - said for part, names in keys(Program, {}).items() if names - said}
    assert not missing, missing


def test_every_setting_is_described():
    source = (DOCS.parent / "pwa" / "settings.py").read_text()
    read = set(re.findall(r'"(SETIA_[A-Z_]+)"', source))
    described = set(re.findall(r"^\| `(SETIA_[A-Z_]+)`", (DOCS / "settings.md").read_text(), re.M))
    assert described == read


def test_the_readme_is_short():
    assert len((DOCS.parent / "README.md").read_text().splitlines()) < 120


def test_every_kind_of_reward_is_described_with_its_settings():
    text = (DOCS / "program-file.md").read_text()
    rows = dict(re.findall(r"^\| ([a-z-]+) \| (.+?) \|", text, re.M))
    for name in kinds.names():
        assert set(kinds.kind(name).Settings.model_fields) <= set(re.findall(r"\w+", rows[name]))
