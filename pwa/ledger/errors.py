"""What the ledger refuses, and says why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from pwa.errors import LoyaltyError


class NoPointsAccount(LoyaltyError):
    code = "no_points_account"
    status = 404
    words = _l("Member ini belum punya akun poin.")
    todo = _l("Daftarkan dulu sebagai member.")


class UnknownMovement(LoyaltyError):
    """No ledger transaction has the key that this one refers to."""

    code = "unknown_movement"
    status = 404
    words = _l("Catatan poin %(key)s tidak ketemu.")
    todo = _l("Periksa nomornya.")


class AlreadyReversed(LoyaltyError):
    code = "already_reversed"
    status = 409
    words = _l("Catatan poin ini sudah dibatalkan.")
    todo = _l("Tidak perlu dibatalkan lagi.")


class NotReversible(LoyaltyError):
    code = "not_reversible"
    words = _l("Catatan poin jenis ini tidak bisa dibatalkan.")
    todo = _l("Buat koreksi baru dengan alasannya.")


class MoreThanGiven(LoyaltyError):
    """More would be taken back, settled or released than was given or held."""

    code = "more_than_given"
    words = _l("Jumlahnya melebihi yang tersisa dari catatan ini.")
    todo = _l("Sisanya %(remaining)s. Periksa lagi jumlahnya.")


class NeedsSecondPerson(LoyaltyError):
    """A correction above the limit, with nobody else's approval."""

    code = "needs_second_person"
    status = 403
    words = _l("Koreksi di atas %(limit)s poin perlu persetujuan orang kedua.")
    todo = _l("Minta manajer atau pemilik lain menyetujuinya.")


class AlreadyDecided(LoyaltyError):
    """The proposed correction was approved or declined before."""

    code = "already_decided"
    status = 409
    words = _l("Usulan koreksi ini sudah diputuskan.")
    todo = _l("Buat usulan baru kalau masih perlu.")
