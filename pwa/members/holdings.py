"""What each feature holds of a member: found by name, so that a new feature can't be forgotten.

`pwa/<feature>/privacy.py` offers

    TITLE = _l("Belanja")                      # its heading in the readable copy
    LABELS = {"amount_rupiah": _l("Jumlah")}   # the words for its keys
    def export(member_id: int) -> list[dict] | dict     # plain JSON values, all there is of her
    def erase(member_id: int) -> None                   # forget; what audits need may stay
    def adopt(kept_id: int, closed_id: int) -> None     # optional: on merging two accounts

None of them commits. A test fails for a feature whose tables name a member without this file.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol, cast


class Holder(Protocol):
    """The shape of a feature's privacy module."""

    TITLE: Any
    LABELS: Mapping[str, Any]

    def export(self, member_id: int) -> list[dict[str, Any]] | dict[str, Any]: ...

    def erase(self, member_id: int) -> None: ...


@cache
def holders() -> Mapping[str, Holder]:
    """Every feature that holds something of members, by name; members themselves first."""
    from pwa import features

    names = sorted(features(), key=lambda name: (name != "members", name))
    return {
        name: cast(Holder, importlib.import_module(f"pwa.{name}.privacy"))
        for name in names
        if importlib.util.find_spec(f"pwa.{name}.privacy")
    }


def export(member_id: int) -> dict[str, Any]:
    """All that we hold of a member, by feature, as plain JSON values."""
    return {name: holder.export(member_id) for name, holder in holders().items()}


def erase(member_id: int) -> None:
    """Have every feature forget a member; members last, since the others may look her up."""
    for holder in reversed(list(holders().values())):
        holder.erase(member_id)


def adopt(kept_id: int, closed_id: int) -> None:
    """Hand what is still good of a closed account to the one that is kept."""
    for holder in holders().values():
        if hand_over := getattr(holder, "adopt", None):
            hand_over(kept_id, closed_id)


def labels() -> dict[str, dict[str, str]]:
    """The words for every feature's keys, in the reader's language."""
    return {
        name: {key: str(words) for key, words in holder.LABELS.items()}
        for name, holder in holders().items()
    }


def titles() -> dict[str, str]:
    """Every feature's heading, in the reader's language."""
    return {name: str(holder.TITLE) for name, holder in holders().items()}
