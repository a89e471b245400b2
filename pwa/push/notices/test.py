"""What the button "send me a test" sends."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pwa.push.kinds import Facts, Reader, Words

NAME = _l("Uji coba")
TOPIC = "test"
URGENCY = "high"
QUIET = "bypass"
LIFE = timedelta(minutes=10)


def tag(facts: Facts) -> str:
    return "test"


def compose(reader: Reader, facts: Facts) -> Words:
    return Words(
        title=_("Kabar sampai di sini"),
        body=_("Ini percobaan, %(name)s. Kabar untukmu akan muncul seperti ini.", name=reader.name),
        path="/inbox",
        art="kawan",
        tone="sky",
    )
