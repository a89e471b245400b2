"""A member's data to take along: as JSON for machines, and readable for people."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from pwa import clock, languages
from pwa.db import db
from pwa.members import holdings
from pwa.members.models import Member
from pwa.program import service as program

FORMAT = 1


class Part(NamedTuple):
    """One feature's share in words: facts about her, and lists of what happened."""

    title: str
    facts: list[tuple[str, str]]
    tables: list[Table]


class Table(NamedTuple):
    title: str
    heads: list[str]
    rows: list[list[str]]


def everything(member: Member) -> dict[str, Any]:
    """All that we hold of a member and of the accounts merged into hers, as JSON values."""
    merged = select(Member.id).where(Member.merged_into_id == member.id).order_by(Member.id)
    return {
        "format": FORMAT,
        "shop": program.current().program.name,
        "made_at": clock.now().isoformat(),
        "member": member.public_id,
        "data": holdings.export(member.id),
        "merged": [holdings.export(each) for each in db.session.scalars(merged)],
    }


def readable(data: dict[str, Any]) -> list[Part]:
    """An export in words: every feature's facts and tables, in the reader's language."""
    titles, labels = holdings.titles(), holdings.labels()
    return [_part(titles[name], labels[name], held) for name, held in data.items()]


def _part(title: str, labels: dict[str, str], held: Any) -> Part:
    if isinstance(held, list):
        return Part(title, [], [_table("", labels, held)])
    flat = _flat(held)
    facts = [(labels.get(key, key), _in_words(value)) for key, value in flat.items()]
    tables = [
        _table(labels.get(key, key), labels, value)
        for key, value in held.items()
        if isinstance(value, list)
    ]
    return Part(title, facts, tables)


def _flat(held: dict[str, Any]) -> dict[str, Any]:
    """The plain values, those of a nested part with them; lists are tables of their own."""
    found: dict[str, Any] = {}
    for key, value in held.items():
        if isinstance(value, dict):
            found |= _flat(value)
        elif not isinstance(value, list):
            found[key] = value
    return found


def _table(title: str, labels: dict[str, str], rows: list[dict[str, Any]]) -> Table:
    heads = list(dict.fromkeys(key for row in rows for key in row))
    return Table(
        title,
        [labels.get(key, key) for key in heads],
        [[_in_words(row.get(key)) for key in heads] for row in rows],
    )


def _in_words(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return str(_("Ya") if value else _("Tidak"))
    if isinstance(value, int):
        return languages.number(value)
    if isinstance(value, dict):
        return _of_mapping(value)
    if isinstance(value, list):
        return "; ".join(_in_words(each) for each in value) or "-"
    return _time_or_text(str(value))


def _of_mapping(value: dict[str, Any]) -> str:
    """A text in several languages as the reader's; anything else as name: value."""
    if isinstance(value.get("id"), str) and set(value) <= set(languages.LANGUAGES):
        found = value.get(str(languages.choose())) or value["id"]
        return str(found)
    return ", ".join(f"{key}: {_in_words(each)}" for key, each in value.items()) or "-"


def _time_or_text(value: str) -> str:
    if len(value) < len("2026-11-22T05:00") or value[4:5] != "-" or value[10:11] != "T":
        return value
    try:
        local = datetime.fromisoformat(value).astimezone(languages.zone())
    except ValueError:
        return value
    return f"{languages.day(local.date(), 'd MMM y')}, {languages.clock_time(local)}"
