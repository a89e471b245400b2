"""Home while a fan-out runs: its 95th percentile beside its quiet value."""

from __future__ import annotations

import statistics
import time
import urllib.request
from typing import Any

from benchmarks import push_fanout
from tests.browser.visitor import Visitor

REQUESTS = 200
EVERY_S = 0.05


def measure(app: Any, env: dict[str, str], sink_port: int) -> dict[str, Any]:
    """Start the pages, join, and ask for Home all the time: quiet, then while workers send."""
    url = f"http://127.0.0.1:{env['SETIA_PORT']}"
    with push_fanout.running(env, "web"):
        _wait(url)
        visitor = Visitor(url)
        answer = visitor.submit(
            "/join", "/join", name="Sari", phone="081299990001", password="rahasia-sekali"
        )
        assert answer.status == 303, answer.text[:500]
        _ask(visitor, 40)
        quiet = _p95(_ask(visitor, REQUESTS))
        busy = _p95(_while_sending(app, env, visitor))
    return {"quiet_p95_ms": quiet, "busy_p95_ms": busy, "ratio": round(busy / quiet, 2)}


def _while_sending(app: Any, env: dict[str, str], visitor: Visitor) -> list[float]:
    from pwa import outbox
    from pwa.db import only_reads
    from pwa.push import campaign_notices

    with push_fanout._many(env, 2) as workers:
        push_fanout._wait_idle(workers)
        with app.app_context():
            _forget_caps()
            only_reads(False)
            message = campaign_notices.Message("Menu baru, {nama}", "Coba hari ini.", "/rewards")
            campaign_notices.send(message, f"home-{time.time_ns()}")
            outbox.commit()
        time.sleep(0.5)
        return _ask(visitor, REQUESTS)


def _forget_caps() -> None:
    """One promotion a day is the rule; the benchmark sends its second."""
    from sqlalchemy import delete

    from pwa import outbox
    from pwa.db import db, only_reads
    from pwa.push.models import PromoSlot

    only_reads(False)
    db.session.execute(delete(PromoSlot))
    outbox.commit()


def _ask(visitor: Visitor, times: int) -> list[float]:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        answer = visitor.get("/")
        spent.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, answer.status
        time.sleep(EVERY_S)
    return spent


def _p95(spent: list[float]) -> float:
    return round(statistics.quantiles(spent, n=20)[-1], 1)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url + "/login", timeout=10)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the pages do not start")
