"""How a movement of points is told: its title, its small print, its icon and its dye."""

from __future__ import annotations

from typing import Any, NamedTuple

from pwa import languages
from pwa.phrases import say as _
from pwa.program.schema import Text


class Look(NamedTuple):
    icon: str
    tone: str


LOOKS = {
    "welcome": Look("sparkles", "brand"),
    "purchase": Look("coffee", "brand"),
    "mission": Look("sun", "leaf"),
    "streak": Look("flame", "leaf"),
    "wheel": Look("loader-pinwheel", "sun"),
    "scratch": Look("ticket", "sun"),
    "quiz": Look("circle-help", "nila"),
    "redemption": Look("gift", "pink"),
    "expiry": Look("hourglass", "calm"),
    "refund": Look("undo-2", "calm"),
    "mission_returned": Look("undo-2", "calm"),
    "reversal": Look("undo-2", "calm"),
    "adjustment": Look("pencil", "sky"),
    "transfer": Look("send", "pink"),
    "campaign": Look("sparkles", "sun"),
    "birthday": Look("cake", "pink"),
    "referral": Look("users", "sun"),
}
PLAIN = Look("wallet", "calm")
WAITING = Look("hourglass", "sky")


def look(reason: str, state: str) -> Look:
    """The icon and dye of a movement; what is still waiting looks like waiting."""
    return WAITING if state == "wait" else LOOKS.get(reason, PLAIN)


def title(reason: str, facts: dict[str, Any]) -> str:
    """What moved the points, in the reader's language."""
    if given := facts.get("title"):
        return languages.text(Text.model_validate(given))
    if reason == "purchase" and "amount_rupiah" in facts:
        return _("Belanja %(amount)s", amount=languages.rupiah(facts["amount_rupiah"]))
    return _plain_title(reason)


def _plain_title(reason: str) -> str:
    return {
        "welcome": _("Hadiah selamat datang"),
        "purchase": _("Belanja"),
        "mission": _("Misi selesai"),
        "streak": _("Bonus hari beruntun"),
        "wheel": _("Roda harian"),
        "scratch": _("Kartu gosok"),
        "quiz": _("Kuis"),
        "redemption": _("Tukar hadiah"),
        "expiry": _("Poin hangus"),
        "refund": _("Barang kembali"),
        "reversal": _("Dibatalkan"),
        "adjustment": _("Perbaikan oleh toko"),
        "transfer": _("Kiriman poin"),
        "campaign": _("Bonus kampanye"),
        "birthday": _("Hadiah ulang tahun"),
        "referral": _("Ajak teman"),
    }.get(reason, _("Poin"))


def small_print(reason: str, state: str, facts: dict[str, Any]) -> str:
    """The second line: what kind of movement, or what it waits for."""
    if state == "wait":
        return _("Menunggu masa retur")
    if state == "void":
        return _("Dibatalkan")
    return {
        "mission": _("Misi"),
        "mission_returned": _("Belanjanya dikembalikan"),
        "streak": _("Misi"),
        "quiz": _("Kuis"),
        "redemption": _("Ditukar"),
        "purchase": _("Belanja"),
        "welcome": _("Bergabung"),
    }.get(reason, "")
