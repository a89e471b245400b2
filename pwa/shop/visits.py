"""A visit to an outlet: the code on its poster was scanned there. Callers commit.

The code is the shop's secret for one outlet, so nobody can write one; who photographs a poster
can still send it on. So a visit counts once a day and outlet, and at few outlets a day, and the
owner voids a poster that went around by another `visit_key` in the program file.
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from pwa import counters, outbox
from pwa.clock import program_day
from pwa.errors import LoyaltyError, NotFound
from pwa.members import fingerprints
from pwa.program import service as program
from pwa.program.schema import Outlet

OUTLETS_A_DAY = 3  # nobody has coffee in four places a day
MARK_CHARS = 16


class NoSuchPoster(NotFound):
    code = "no_such_poster"
    words = _l("Kode kunjungan ini tidak berlaku.")
    todo = _l("Pindai kode QR yang tergantung di toko.")


class TooManyVisits(LoyaltyError):
    code = "too_many_visits"
    words = _l("Hari ini kamu sudah mampir di %(most)s gerai.")
    todo = _l("Besok bisa lagi.")


def path(outlet: Outlet) -> str:
    """The address in the poster's code, without the shop's own host."""
    return f"/visits/{outlet.code}/{_mark(outlet)}"


def outlet_of(code: str, mark: str) -> Outlet:
    """The outlet whose poster says so. Raises NoSuchPoster."""
    found = program.current().outlet(code)
    if found is None or not fingerprints.same(mark, _mark(found)):
        raise NoSuchPoster()
    return found


def visit(member_id: int, code: str, mark: str) -> bool:
    """Count a visit, once a program day at each outlet; False when it was counted before.

    Raises NoSuchPoster, TooManyVisits.
    """
    outlet, on = outlet_of(code, mark), program_day()
    until_on = on + timedelta(days=2)
    if not counters.take(f"visit:{member_id}:{outlet.code}:{on}", 1, 1, until_on):
        return False
    if not counters.take(f"visits:{member_id}:{on}", 1, OUTLETS_A_DAY, until_on):
        raise TooManyVisits(most=OUTLETS_A_DAY)
    outbox.tell("outlet.visited", f"{member_id}:{outlet.code}:{on}", member_id, outlet=outlet.code)
    return True


def _mark(outlet: Outlet) -> str:
    return fingerprints.of("visit", outlet.code, str(outlet.visit_key))[:MARK_CHARS]
