"""The lines of a dry run."""

from __future__ import annotations

from pwa.program import diff, files
from tests.conftest import DEMO

SOURCE = DEMO.read_text("utf-8")
PROGRAM = files.parse(SOURCE)


def lines(old: str, new: str) -> list[str]:
    assert old in SOURCE, old
    return shown(SOURCE.replace(old, new, 1))


def shown(source: str) -> list[str]:
    found = diff.changes(PROGRAM, files.parse(source))
    return [f"{change.mark} {change.words}" for change in found]


def test_the_same_program_has_no_changes():
    assert diff.changes(PROGRAM, files.parse(SOURCE)) == []


def test_the_first_program_is_one_line():
    assert diff.changes(None, PROGRAM)[0].mark == "+"


def test_a_changed_number_shows_before_and_after():
    found = lines("welcome_points = 50", "welcome_points = 60")
    assert found == ["~ program.welcome_points: 50 -> 60"]


def test_a_changed_text_names_its_language():
    assert lines('en = "Drop by"', 'en = "Visit"') == [
        '~ missions.mampir.name.en: "Drop by" -> "Visit"'
    ]


def test_what_goes_and_comes_is_named_by_code_and_title():
    block = SOURCE[SOURCE.index('[[outlets]]\ncode = "kemang"') : SOURCE.index("# Products.")]
    new = block.replace('"kemang"', '"depok"').replace("Kemang", "Depok")
    found = shown(SOURCE.replace(block, new).replace("kemang = ", "depok = "))
    assert found[0] == "- outlets.kemang (Kopi Kawan Kemang)"
    assert found[1] == "+ outlets.depok (Kopi Kawan Depok)"
    assert "- products.ES-KOPI-SUSU.stock.kemang: 90" in found
    assert "+ products.ES-KOPI-SUSU.stock.depok: 90" in found


def test_a_changed_order_is_told():
    first, second = '[[outlets]]\ncode = "tebet"', '[[outlets]]\ncode = "kemang"'
    start, middle, end = SOURCE.index(first), SOURCE.index(second), SOURCE.index("# Products.")
    turned = SOURCE[:start] + SOURCE[middle:end] + SOURCE[start:middle] + SOURCE[end:]
    assert shown(turned) == ["~ outlets: the order changed"]


def test_a_long_value_is_cut():
    old = 'tagline = { id = "Kopi dekat rumah, kawan lama"'
    [line] = lines(old, f'tagline = {{ id = "{"k" * 200}"')
    assert len(line) < 200
    assert line.endswith("...")
