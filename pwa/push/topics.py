"""What a member can switch on and off, in the order of the settings page."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


class Topic(NamedTuple):
    code: str
    title: Any
    text: Any


TOPICS = (
    Topic("points", _l("Poin masuk dan keluar"), _l("Bukti tiap belanja dan penukaran.")),
    Topic("rewards", _l("Voucher dan hadiah"), _l("Saat terbit, dan sebelum habis masanya.")),
    Topic("restock", _l("Stok yang kamu tunggu"), _l("Hanya barang yang kamu tunggu.")),
    Topic("birthday", _l("Ulang tahun"), _l("Sekali setahun, pukul 09.00.")),
    Topic("promo", _l("Poin ganda dan promo"), _l("Paling banyak sesuai batas di bawah.")),
    Topic(
        "expiry", _l("Poin yang akan hangus"), _l("Sekali jauh hari, sekali menjelang hari itu.")
    ),
    Topic("missions", _l("Misi dan runtun"), _l("Kalau tinggal sedikit lagi hari ini.")),
    Topic("tiers", _l("Tingkat kartu"), _l("Saat naik, dan sebelum turun.")),
)
# Not among the switches: these are about the account's safety, or were just asked for.
ALWAYS = ("security", "test", "digest")
CODES = tuple(topic.code for topic in TOPICS)
