"""Styles and scripts: small, named by content, and kept."""

import gzip
import re
import shutil
import time
from pathlib import Path

import pytest

from pwa.shell import assets

STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture
def sources(tmp_path):
    for folder in ("css", "js", "vendor"):
        shutil.copytree(STATIC / folder, tmp_path / folder)
    return tmp_path


def test_all_styles_together_stay_under_fourteen_kilobytes():
    (sheet,) = [a for a in assets.collect(STATIC) if a.name == "app.css"]
    assert len(gzip.compress(sheet.body, 9)) < 14_000


def test_the_members_scripts_stay_under_twenty_kilobytes_and_the_tills_under_eight():
    ours = [a for a in assets.collect(STATIC) if a.name.endswith(".js") and a.name != "htmx.js"]
    sizes = {a.name.removesuffix(".js"): len(gzip.compress(a.body, 9)) for a in ours}
    tills = {name: sizes.pop(name) for name in ("till", "desk", "keypad", "scan", "goods")}
    assert sum(sizes.values()) < 20_000, sizes
    assert sum(tills.values()) < 8_000, tills


def test_every_island_is_served():
    stems = {path.stem for path in (STATIC / "js").glob("*.js")}
    assert stems == {*assets.CORE, *assets.ALONE}


def test_a_changed_file_has_a_new_name_and_the_old_one_stays(sources):
    before = assets.build(sources)["app.css"].file
    with (sources / "css" / "btn.css").open("a") as file:
        file.write("\n@layer components { .btn { color: red; } }\n")
    after = assets.build(sources)["app.css"].file
    assert before != after
    assert (sources / "build" / before).exists()
    assert (sources / "build" / f"{after}.gz").exists()


def test_building_again_writes_nothing_and_takes_no_time(sources):
    assets.build(sources)
    written = {path: path.stat().st_mtime_ns for path in (sources / "build").iterdir()}
    start = time.perf_counter()
    assets.build(sources)
    assert time.perf_counter() - start < 2  # milliseconds, but for a busy machine
    assert written == {path: path.stat().st_mtime_ns for path in (sources / "build").iterdir()}


def test_the_font_is_asked_for_under_its_hashed_name():
    found = {asset.name: asset for asset in assets.collect(STATIC)}
    assert f'url("{found[assets.FONT].file}")'.encode() in found["app.css"].body


def test_minifying_keeps_the_space_that_switches_light_and_dark():
    assert "--if-dark: ;" in assets.minify_css(
        ":root {\n  --if-light: initial;\n  --if-dark: ;\n}\n"
    )


def test_minifying_keeps_what_needs_its_spaces():
    text = (
        ".a > .b:not(.c) , .d {\n  inline-size: calc(100% - 2 * (var(--x) + 4px)); /* why */\n}\n"
    )
    small = assets.minify_css(text)
    assert "calc(100% - 2 * (var(--x) + 4px))" in small
    assert "why" not in small


def test_no_style_needs_what_an_old_web_view_lacks():
    for path in (STATIC / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        assert "light-dark(" not in text, path
        assert not re.search(r"(oklch|color)\(from", text), path
        assert not re.search(r"[{;]\s*&", text), f"raw nesting in {path}"
