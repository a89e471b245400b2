"""What `setia tick` does for push. Each is called until it returns 0.

Where a push worker runs (pwa/push/worker.py), it does all of this itself, and faster.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pwa.push import upkeep, worker
from pwa.push.planner import fan_out, plan_events, start_due
from pwa.push.rounds import send_due

Job = Callable[[datetime, int], int]


def _unless_worker(job: Job) -> Job:
    return lambda instant, limit: 0 if worker.is_running() else job(instant, limit)


JOBS = {
    "plan notices": _unless_worker(plan_events),
    "begin broadcasts": _unless_worker(start_due),
    "plan broadcasts": _unless_worker(fan_out),
    "send notices": _unless_worker(send_due),
    "forget old notices": upkeep.prune,
}
