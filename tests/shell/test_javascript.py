"""Every script of ours parses, by itself and as it is served."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pwa.shell import assets
from service_worker.build import build

ROOT = Path(__file__).parents[2]
OURS = sorted(
    [*(ROOT / "static" / "js").glob("*.js"), *(ROOT / "service_worker" / "src").glob("*.js")]
)
NODE = shutil.which("node")

needs_node = pytest.mark.skipif(
    NODE is None and not os.environ.get("SETIA_TEST_REQUIRE_ALL"), reason="needs node"
)


def check(path: Path) -> None:
    assert NODE, "SETIA_TEST_REQUIRE_ALL is set and there is no node"
    found = subprocess.run([NODE, "--check", path], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@needs_node
def test_every_source_parses(tmp_path):
    for source in OURS:
        copy = tmp_path / f"{source.parent.name}-{source.stem}.mjs"
        shutil.copy(source, copy)
        check(copy)


@needs_node
def test_the_bundles_and_the_worker_parse(tmp_path):
    served = {
        a.name: a.body.decode() for a in assets.collect(ROOT / "static") if a.name.endswith(".js")
    }
    served["worker.js"] = build({"/offline": ""}, "/offline", "Kopi")
    for name, text in served.items():
        path = tmp_path / name
        path.write_text(text)
        check(path)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_script_evaluates_text_or_writes_styles_into_markup(path):
    text = path.read_text()
    assert "eval(" not in text
    assert "new Function" not in text
    assert 'setAttribute("style"' not in text
