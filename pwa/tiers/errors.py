"""Why a perk can't be had now, and what to do next."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from pwa.errors import LoyaltyError, NotFound


class NoSuchPerk(NotFound):
    code = "no_such_perk"
    words = _l("Manfaat ini tidak ada di tingkatmu.")
    todo = _l("Lihat perbandingan tingkat untuk tahu siapa yang mendapatnya.")


class PerkUsedUp(LoyaltyError):
    code = "perk_used_up"
    status = 409
    words = _l("Jatahmu sudah terpakai.")
    todo = _l("Ada lagi mulai %(day)s.")


class NotYourBirthday(LoyaltyError):
    code = "not_your_birthday"
    words = _l("Belum waktunya.")
    todo = _l("Bisa diambil mulai %(day)s.")


class NoBirthday(LoyaltyError):
    code = "no_birthday"
    words = _l("Tanggal lahirmu belum diisi.")
    todo = _l("Isi dulu di Profil, Data dan tampilan.")


class BirthdayJustChanged(LoyaltyError):
    code = "birthday_just_changed"
    words = _l("Tanggal lahirmu baru diganti.")
    todo = _l("Hadiahnya bisa diambil lagi sesudah %(day)s.")


class FreezesFull(LoyaltyError):
    code = "freezes_full"
    words = _l("Jatah liburmu masih penuh.")
    todo = _l("Ambil lagi setelah ada yang terpakai.")


class BadGrant(LoyaltyError):
    code = "bad_grant"
    words = _l("Tingkat ini tidak bisa diberikan begitu.")
    todo = _l("Pilih tingkat di atas yang pertama, tanggal setelah hari ini, dan tulis alasannya.")
