"""What may not change while it runs: the rules of a draw (PP 132/2000, Permensos 4/2021)."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l

from pwa.errors import LoyaltyError
from pwa.program.schema import Program, Wheel


class DrawRuns(LoyaltyError):
    """A change to a wheel whose draw has begun and is not over."""

    code = "draw_runs"
    status = 409
    words = _l("Undian di roda %(wheel)s sedang berjalan, jadi aturannya tidak bisa diubah.")
    todo = _l("Ubah setelah %(last)s, atau biarkan roda ini seperti sekarang.")


def check(before: Program, after: Program, on: date) -> None:
    """Raise DrawRuns when `after` changes, adds to or drops a wheel whose draw runs on day `on`.

    Its name may be put right; slices, stocks, budgets, tickets and the draw itself may not.
    """
    for wheel in before.wheels:
        if wheel.draw and wheel.draw.runs(on) and _rules(wheel) != _rules(after.wheel(wheel.code)):
            raise DrawRuns(wheel=wheel.name.id, last=wheel.draw.ends_on.isoformat())


def _rules(wheel: Wheel | None) -> Wheel | None:
    return wheel and wheel.model_copy(update={"name": None})
