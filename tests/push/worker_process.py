"""A push worker in a process of its own, with leases short enough to be killed by the dozen:

python -m tests.push.worker_process SECONDS
"""

from __future__ import annotations

import signal
import sys
import threading
from datetime import timedelta

from pwa import create_app
from pwa.push.worker import Worker


def main(lease_s: float) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker = Worker(create_app(), lease=timedelta(seconds=lease_s))
    worker.start()
    stop.wait()
    worker.stop()


if __name__ == "__main__":
    main(float(sys.argv[1]))
