"""Puts the worker's sources together into one script, whose version follows from its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

SOURCES = Path(__file__).parent / "src"
NEWS = {"id": "Ada kabar baru untukmu."}
ORDER = ("lifecycle", "cache", "push", "click", "sync")


def build(
    precache: Mapping[str, str],
    offline: str,
    name: str,
    news: Mapping[str, str] = NEWS,
    sources: Path = SOURCES,
) -> str:
    """The whole worker.

    `precache` maps each address to a digest of what is there; `offline` is the one of them that
    stands in for a page without a signal; `name` is the shop's; `news` is by language what a push
    says that can't be read. Any change to these or to the
    sources gives another version, so that browsers fetch the new worker and its files together.
    """
    assert offline in precache, offline
    head = [
        f"const PRECACHE = {json.dumps(sorted(precache))};",
        f"const OFFLINE = {json.dumps(offline)};",
        f"const NAME = {json.dumps(name)};",
        f"const NEWS = {json.dumps(dict(news), ensure_ascii=False, sort_keys=True)};",
    ]
    body = "\n".join([*head, *(_source(sources / f"{part}.js") for part in ORDER)])
    return f'"use strict";\nconst VERSION = "{version(body, precache)}";\n{body}'


def version(body: str, precache: Mapping[str, str]) -> str:
    """Twelve letters that stand for the worker and for everything that it keeps."""
    told = json.dumps([body, sorted(precache.items())])
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _source(path: Path) -> str:
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("//")).strip()
