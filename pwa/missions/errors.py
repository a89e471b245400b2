"""What missions and streaks refuse, and what to do next."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from pwa.errors import LoyaltyError


class LateCheckIn(LoyaltyError):
    """An offline check-in that can't be put in its place any more."""

    code = "late_check_in"
    words = _l("Kunjungan ini terlambat dikirim.")
    todo = _l("Kunjungan tanpa sinyal bisa dikirim sampai 24 jam. Mampir lagi hari ini.")

    def __init__(self, why: str) -> None:
        super().__init__(why=why)
        self.code = why


class NoSwap(LoyaltyError):
    code = "no_swap"
    words = _l("Misi ini tidak bisa ditukar.")
    todo = _l("Tukar misi gratis sekali sehari, sebelum misinya dimulai.")


class NoRepair(LoyaltyError):
    """A missed day that points can't put right (any more)."""

    code = "no_repair"
    words = _l("Hari itu tidak bisa diperbaiki.")
    todo = _l("Mulai lagi hari ini. Runtun terpanjangmu tetap tersimpan.")

    def __init__(self, why: str) -> None:
        super().__init__(why=why)
        self.code = why


class NoPause(LoyaltyError):
    """Days off that can't be announced."""

    code = "no_pause"
    words = _l("Hari libur ini belum bisa dicatat.")
    todo = _l("Pilih hari ini atau sesudahnya, paling lama %(days)s hari.")

    def __init__(self, why: str, days: int) -> None:
        super().__init__(why=why, days=days)
        self.code = why


class BadDay(LoyaltyError):
    code = "bad_day"
    words = _l("Tanggalnya belum lengkap.")
    todo = _l("Isi tanggalnya, lalu kirim lagi.")
