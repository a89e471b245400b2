"""The program in force as a program file. Reading it back gives the same program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pwa.program.schema import Program

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LINE_MOST_CHARS = 90


def to_toml(program: Program) -> str:
    """`program` as TOML, without what is left at its default."""
    data = program.model_dump(mode="python", exclude_defaults=True, exclude_none=True)
    blocks = [f"# {program.program.name}, exported by `setia program export`."]
    for name, value in data.items():
        blocks += _blocks(name, value)
    return "\n\n".join(blocks) + "\n"


def _blocks(path: str, value: Any) -> Iterator[str]:
    """One [table], or a [[table]] for each item, and below each the lists that have names."""
    items, brackets = (value, "[[{}]]") if _is_list(value) else ([value], "[{}]")
    for item in items:
        below = {name: part for name, part in item.items() if _are_tables(part)}
        lines = [brackets.format(path)]
        lines += [f"{_key(n)} = {_value(v)}" for n, v in item.items() if n not in below]
        yield "\n".join(lines)
        for name, part in below.items():
            yield from _blocks(f"{path}.{_key(name)}", part)


def _are_tables(value: Any) -> bool:
    """Whether a list is written as [[tables]]: its items are called by a code."""
    items = value if _is_list(value) else ()
    return bool(items) and all(isinstance(item, Mapping) and "code" in item for item in items)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _table(value)
    if _is_list(value):
        return _list([_value(item) for item in value])
    return _string(str(value))


def _table(value: Mapping[str, Any]) -> str:
    if set(value) == {"id"}:
        return _value(value["id"])
    if _is_option(value):
        value = {**value["text"], **{k: v for k, v in value.items() if k != "text"}}
    return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"


def _is_option(value: Mapping[str, Any]) -> bool:
    """An option of a question is written flat: { id = "Enau", en = "...", right = true }."""
    text = value.get("text")
    return isinstance(text, Mapping) and set(value) <= {"text", "right", "art"}


def _list(items: Sequence[str]) -> str:
    line = "[" + ", ".join(items) + "]"
    if len(line) <= _LINE_MOST_CHARS:
        return line
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
