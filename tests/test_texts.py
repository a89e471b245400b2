"""What people read goes through the catalogue, in Python and in scripts, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What a refusal, a form or a notice says to people; the command line speaks to operators.
SAYS = {"words", "todo", "TITLE", "NAME", "message"}
TELLS = {"flash"}
PYTHON = [p for p in sorted((ROOT / "pwa").rglob("*.py")) if not {"cli", "migrations"} & {*p.parts}]
SCRIPTS = sorted(
    [*(ROOT / "static" / "js").glob("*.js"), *(ROOT / "service_worker" / "src").glob("*.js")]
)
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
SENTENCE = re.compile(r"[A-Z][a-z]+ [a-z]+|[a-z]+ [a-z]+ [a-z]+")


def bare_texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """Texts that are said as they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and _names(line) & SAYS:
                    yield from _texts(line.value)
        elif isinstance(node, ast.Assign) and {"errors"} & _names(node):
            yield from _texts(node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in TELLS and node.args:
            yield from _texts(node.args[0])
        elif isinstance(node, ast.keyword) and node.arg in ("message", "title", "advice"):
            yield from _texts(node.value)


def _names(line: ast.Assign) -> set[str]:
    return {t.id if isinstance(t, ast.Name) else getattr(t, "attr", "") for t in line.targets}


def _texts(value: ast.expr) -> Iterator[ast.Constant]:
    for one in value.elts if isinstance(value, ast.List | ast.Tuple) else [value]:
        if not isinstance(one, ast.Constant) or not isinstance(one.value, str):
            continue
        if re.search(r"[a-z]{2} ", one.value):
            yield one


def test_python_says_nothing_past_the_catalogue() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{text.lineno}: {text.value!r}"
        for path in PYTHON
        for text in bare_texts(ast.parse(path.read_text("utf-8")))
    ]
    assert found == [], "wrap it in _() or _l()"


def test_a_text_past_the_catalogue_is_found() -> None:
    wrong = (
        'flash("Sudah dikirim")\nclass A:\n    words = "Tidak bisa"\nf.errors = ["Belum ada isi"]'
    )
    assert len(list(bare_texts(ast.parse(wrong)))) == 3
    assert list(bare_texts(ast.parse('flash(_("Sudah dikirim"))'))) == []


def test_scripts_say_only_what_the_page_gave_them() -> None:
    found = [
        f"{path.name}: {said}"
        for path in SCRIPTS
        for line in path.read_text("utf-8").splitlines()
        if not line.strip().startswith("//")
        for said in (a or b for a, b in STRING.findall(line))
        if SENTENCE.search(re.sub(r"\$\{[^}]*\}", "", said)) and not _is_code(said)
    ]
    assert found == [], "a data attribute brings it in the reader's language"


def _is_code(said: str) -> bool:
    """A selector, a media query, a MIME type, a style."""
    return bool(re.search(r"[\[\]#:;(){}/<>=_]|^[.a-z-]+( [.a-z-]+)?$|^use strict$", said))
