"""One round of delivering: lease, look, word, post, write down. For the worker and for `tick`."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app

from pwa import outbox
from pwa.clock import now
from pwa.db import only_reads
from pwa.push import gate, leases, parcels
from pwa.push.leases import LEASE
from pwa.push.parcels import Parcel
from pwa.push.sender import Sender
from pwa.push.verdict import Answer
from pwa.settings import Settings

BATCH = 200  # so many are sent twice at most when a worker is killed


def worker_name() -> str:
    """Whose lease it is: this thread of this process on this machine."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def load(worker: str, limit: int = BATCH, lease: timedelta = LEASE) -> tuple[list[Parcel], int]:
    """Lease and word a batch: what to post, and how many were taken. The caller commits."""
    instant = now()
    rows = leases.take(worker, instant, limit, lease)
    if not rows:
        return [], 0
    found = gate.sort(rows, instant)
    leases.end(worker, found.held, instant)
    return parcels.pack(found.passing, settings(), instant), len(rows)


def unload(worker: str, sent: Sequence[Parcel], answers: Sequence[tuple[Parcel, Answer]]) -> None:
    """Write down what became of a batch. The caller commits."""
    parcels.settle(worker, answers)
    answered = {parcel.row.id for parcel, _ in answers}
    unsent = [parcel.row.id for parcel in sent if parcel.row.id not in answered]
    if unsent:
        leases.give_back(worker, unsent, now())


def send_due(instant: datetime, limit: int) -> int:
    """One whole round, here and now; how many deliveries were looked at."""
    worker = worker_name()
    batch, taken = load(worker, max(limit, BATCH))
    outbox.commit()  # the lease must stand before anything leaves
    only_reads(False)
    if batch:
        answers = asyncio.run(_send_once(batch))
        unload(worker, batch, answers)
    return taken


async def _send_once(batch: Sequence[Parcel]) -> list[tuple[Parcel, Answer]]:
    sender = Sender(settings())
    try:
        return await sender.send(batch)
    finally:
        await sender.close()


def settings() -> Settings:
    found: Settings = current_app.config["SETIA"]
    return found
