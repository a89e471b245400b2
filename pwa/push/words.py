"""How notices write names, numbers and times: in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask_babel import force_locale, get_locale
from flask_babel import lazy_gettext as _l

from pwa import clock, languages
from pwa.program.schema import Text
from pwa.push.kinds import Facts, Kind, Reader, Words
from pwa.push.models import Notice

__all__ = ["dumped", "in_language", "moment", "pick", "plain_day", "speaking", "worded"]

UNKNOWN = Words(title=_l("Kabar"), body="", path="/inbox")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Word what follows in `language`."""
    with force_locale(language):
        yield


def worded(kind: Kind | None, reader: Reader, facts: Facts) -> Words:
    """The notice in words; call it within `speaking(reader.language)`."""
    return kind.compose(reader, facts) if kind else UNKNOWN


def dumped(text: Text) -> dict[str, str]:
    """A text of the program as facts keep it: the words of that day, in every language."""
    return text.model_dump(exclude_none=True)


def pick(texts: Mapping[str, str] | str, reader: Reader) -> str:
    """The reader's own language of a kept text, else Indonesian."""
    if isinstance(texts, str):
        return texts
    return texts.get(reader.language) or texts.get("id") or next(iter(texts.values()), "")


def plain_day(on: date | str) -> str:
    """30 November."""
    day = date.fromisoformat(on) if isinstance(on, str) else on
    return format_date(day, "d MMMM", locale=get_locale() or "id")


def moment(instant: datetime | str, reader: Reader) -> str:
    """pukul 21.00 today in her zone, "30 November, 21.00" on another day."""
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    local = at.astimezone(reader.zone)
    hour = format_datetime(local, "HH.mm", locale=get_locale() or "id")
    same_day = local.date() == clock.now().astimezone(reader.zone).date()
    return hour if same_day else f"{plain_day(local.date())}, {hour}"


def in_language(language: str, kinds: Mapping[str, Kind], reader: Reader, notice: Notice) -> Words:
    """One stored notice in words."""
    with speaking(language):
        return worded(kinds.get(notice.kind), reader, notice.facts or {})


def reader_of(member_id: int, name: str, language: str, zone: str) -> Reader:
    """She is called by her first name, as on Home."""
    return Reader(member_id, name.partition(" ")[0], language, ZoneInfo(zone))


number = languages.number
rupiah = languages.rupiah
