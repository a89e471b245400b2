"""What the catalogue and the till refuse, and what to do next."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from pwa.errors import LoyaltyError, NotFound


class NoSuchReward(NotFound):
    code = "no_such_reward"
    words = _l("Hadiah ini tidak ada lagi.")
    todo = _l("Lihat hadiah yang lain di katalog.")


class VoucherRefused(LoyaltyError):
    """The till must not hand anything over. `verdict` is the one large word."""

    status = 409
    verdict = _l("Tidak berlaku")


class NoSuchVoucher(VoucherRefused, NotFound):
    code = "no_such_voucher"
    status = 404
    verdict = _l("Tidak dikenal")
    words = _l("Voucher ini tidak dikenal.")
    todo = _l("Periksa hurufnya, atau pindai sekali lagi. Jangan serahkan barangnya.")


class SoldOut(LoyaltyError):
    code = "sold_out"
    status = 409
    words = _l("%(reward)s sudah habis.")
    todo = _l("Poinmu tidak terpotong. Pilih hadiah lain.")


class SoldOutToday(SoldOut):
    code = "sold_out_today"
    words = _l("%(reward)s habis untuk hari ini.")
    todo = _l("Poinmu tidak terpotong. Besok ada lagi.")


class LimitReached(LoyaltyError):
    code = "limit_reached"
    words = _l("Jatahmu untuk %(reward)s hari ini sudah diambil.")
    todo = _l("Poinmu tidak terpotong. Besok bisa lagi.")


class LimitReachedThisWeek(LimitReached):
    code = "limit_reached_week"
    words = _l("Jatahmu untuk %(reward)s minggu ini sudah diambil.")
    todo = _l("Poinmu tidak terpotong. Senin bisa lagi.")


class LimitReachedThisMonth(LimitReached):
    code = "limit_reached_month"
    words = _l("Jatahmu untuk %(reward)s bulan ini sudah diambil.")
    todo = _l("Poinmu tidak terpotong. Bulan depan bisa lagi.")


class LimitReachedForGood(LimitReached):
    code = "limit_reached_for_good"
    words = _l("Jatahmu untuk %(reward)s sudah diambil.")
    todo = _l("Poinmu tidak terpotong. Pilih hadiah lain.")


class NotYet(LoyaltyError):
    code = "not_yet"
    words = _l("%(reward)s baru bisa ditukar %(when)s.")
    todo = _l("Poinmu tidak terpotong. Kumpulkan dulu, nanti tukar.")


class Over(LoyaltyError):
    code = "reward_over"
    status = 409
    words = _l("%(reward)s sudah tidak bisa ditukar.")
    todo = _l("Poinmu tidak terpotong. Pilih hadiah lain.")


class TierTooLow(LoyaltyError):
    code = "tier_too_low"
    status = 403
    words = _l("%(reward)s untuk %(tier)s.")
    todo = _l("Lihat yang kurang di halaman tingkat.")


class AlreadyUsed(VoucherRefused):
    code = "already_used"
    verdict = _l("Sudah dipakai")
    words = _l("Voucher ini sudah dipakai.")
    todo = _l("Dipakai oleh %(staff)s di %(outlet)s: %(when)s. Jangan serahkan barangnya.")


class Expired(VoucherRefused):
    code = "voucher_expired"
    verdict = _l("Sudah lewat")
    words = _l("Voucher ini sudah lewat.")
    todo = _l("Berlaku sampai %(until)s. Jangan serahkan barangnya.")


class Cancelled(VoucherRefused):
    code = "voucher_cancelled"
    verdict = _l("Dibatalkan")
    words = _l("Voucher ini dibatalkan.")
    todo = _l("Jangan serahkan barangnya.")


class HeldElsewhere(VoucherRefused):
    code = "voucher_held"
    verdict = _l("Sedang dipakai")
    words = _l("Voucher ini sedang dipakai di kasir lain.")
    todo = _l("Tunggu sampai %(until)s, lalu pindai sekali lagi.")


class WrongOutlet(VoucherRefused):
    code = "voucher_wrong_outlet"
    verdict = _l("Bukan di sini")
    words = _l("Voucher ini untuk gerai lain.")
    todo = _l("Berlaku di %(outlets)s. Jangan serahkan barangnya.")


class NotNow(VoucherRefused):
    code = "voucher_not_now"
    verdict = _l("Belum waktunya")
    words = _l("Voucher ini belum bisa dipakai sekarang.")
    todo = _l("Bisa dipakai %(when)s. Jangan serahkan barangnya.")
