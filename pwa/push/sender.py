"""Posting sealed messages, many at a time. Knows push services, not the database.

What costs is sealing, about twice as much as all the rest together (docs/benchmarks-push.md).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from pwa.clock import now
from pwa.push import vapid, wire
from pwa.push.encryption import Sealer
from pwa.push.endpoints import is_allowed, without_secret
from pwa.push.parcels import Parcel
from pwa.push.verdict import TIMEOUT, Answer
from pwa.push.wire import Wires
from pwa.settings import Settings

log = logging.getLogger(__name__)
AT_ONCE = 64
ANSWER_WITHIN_S = 10
BATCH_WITHIN_S = 40  # well inside a lease: what has not begun by then is given back
TOO_LARGE = 413
FORBIDDEN = Answer(410)  # an address that we would not take today: as good as gone


class Sender:
    """Sends for one process; keeps connections, sealers and signed headers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._wires = Wires(ANSWER_WITHIN_S)
        self._sealers: dict[str, Sealer] = {}
        self._keys: dict[str, vapid.Key] = {}
        self._known: dict[str, bool] = {}

    async def send(self, parcels: Sequence[Parcel]) -> list[tuple[Parcel, Answer]]:
        """Post all, at most AT_ONCE at a time. Those that time ran out for are left out."""
        if parcels:
            self._keys = vapid.keys(self.settings)  # a rotation counts from the next batch
        todo = iter(parcels)
        answers: list[tuple[Parcel, Answer]] = []
        deadline = asyncio.get_running_loop().time() + BATCH_WITHIN_S

        async def post_some() -> None:
            for parcel in todo:
                if asyncio.get_running_loop().time() > deadline:
                    return
                answers.append((parcel, await self._send(parcel)))

        await asyncio.gather(*(post_some() for _ in range(min(AT_ONCE, len(parcels)))))
        return answers

    async def close(self) -> None:
        self._wires.close()
        await asyncio.sleep(0)  # the loop needs a turn to close them

    async def _send(self, parcel: Parcel) -> Answer:
        if not self._may_post(parcel.row.origin):
            return FORBIDDEN
        answer = await self._post(parcel, parcel.plaintext)
        if answer.status == TOO_LARGE:
            answer = await self._post(parcel, parcel.smaller())
        return answer

    async def _post(self, parcel: Parcel, plaintext: bytes) -> Answer:
        row = parcel.row
        ttl_s = ttl(row.expires_at, now())
        sealed = self._sealer(row.key_id).seal(plaintext, row.endpoint, row.p256dh, row.auth)
        headers = {**sealed.headers, "TTL": str(ttl_s), "Urgency": parcel.urgency}
        if parcel.topic:
            headers["Topic"] = parcel.topic
        asked = wire.request(row.origin, row.endpoint, headers, sealed.body)
        answer = await self._wires.post(asked)
        if answer.status == TIMEOUT:
            log.warning("no answer from %s", without_secret(row.endpoint))
        return answer

    def _may_post(self, origin: str) -> bool:
        """Whether the push service is (still) on the operator's list."""
        if origin not in self._known:
            self._known[origin] = is_allowed(f"{origin}/-", self.settings.push_hosts)
        return self._known[origin]

    def _sealer(self, key_id: str) -> Sealer:
        key = self._keys.get(key_id) or next(iter(self._keys.values()))
        known = self._sealers.get(key.id)
        if known is None or known.vapid.key is not key:
            known = self._sealers[key.id] = Sealer(key)
        return known


def ttl(expires_at: datetime, instant: datetime) -> int:
    """Whole seconds that the push service may keep trying; at least 1, as 0 is "now or never"."""
    return max(1, int((expires_at - instant).total_seconds()))
