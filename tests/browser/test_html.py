"""Every page is valid HTML, as html-validate reads it: nesting, attributes, labels, landmarks."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.browser.npm import NODE, packages
from tests.browser.screens import Screen, components
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("quality")]


def complaints(folder: Path) -> list[str]:
    """What html-validate has against the pages in `folder`, one line each."""
    tool = packages() / "html-validate" / "bin" / "html-validate.mjs"
    config = NODE / ".htmlvalidate.json"
    report = folder.with_suffix(".json")
    with report.open("wb") as out:  # a file: into a pipe, node stops at its first 64 kB
        subprocess.run(
            ["node", str(tool), "--config", str(config), "--formatter", "json", str(folder)],
            stdout=out, timeout=120, cwd=NODE,
        )  # fmt: skip
    return [
        f"{Path(page['filePath']).stem} {m['line']}:{m['column']} {m['ruleId']}: {m['message']}"
        for page in json.loads(report.read_text())
        for m in page["messages"]
    ]


def save(folder: Path, pages: dict[str, str]) -> None:
    assert pages
    for name, html in pages.items():
        flat = name.strip("/").replace("/", "-") or "home"
        (folder / f"{flat}.html").write_text(html)


def test_every_page_is_valid(
    screens: list[Screen], visitors: dict[str, Visitor], tmp_path: Path
) -> None:
    save(tmp_path, {f"{s.who}-{s.path}": visitors[s.who].get(s.path).text for s in screens})
    # The page without a signal is there in each language, all but one in an inert <template>, and
    # the validator takes their landmarks for as many on one page. axe looks at what is shown.
    inert = "stranger--offline", "unique-landmark"
    found = [one for one in complaints(tmp_path) if not all(part in one for part in inert)]
    assert found == []


def test_every_component_in_every_state_is_valid(
    visitors: dict[str, Visitor], tmp_path: Path
) -> None:
    pages = {path: visitors["stranger"].get(path) for path in components()}
    assert {answer.status for answer in pages.values()} == {200}
    save(tmp_path, {path: answer.text for path, answer in pages.items()})
    assert complaints(tmp_path) == []


def test_pages_that_refuse_are_valid(visitors: dict[str, Visitor], tmp_path: Path) -> None:
    stranger, member = visitors["stranger"], visitors["member"]
    refused = {
        "join": stranger.submit("/join", "/join", name="", phone="12", password="x"),
        "login": stranger.submit("/login", "/login", phone="0812-1000-0001", password="salah-ini"),
        "stale": stranger.post("/login", {}),
        "profile": member.submit("/profile/data", "/profile", name=""),
    }
    assert all(400 <= answer.status < 500 for answer in refused.values()), refused
    save(tmp_path, {name: answer.text for name, answer in refused.items()})
    assert complaints(tmp_path) == []
