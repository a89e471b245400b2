"""What would change if a program came into force, in lines that a person can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from pwa.program.schema import Program

_LONGEST = 70
_ABSENT = object()


class Change(NamedTuple):
    """One difference: + is new, - is gone, ~ is other than before."""

    mark: str
    words: str


def changes(before: Program | None, after: Program) -> list[Change]:
    """Every difference between two programs, in the order of the file."""
    if before is None:
        return [Change("+", f"program.{after.program.code} ({after.program.name}), the first one")]
    return list(_between(before.model_dump(mode="json"), after.model_dump(mode="json"), ""))


def _between(old: Any, new: Any, key: str) -> Iterator[Change]:
    if old == new:
        return
    if (_is_text(old) and _is_text(new)) or (isinstance(old, dict) and isinstance(new, dict)):
        yield from _in_table(old, new, key)
    elif _has_names(old) and _has_names(new):
        yield from _in_list(old, new, key)
    else:
        yield Change("~", f"{key}: {_shown(old)} -> {_shown(new)}")


def _in_table(old: dict[str, Any], new: dict[str, Any], key: str) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        path = f"{key}.{name}" if key else name
        was, is_ = old.get(name, _ABSENT), new.get(name, _ABSENT)
        if was is _ABSENT:
            yield Change("+", f"{path}: {_shown(is_)}")
        elif is_ is _ABSENT:
            yield Change("-", f"{path}: {_shown(was)}")
        else:
            yield from _between(was, is_, path)


def _in_list(old: list[Any], new: list[Any], key: str) -> Iterator[Change]:
    was = {_name(item): item for item in old}
    now = {_name(item): item for item in new}
    for name, item in was.items():
        if name not in now:
            yield Change("-", f"{key}.{name}{_title(item)}")
    for name, item in now.items():
        if name in was:
            yield from _between(was[name], item, f"{key}.{name}")
        else:
            yield Change("+", f"{key}.{name}{_title(item)}")
    stayed = [name for name in was if name in now]
    if stayed != [name for name in now if name in was]:
        yield Change("~", f"{key}: the order changed")


def _name(item: dict[str, Any]) -> str:
    return str(item.get("code") or item["sku"])


def _has_names(items: Any) -> bool:
    return isinstance(items, list) and all(
        isinstance(item, dict) and ("code" in item or "sku" in item) for item in items
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() <= {"id", "en", "jv", "su"}


def _title(item: dict[str, Any]) -> str:
    name = item.get("name") or item.get("label") or item.get("text")
    return f" ({name['id']})" if isinstance(name, dict) and "id" in name else ""


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
