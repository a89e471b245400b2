"""What playing refuses, and what to do next."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from pwa.errors import LoyaltyError, NotFound


class NoTicket(LoyaltyError):
    code = "no_ticket"
    words = _l("Putaranmu sudah dipakai.")
    todo = _l("Putaran gratis berikutnya mulai tengah malam.")


class WheelChanged(LoyaltyError):
    """The page shows another wheel than the one that would be spun."""

    code = "wheel_changed"
    status = 409
    words = _l("Rodanya baru saja diganti.")
    todo = _l("Muat ulang halaman, lalu putar. Putaranmu tidak hilang.")


class TooManyPlays(LoyaltyError):
    code = "too_many_plays"
    words = _l("Cukup dulu untuk hari ini.")
    todo = _l("Main lagi besok.")


class NoWheel(NotFound):
    code = "no_wheel"
    words = _l("Roda belum dipasang.")
    todo = _l("Lihat misi hari ini.")


class NoQuiz(NotFound):
    code = "no_quiz"
    words = _l("Hari ini belum ada kuis.")
    todo = _l("Lihat misi hari ini.")


class NoMoreAttempts(LoyaltyError):
    code = "no_more_attempts"
    words = _l("Kuis hari ini sudah dikerjakan.")
    todo = _l("Besok ada kuis baru.")


class BadAnswer(LoyaltyError):
    """Something that this question's form can't send."""

    code = "bad_answer"
    words = _l("Jawabannya belum dipilih.")
    todo = _l("Pilih jawaban, lalu kirim.")


class NotForSale(LoyaltyError):
    code = "ticket_not_for_sale"
    words = _l("Putaran tambahan tidak dijual.")
    todo = _l("Putaran gratis berikutnya mulai tengah malam.")


class TicketCap(LoyaltyError):
    code = "ticket_cap"
    words = _l("Jatah tukar putaran hari ini sudah habis.")
    todo = _l("Besok bisa lagi.")
