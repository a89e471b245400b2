"""Program files: TOML in, a checked Program or a list of problems out.

A bad file is refused whole, each problem with its line, its key and the reason in words.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pwa.program import locate, service, shelves
from pwa.program.models import ProgramVersion
from pwa.program.schema import Program

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
NAMELESS = Path("program.toml")
_QUOTED = re.compile(r"'([^']+)'")
_VALUE_MOST_CHARS = 60


class Problem(NamedTuple):
    """One thing that is wrong: where (line 0 is the whole file), which key, and why."""

    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.key}: {self.reason}" if self.key else f"{where}{self.reason}"


class BadFile(Exception):
    """A program file that can't be applied; `problems` says all that is wrong with it."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        super().__init__(f"{path}: {problems[0]}")
        self.path = path
        self.problems = problems


def apply_file(path: Path, actor: str) -> ProgramVersion | None:
    """Put the program of this file into force; None if it is already. The caller commits.

    Raises BadFile, and changes nothing then.
    """
    return put_in_force(load(path), actor)


def put_in_force(program: Program, actor: str) -> ProgramVersion | None:
    """Apply `program`; None if nothing would differ, as for an export. The caller commits."""
    if shelves.after_applying(program) == shelves.in_force():
        return None
    return service.apply(program, actor)


def load(path: Path) -> Program:
    """The program that this file says. Raises BadFile."""
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadFile(path, [Problem(0, "", error.strerror or str(error))]) from error
    except UnicodeDecodeError as error:
        raise BadFile(path, [Problem(0, "", "the file is not UTF-8 text")]) from error
    return parse(source, path)


def parse(source: str, path: Path = NAMELESS) -> Program:
    """The program that this TOML says; `path` is for the problems' text. Raises BadFile."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise BadFile(path, [_syntax_problem(error, source)]) from error
    try:
        return Program.model_validate(data)
    except ValidationError as error:
        lines = locate.lines(source)
        problems = [_problem(details, data, lines) for details in error.errors()]
        raise BadFile(path, sorted(_placed(p, source, lines) for p in problems)) from error


def _syntax_problem(error: tomllib.TOMLDecodeError, source: str) -> Problem:
    found = _AT_LINE.search(str(error))
    line = int(found[1]) if found and found[1] else len(source.splitlines())
    reason = _AT_LINE.sub("", str(error)).rstrip(".")
    return Problem(line, "", f"this is not TOML: {reason[:1].lower()}{reason[1:]}")


def _problem(details: ErrorDetails, data: dict[str, Any], lines: dict[locate.Path, int]) -> Problem:
    path = _written_path(details["loc"], data)
    return Problem(locate.nearest(path, lines), _named(path, data), _reason(details))


def _placed(problem: Problem, source: str, lines: dict[locate.Path, int]) -> Problem:
    """A problem between parts ("... names tier 'x', which does not exist") where 'x' stands."""
    word = _QUOTED.search(problem.reason)
    if problem.line or not word:
        return problem
    told = [n for n, text in enumerate(source.splitlines(), 1) if f'"{word[1]}"' in text]
    return problem._replace(line=told[-1]) if told else problem


def _written_path(loc: tuple[int | str, ...], data: Any) -> locate.Path:
    """The part of an error's place that is in the file (pydantic adds steps of its own).

    A missing key is not in the file either, and ends the path.
    """
    path: list[int | str] = []
    for step in loc:
        inside = isinstance(data, dict) and step in data
        inside = inside or (isinstance(data, list) and isinstance(step, int) and step < len(data))
        if inside:
            data = data[step]
        elif not isinstance(data, dict) or step == "[key]":
            continue
        path.append(step)
    return tuple(path)


def _named(path: locate.Path, data: Any) -> str:
    """missions[2].prize as `missions.mampir.prize`: a code says more than a number."""
    words: list[str] = []
    for step in path:
        data = _inside(data, step)
        name = data.get("code") or data.get("sku") if isinstance(data, dict) else None
        words.append(str(name or f"[{step + 1}]") if isinstance(step, int) else step)
    return ".".join(words).replace(".[", "[")


def _inside(data: Any, step: int | str) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None


def _reason(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    words = _WORDS.get(details["type"])
    if words is None:
        return details["msg"].removeprefix("Value error, ")
    reason = words.format(**{**_NO_CONTEXT, **context})
    if details["type"] in ("missing", "extra_forbidden"):
        return reason
    given = repr(details["input"])
    return reason if len(given) > _VALUE_MOST_CHARS else f"{reason}, not {given}"


_NO_CONTEXT = {"ge": "", "le": "", "gt": "", "pattern": "", "expected": "", "error": ""}
_WHOLE = "must be a whole number"
_WORDS = {
    "missing": "this key is missing",
    "extra_forbidden": "there is no such key here; is it misspelt?",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list in [ ]",
    "dict_type": "must be a table in {{ }}",
    "model_type": "must be a table in {{ }}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be one of {expected}",
    "string_pattern_mismatch": "must look like {pattern}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "date_from_datetime_parsing": "must be a date, like 2026-12-31",
    "date_type": "must be a date, like 2026-12-31",
    "datetime_type": "must be a time with its offset, like 2026-11-11T00:00:00+07:00",
    "datetime_from_date_parsing": "must be a time, like 2026-11-11T00:00:00+07:00",
}
