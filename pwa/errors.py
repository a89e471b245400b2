"""Refusals we expect and can explain to a person. A bug is an AssertionError."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l


class LoyaltyError(Exception):
    """A refusal we expect and can explain to a member.

    `words` say what is, `todo` what to do next; both may name facts as %(name)s.
    """

    code = "refused"  # stable: the API and the logs use it
    status = 422
    words: Any = _l("Belum bisa.")
    todo: Any = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def title(self) -> str:
        """What is, in the reader's language."""
        return str(self.words) % self.facts

    @property
    def advice(self) -> str:
        """What to do next, in the reader's language; may be empty."""
        return str(self.todo) % self.facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}({facts})"


class NotFound(LoyaltyError):
    code = "not_found"
    status = 404
    words = _l("Tidak ketemu.")
    todo = _l("Mungkin sudah dipindah. Kembali ke Beranda, lalu cari dari sana.")


class NotAllowed(LoyaltyError):
    code = "not_allowed"
    status = 403
    words = _l("Halaman ini bukan untuk akunmu.")
    todo = _l("Masuk dengan akun yang berhak, atau kembali ke Beranda.")


class NotEnoughPoints(LoyaltyError):
    code = "not_enough_points"
    words = _l("Poinmu kurang %(missing)s.")
    todo = _l("Kerjakan misi hari ini, lalu coba lagi.")


class KeyReused(LoyaltyError):
    """The key named another movement: a replay with different content."""

    code = "key_reused"
    status = 409
    words = _l("Permintaan ini sudah pernah dipakai untuk hal lain.")
    todo = _l("Muat ulang halaman, lalu coba sekali lagi.")
