"""Program files: good ones come into force once, bad ones say what is wrong and where."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa import outbox
from pwa.db import db
from pwa.program import export, files, locate, service, shelves
from pwa.program.models import ProgramVersion
from pwa.program.parts import Text
from pwa.program.playing import Game
from pwa.shop import stock
from tests.conftest import DEMO

SOURCE = DEMO.read_text("utf-8")


def line_of(text: str) -> int:
    return SOURCE[: SOURCE.index(text)].count("\n") + 1


def problems(old: str, new: str) -> list[files.Problem]:
    assert old in SOURCE, old
    with pytest.raises(files.BadFile) as caught:
        files.parse(SOURCE.replace(old, new, 1))
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("welcome_points = 50", "welcome_points = 'x'", "program.welcome_points", "whole number"),
        ("weight = 22", "weight = 0", "wheels.harian.slices.sepuluh.weight", "must be 1 or more"),
        ('trigger = "spin"', 'trigger = "spinn"', "missions.putar-roda.trigger", "one of"),
        ('consolation = "lima"', 'consolation = "x"', "wheels.harian", "not one of the slices"),
        ("months = 12", "monhts = 12", "earning.expiry.default.monhts", "is it misspelt?"),
        ('zone = "Asia/Jakarta"', 'zone = "Jakarta"', "program.zone", "not a time zone"),
        ('brand = "#c8430f"', 'brand = "red"', "program.brand", "must look like"),
        ("2026-12-12T00:00:00+07:00", "2026-12-12T00:00:00", "campaigns.harbolnas-1212", "offset"),
    ],
)
def test_a_mistake_is_told_with_its_line_its_key_and_the_reason(
    old: str, new: str, key: str, reason: str
):
    found = problems(old, new)
    assert [problem.key for problem in found] == [key]
    assert reason in found[0].reason
    assert abs(found[0].line - line_of(old)) <= 6, found[0]


def test_the_line_of_a_wrong_value_is_exact():
    assert problems("weight = 22", "weight = 0")[0].line == line_of("weight = 22")


def test_a_misspelt_key_inside_one_line_points_to_that_line():
    enau = '{ id = "Enau", en = "Sugar palm", jv = "Enau", su = "Enau", right = true }'
    found = problems(enau, enau.replace("right", "rihgt"))
    assert {p.line for p in found} >= {line_of(enau)}
    assert any(p.key == "quizzes.kopi.questions.gula-aren.options[2].rihgt" for p in found)


def test_a_missing_key_is_told_where_its_table_begins():
    line = 'name = { id = "Mampir", en = "Drop by", jv = "Mampir", su = "Mampir" }\n'
    [problem] = problems(line, "")
    assert problem.key == "missions.mampir.name"
    assert problem.reason == "this key is missing"
    assert problem.line == line_of('[[missions]]\ncode = "mampir"')


def test_a_name_that_leads_nowhere_is_told_where_it_stands():
    [problem] = problems('tiers = ["kawan-setia"]', 'tiers = ["kawan-seta"]')
    assert "names tier 'kawan-seta', which does not exist" in problem.reason
    assert problem.line == line_of('tiers = ["kawan-setia"]')


def test_text_that_is_not_toml_is_told_with_its_line():
    [problem] = problems("return_days = 0", "return_days = 0 x")
    assert problem.line == line_of("return_days = 0")
    assert problem.reason.startswith("this is not TOML: ")


def test_every_mistake_is_told_at_once():
    broken = SOURCE.replace("weight = 22", "weight = 0", 1).replace("price_points = 60", "", 1)
    with pytest.raises(files.BadFile) as caught:
        files.parse(broken)
    assert [p.line for p in caught.value.problems] == sorted(p.line for p in caught.value.problems)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"\xff", "not UTF-8"), (b"", "program: this key is missing")],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes | None, words: str):
    path = tmp_path / "program.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(files.BadFile) as caught:
        files.load(path)
    assert any(words in str(problem) for problem in caught.value.problems)


def test_a_bad_file_changes_nothing(app: Flask, tmp_path: Path):
    path = tmp_path / "bad.toml"
    path.write_text(SOURCE.replace("welcome_points = 50", "welcome_points = -1"))
    with pytest.raises(files.BadFile):
        files.apply_file(path, actor="test")
    outbox.commit()
    assert db.session.scalar(select(func.count(ProgramVersion.id))) == 1
    assert service.current().program.welcome_points == 50


def test_applying_a_file_again_changes_nothing(app: Flask):
    assert files.apply_file(DEMO, actor="test") is None
    assert db.session.scalar(select(func.count(ProgramVersion.id))) == 1


def test_an_export_reads_back_as_the_same_program():
    program = files.load(DEMO)
    text = export.to_toml(program)
    assert files.parse(text) == program
    assert export.to_toml(files.parse(text)) == text


def test_an_export_keeps_what_other_games_bring_along():
    game = Game(
        name=Text(id="Tebak", en="Guess"),
        text=Text(id="Tebak harga"),
        config={"fields": 9, "share": 0.5, "prizes": [{"code": "a", "text": "b"}], "on": True},
        labels={"a": Text(id="Satu")},
    )
    changed = files.load(DEMO).model_copy(update={"games": {"tebak": game}})
    read = tomllib.loads(export.to_toml(changed))["games"]["tebak"]
    assert Game.model_validate(read) == game


def test_an_export_survives_quotes_backslashes_and_control_characters():
    odd = 'Kata "Ratna"\\n \x7f tab\t\u2028dan'
    program = files.load(DEMO)
    tagline = program.program.tagline.model_copy(update={"en": odd})
    identity = program.program.model_copy(update={"tagline": tagline})
    changed = program.model_copy(update={"program": identity})
    assert files.parse(export.to_toml(changed)).program.tagline.en == odd


def test_an_export_has_todays_stock_and_changes_nothing(app: Flask, tmp_path: Path):
    assert stock.take("CROISSANT", "tebet", 5)
    outbox.commit()
    now = shelves.in_force()
    assert now is not None
    path = tmp_path / "export.toml"
    path.write_text(export.to_toml(now), "utf-8")
    assert files.load(path).product("CROISSANT").stock["tebet"] == 19  # type: ignore[union-attr]
    assert files.apply_file(path, actor="test") is None
    assert stock.pieces_of("CROISSANT")["tebet"] == 19


def test_applying_the_old_file_does_not_undo_a_days_sales(app: Flask):
    assert stock.take("CROISSANT", "tebet", 5)
    outbox.commit()
    files.apply_file(DEMO, actor="test")
    assert stock.pieces_of("CROISSANT")["tebet"] == 19


def test_a_changed_figure_sets_the_shelf_and_leaves_the_others(app: Flask):
    assert stock.take("CROISSANT", "tebet", 5)
    assert stock.take("CROISSANT", "kemang", 5)
    changed = SOURCE.replace("tebet = 24, kemang = 18", "tebet = 30, kemang = 18")
    service.apply(files.parse(changed), "test")
    outbox.commit()
    assert stock.pieces_of("CROISSANT") == {"tebet": 30, "kemang": 13}


def test_every_key_of_the_demo_is_found_on_its_line():
    found = locate.lines(SOURCE)
    data = tomllib.loads(SOURCE)
    text = SOURCE.splitlines()
    for path in paths(data):
        assert path in found, path
        key = path[-1]
        if isinstance(key, str):
            assert key in text[found[path] - 1], (path, found[path])


def paths(data: object, here: locate.Path = ()) -> list[locate.Path]:
    found = [here] if here else []
    items: list[tuple[int | str, object]] = []
    if isinstance(data, dict):
        items = list(data.items())
    elif isinstance(data, list):
        items = list(enumerate(data))
    for key, value in items:
        found += paths(value, (*here, key))
    return found


def test_lines_are_found_through_comments_strings_and_dotted_keys():
    source = '''# a = 1
a.b = "x # not a comment" # a comment
c = """
d = 1
"""
"e f" = [ # one
  1, # two
  { g = 'h', i = [2,
     3] },
]
[j."k.l"]
m = true
[[n]]
[n.o]
p = 2026-01-01
[[n]]
'''
    found = locate.lines(source)
    assert found[("a", "b")] == 2
    assert ("d",) not in found
    assert found[("e f", 0)] == 7
    assert found[("e f", 1, "i", 1)] == 9
    assert found[("j", "k.l", "m")] == 12
    assert found[("n", 0, "o", "p")] == 15
    assert found[("n", 1)] == 16
