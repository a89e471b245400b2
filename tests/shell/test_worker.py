"""The service worker's version follows from what is in it and what it keeps."""

import json
import re
import shutil

import pytest
from flask.testing import FlaskClient

from service_worker.build import ORDER, SOURCES, build

KEPT = {"/offline": "aa", "/static/build/app.0123456789.css": ""}


def version(script: str) -> str:
    return re.search(r'const VERSION = "([0-9a-f]{12})"', script)[1]


def test_the_same_content_is_the_same_version():
    assert build(KEPT, "/offline", "Kopi") == build(
        dict(reversed(KEPT.items())), "/offline", "Kopi"
    )


@pytest.mark.parametrize(
    "kept",
    [
        {**KEPT, "/offline": "bb"},
        {**KEPT, "/static/build/app.9876543210.css": ""},
        {"/offline": "aa"},
    ],
)
def test_a_change_in_what_is_kept_is_a_new_version(kept):
    assert version(build(kept, "/offline", "Kopi")) != version(build(KEPT, "/offline", "Kopi"))


@pytest.mark.parametrize("part", ORDER)
def test_a_change_in_any_source_is_a_new_version(part, tmp_path):
    shutil.copytree(SOURCES, tmp_path / "src")
    with (tmp_path / "src" / f"{part}.js").open("a") as file:
        file.write("\nself.changed = true;\n")
    changed = build(KEPT, "/offline", "Kopi", sources=tmp_path / "src")
    assert version(changed) != version(build(KEPT, "/offline", "Kopi"))


def test_a_name_with_quotes_can_not_break_out():
    script = build(KEPT, "/offline", 'Kopi "Kawan"\n')
    assert r'const NAME = "Kopi \"Kawan\"\n";' in script


def test_the_offline_page_must_be_kept():
    with pytest.raises(AssertionError):
        build({}, "/offline", "Kopi")


def test_every_source_is_in_it():
    assert {path.stem for path in SOURCES.glob("*.js")} == set(ORDER)


def test_it_stays_short():
    assert len(build(KEPT, "/offline", "Kopi").splitlines()) < 250


def test_a_push_that_cannot_be_read_speaks_every_language(client: FlaskClient) -> None:
    script = client.get("/service-worker.js").text
    news = json.loads(script.split("const NEWS = ")[1].split(";\n")[0])
    assert set(news) == {"id", "en", "jv", "su"}
    assert len(set(news.values())) == 4
