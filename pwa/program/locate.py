"""On which line of a TOML text each key stands, for telling people where a mistake is.

The text was already accepted by tomllib, so this reads only as much of the grammar as it takes
to follow keys, strings, arrays and tables.
"""

from __future__ import annotations

import json
import re

Path = tuple[int | str, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*(\.)?""")
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''', re.DOTALL
)
_PLAIN = re.compile(r"[^,\]}\n#]*")


def lines(source: str) -> dict[Path, int]:
    """The 1-based line of every key, table and array item in `source`."""
    reader = _Reader(source)
    reader.document()
    return reader.found


def nearest(path: Path, found: dict[Path, int]) -> int:
    """The line of `path`, or of the nearest thing around it that is in the text; else 0."""
    while path:
        if path in found:
            return found[path]
        path = path[:-1]
    return 0


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.found: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}  # items so far in each array of tables

    def document(self) -> None:
        table: Path = ()
        while self._skip_blank():
            if self._peek("[["):
                table = self._header("[[", "]]")
            elif self._peek("["):
                table = self._header("[", "]")
            else:
                self._pair(table)

    def _header(self, opening: str, closing: str) -> Path:
        line = self._line()
        self.at += len(opening)
        keys = self._keys()
        self.at = self.source.index(closing, self.at) + len(closing)
        path = self._through_arrays(keys if opening == "[" else keys[:-1], line)
        if opening == "[[":
            path = (*path, keys[-1])
            index = self.counts.get(path, 0)
            self.counts[path] = index + 1
            self.found.setdefault(path, line)
            path = (*path, index)
        self.found.setdefault(path, line)
        return path

    def _through_arrays(self, keys: Path, line: int) -> Path:
        """[a.b] means b in the newest item of a, where a is an array of tables.

        A table a that has no header of its own begins here.
        """
        path: Path = ()
        for key in keys:
            path = (*path, key)
            self.found.setdefault(path, line)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._keys():
            path = (*path, key)
            self.found.setdefault(path, line)
        self.at = self.source.index("=", self.at) + 1
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip_blank()
        if self._peek("["):
            self._items(path, "]", named=False)
        elif self._peek("{"):
            self._items(path, "}", named=True)
        else:
            found = _STRING.match(self.source, self.at) or _PLAIN.match(self.source, self.at)
            assert found is not None
            self.at = found.end()

    def _items(self, path: Path, closing: str, *, named: bool) -> None:
        self.at += 1
        index = 0
        while self._skip_blank() and not self._peek(closing):
            if named:
                self._pair(path)
            else:
                self.found[(*path, index)] = self._line()
                self._value((*path, index))
            index += 1
            self._skip_blank()
            if self._peek(","):
                self.at += 1
        self.at += 1

    def _keys(self) -> Path:
        keys: list[str] = []
        while found := _KEY.match(self.source, self.at):
            self.at = found.end()
            keys.append(_unquoted(found[1]))
            if not found[2]:
                break
        return tuple(keys)

    def _skip_blank(self) -> bool:
        found = _BLANK.match(self.source, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.source)

    def _peek(self, text: str) -> bool:
        return self.source.startswith(text, self.at)

    def _line(self) -> int:
        return self.source.count("\n", 0, self.at) + 1


def _unquoted(key: str) -> str:
    if key.startswith('"'):
        return str(json.loads(key))
    return key.strip("'")
